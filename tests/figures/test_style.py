import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram.figures.drawing.style import mathtext


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1000, "$1000$"),
        (0.0, "$0$"),
        (-3, "$-3$"),
        (31.6227766, "$31.62$"),
        (0.0447, "$0.04470$"),
        (1e5, "$10^{5}$"),
        (10**24, "$10^{24}$"),
        (123456, r"$1.235\times 10^{5}$"),
        (1e-9, "$10^{-9}$"),
    ],
)
def test_by_hand(value, expected):
    assert mathtext(value) == expected


@given(st.floats(1e-200, 1e200))
def test_four_digits_of_any_number(value):
    text = mathtext(value).strip("$")
    factor, written, power = text.partition("10^")
    if written:
        read = float(factor.replace(r"\times", "") or 1.0) * 10.0 ** int(power.strip("{}"))
    else:
        read = float(text)
    assert math.isclose(read, value, rel_tol=6e-4)
