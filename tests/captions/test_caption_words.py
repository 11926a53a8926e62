"""Numbers as words, and tables as text that docutils understands."""

import doctest

import pandas as pd
import pytest
from docutils.core import publish_parts

from phase_diagram.captions import words


def test_examples():
    failed, tried = doctest.testmod(words)
    assert tried >= 4
    assert failed == 0


def test_a_standard_error_has_two_digits_and_the_value_as_many_places():
    assert words.plus_minus(-0.49188, 0.0176) == "-0.492 ± 0.018"
    assert words.plus_minus(1.0, 1e-12) == "1 ± 1e-12"
    assert words.plus_minus(0.25, float("nan")) == "0.25"


def test_a_table_is_one_and_special_characters_are_themselves():
    frame = pd.DataFrame({"a_b": ["x_", "*y*"], "value": [0.123456, float("nan")]})
    html = publish_parts(words.table(frame), writer="html")["body"]
    assert "problematic" not in html
    assert html.count("<tr>") == 3
    for text in ("x_", "*y*", "0.1235", "a b"):
        assert f">{text}</" in html


@pytest.mark.parametrize(("rows", "left"), [(45, 0), (50, 5)])
def test_of_a_long_table_the_first_rows_are_shown(rows, left):
    text = words.table(pd.DataFrame({"row": range(rows)}))
    assert text.count("* - ") == rows - left + 1
    assert (f"And {left} more rows" in text) == bool(left)


def test_an_empty_table_is_said_to_be_one():
    assert words.table(pd.DataFrame({"a": []})) == "The table is empty."
