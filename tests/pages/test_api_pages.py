"""The pages of the library: every module stands on one of them, docstrings become what they say."""

import re
from pathlib import Path

import pytest

import phase_diagram
from docs.extensions.docstrings import converted, fields, marked_up
from docs.extensions.links import ROOT
from phase_diagram.parameters.experiment import Experiment

PACKAGE = Path(phase_diagram.__file__).parent


def modules() -> list[str]:
    """Give the modules of the library without the name of the package, that one left out."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(filter(None, found))


def test_every_module_stands_on_exactly_one_page():
    listed = [
        name
        for page in (ROOT / "docs/api").glob("*.rst")
        for name in re.findall(r"^   ([a-z_][\w.]*)$", page.read_text(), re.MULTILINE)
    ]
    assert sorted(listed) == modules()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("|a| |w|, 2 * f_", r"\|a\| \|w\|, 2 \* f\_"),
        ("S_w of `S_|w|`", "S_w of `S_|w|`"),
        ("docs/theory.md section 5", ":doc:`docs/theory.md </theory>` section 5"),
    ],
)
def test_text_means_itself(text, expected):
    assert marked_up(text) == expected


def test_a_formula_keeps_its_lines_and_sections_are_no_formulas():
    text = [
        "Sum:",
        "",
        "    |a|",
        "",
        "    |b|",
        "",
        "Then |c|.",
        "",
        "Returns",
        "-------",
        "float",
    ]
    text += ["    Of |d|."]
    lines = converted(text)
    start = lines.index("::")
    assert lines[start:].index("    |b|") == 4
    assert r"Then \|c\|." in lines
    assert r"    Of \|d\|." in lines
    assert lines.count("::") == 1


def test_fields_of_parameters_are_listed_with_what_is_accepted():
    lines = fields(Experiment)
    assert [line.split(" : ")[0] for line in lines if " : " in line] == list(
        Experiment.model_fields
    )
    assert "seeds : int, 3 if left out" in lines
    assert not [line for line in lines if "Validator" in line]
