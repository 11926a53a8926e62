"""The pages of the library: every module has one, and docstrings become what they say."""

import pkgutil
from pathlib import Path

import pytest

import phase_diagram
from docs.extensions.docstrings import converted, fields, marked_up
from phase_diagram.parameters.experiment import Experiment


def test_every_module_is_found_for_a_page():
    """Sphinx looks in packages alone: a folder without __init__.py would have no page."""
    package = Path(phase_diagram.__file__).parent
    found = pkgutil.walk_packages(phase_diagram.__path__, "phase_diagram.")
    assert len(list(found)) == len(list(package.rglob("*.py"))) - 1


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
    text = "Sum:\n\n    |a|\n\n    |b|\n\nThen |c|.\n\nReturns\n-------\nfloat\n    Of |d|."
    lines = converted(text.splitlines())
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
