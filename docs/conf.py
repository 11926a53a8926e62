"""How the site of docs/ is built: `make docs`, which takes every warning for an error."""

import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # for the extensions below; the library is installed

project = "phase_diagram"
author = "The phase_diagram authors"
project_copyright = "The phase_diagram authors, MIT licence"
release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
version = release

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "docs.extensions.links",
    "docs.extensions.docstrings",
    "docs.extensions.pages",
]
exclude_patterns = ["_build", "_templates", "extensions"]
templates_path = ["_templates"]

# Pages refer to sections of each other by the anchors that a code host gives to headings.
myst_heading_anchors = 3
# $...$ and $$...$$, as a code host typesets them too. MathJax usually comes from a network; here it
# is the copy that Bokeh, the explorer's library, carries: docs/_static/mathematics.js calls it.
myst_enable_extensions = ["dollarmath"]
myst_update_mathjax = False
mathjax_path = "mathematics.js"
BOKEH = Path(str(find_spec("bokeh").origin)).parent / "server/static/js"  # type: ignore[union-attr]
# Dashes alone: the prime of gamma' is no apostrophe.
smartquotes_action = "D"
# An indented block is a formula, a command or what a command said: no language to be coloured.
highlight_language = "none"
# A name in a docstring; docs/extensions/docstrings.py says what becomes of it.
default_role = "py:obj"

autodoc_member_order = "bysource"
autodoc_default_options = {
    "members": True,
    "ignore-module-all": True,
    "exclude-members": "model_config",
}
autodoc_type_aliases = {"ArrayLike": "ArrayLike"}
autodoc_preserve_defaults = True
napoleon_google_docstring = False
# Types of parameters are said in words, "ndarray (n, d)", and are no references.
napoleon_use_param = False
napoleon_use_rtype = False
napoleon_attr_annotations = False
napoleon_custom_sections = [("Attributes", "params_style")]
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
# The library's own names must lead somewhere. Types of other libraries do not, as the site is built
# without a network and so without their inventories; neither do variables that stand for types.
nitpick_ignore_regex = [
    (
        r"py:.*",
        r"(bokeh|collections|contextlib|enum|matplotlib|numpy|os|pandas|pathlib|rich|torch|typer)\..*",
    ),
    (r"py:.*", r"pydantic(_core)?\..*"),
    (r"py:class", r"ArrayLike|NDArray|Tensor"),
    (r"py:.*", r"(pathlib\._local\.|_?typing\.|types\.).*"),
    (r"py:class", r"phase_diagram\.(two_layer\.equations\.passes\.Arrays|cli\.options\.Request)"),
]

html_theme = "furo"
html_title = f"phase_diagram {release}"
html_static_path = [
    "_static",
    *(str(BOKEH / f"{name}.min.js") for name in ("bokeh", "bokeh-mathjax")),
]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
