"""Relative links as a code host has them, led to the pages and copies of the site.

A page links to what lies around it in the repository: `../params.yaml`, `../benchmarks/results.md`,
and README.md, which the site shows as a page of its own folder, links to `docs/theory.md`. Each
target is looked up from where the text was written, and given anew from where it is shown. Files
with a page in the site lead there, others to a copy. A target that is not there is left as it is,
and reported by MyST.
"""

import os
import re
from pathlib import Path, PurePosixPath
from typing import Any

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
SITE = "docs"
# Files outside docs/ that the site has as pages.
PAGES = {
    "README.md": "docs/project/readme.md",
    "CHANGELOG.md": "docs/project/changelog.md",
    "CONTRIBUTING.md": "docs/project/contributing.md",
    "benchmarks/results.md": "docs/project/benchmarks.md",
    "params.yaml": "docs/project/parameters.md",
}
LINK = re.compile(r"(?<=\]\()(?!#|[a-z][a-z+.-]*:)([^)\s#]+)")


def relinked(text: str, written_in: str, shown_in: str) -> str:
    """Give a page's text with the targets of its links as they are from where it is shown.

    Parameters
    ----------
    text : str
        Markdown.
    written_in, shown_in : str
        The file that has the text, and the page that shows it, from the root of the repository.
    """

    def target(link: re.Match[str]) -> str:
        file = os.path.normpath(PurePosixPath(written_in).parent / link[0])
        if not (ROOT / file).is_file():
            return link[0]
        page = PAGES.get(file, file)
        return Path(os.path.relpath(page, PurePosixPath(shown_in).parent)).as_posix()

    return LINK.sub(target, text)


def _read(app: Sphinx, name: str, text: list[str]) -> None:
    page = Path(app.env.doc2path(name))
    if page.suffix == ".md":
        shown_in = page.resolve().relative_to(ROOT).as_posix()
        text[0] = relinked(text[0], shown_in, shown_in)


def _include(app: Sphinx, path: Path, _parent: str, text: list[str]) -> None:
    written_in = os.path.normpath(PurePosixPath(SITE) / path.as_posix())
    shown_in = Path(app.env.doc2path(app.env.docname)).resolve().relative_to(ROOT).as_posix()
    text[0] = relinked(text[0], written_in, shown_in)


def setup(app: Sphinx) -> dict[str, Any]:
    """Rewrite links where a page is read, and where one is included."""
    app.connect("source-read", _read)
    app.connect("include-read", _include)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
