"""The closed-form exponent, the regimes and the boundary of docs/theory.md sections 2 and 5."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram.plane import theory

gammas = st.floats(0.5, 4.0)
gamma_primes = st.floats(-4.0, 4.0)
steps = st.floats(-1e-3, 1e-3)

# (gamma, gamma_prime, S_w), each within 0.003 of a slope measured near m = 1e10 or beyond.
MEASURED = [
    (0.75, -1.0, -0.25),
    (1.5, -1.0, 0.5),
    (1.75, -0.5, 0.625),
    (2.0, 0.0, 0.5),
    (1.0, 0.5, -1.0),
    (2.0, 0.5, 0.25),
    (1.25, 0.5, -0.5),
    (1.75, 0.0, 0.375),
    (1.5, -0.5, 0.5),
    (0.75, 0.0, -0.25),
]


@pytest.mark.parametrize(("gamma", "gamma_prime", "slope"), MEASURED)
def test_exponent_has_the_measured_values(gamma: float, gamma_prime: float, slope: float) -> None:
    assert float(theory.exponent(gamma, gamma_prime)) == pytest.approx(slope, abs=1e-12)


def test_exponent_does_not_depend_on_gamma_below_one_half() -> None:
    assert theory.exponent([0.0, 0.3, 0.5], [[-1.0], [0.25]]).tolist() == [
        [-0.5, -0.5, -0.5],
        [-1.0, -1.0, -1.0],
    ]


@given(gammas, gamma_primes, steps, steps)
def test_exponent_is_continuous(g: float, gp: float, dg: float, dgp: float) -> None:
    jump = abs(float(theory.exponent(g + dg, gp + dgp)) - float(theory.exponent(g, gp)))
    assert jump <= 2.0 * (abs(dg) + abs(dgp)) + 1e-12


@given(st.integers(-4000, 4000))
def test_exponent_is_exactly_zero_on_the_boundary(thousandths: int) -> None:
    gamma_prime = thousandths / 1000
    gamma = theory.boundary(gamma_prime)
    assert float(theory.exponent(gamma, gamma_prime)) == 0.0
    assert theory.regime(float(gamma), gamma_prime) == "critical"


@given(gammas, gamma_primes)
def test_sign_of_the_exponent_agrees_with_the_regime(gamma: float, gamma_prime: float) -> None:
    slope = float(theory.exponent(gamma, gamma_prime))
    match theory.regime(gamma, gamma_prime):
        case "linear":
            assert slope < 0.0
        case "condensed":
            assert slope > 0.0
        case name:
            assert name == "critical"
            assert abs(slope) <= 2.0 * theory.TOLERANCE


def test_regime_follows_the_paper() -> None:
    # Luo et al.: condensed where gamma > 1 and gamma_prime < gamma - 1.
    assert theory.regime(0.9, -1.0) == "linear"
    assert theory.regime(1.5, 0.6) == "linear"
    assert theory.regime(1.5, 0.4) == "condensed"
    assert theory.regime(1.01, 0.0) == "condensed"


def test_only_the_boundary_itself_is_critical() -> None:
    assert theory.regime(1.0 + 3 * 0.1, 0.3) == "critical"  # 1.3 and a rounding error
    assert theory.regime(1.0 + 1e-8, -0.5) == "condensed"
    assert theory.regime(1.0 - 1e-8, -0.5) == "linear"


def test_regime_of_scalars_is_str_and_of_arrays_an_array() -> None:
    assert type(theory.regime(1.0, 0.0)) is str
    plane = theory.regime([0.5, 1.0, 2.0], [[0.0], [1.0]])
    assert isinstance(plane, np.ndarray)
    assert plane.tolist() == [["linear", "critical", "condensed"], ["linear", "linear", "critical"]]


@pytest.mark.parametrize("point", [(math.nan, 0.0), (1.5, math.nan), (math.nan, math.nan)])
def test_nan_is_neither_a_slope_nor_a_regime(point: tuple[float, float]) -> None:
    assert math.isnan(theory.exponent(*point))
    assert theory.regime(*point) == "undefined"
    assert np.isnan(theory.boundary([0.0, math.nan])).tolist() == [False, True]
    assert theory.kinks(math.nan) == ()


def test_boundary_has_its_corner_at_one_zero() -> None:
    assert theory.boundary([-1.0, -0.1, 0.0, 0.25, 1.0]).tolist() == [1.0, 1.0, 1.0, 1.25, 2.0]


@given(st.integers(-300, 300))
def test_kinks_are_where_second_differences_of_the_exponent_do_not_vanish(hundredths: int) -> None:
    gamma_prime = hundredths / 100
    # Steps of 2^-8 are exact; an even number of them leads from 0 to each kink that could be.
    step = 2.0**-8
    gamma = np.arange(-2.0, 6.0, step)
    exponent = theory.exponent(gamma, gamma_prime)
    bends = np.abs(np.diff(exponent, 2)) > 1e-9
    found = theory.kinks(gamma_prime)
    assert list(found) == sorted(set(found))
    # A kink between two grid values bends the exponent at both of them.
    near = np.any([np.abs(gamma[1:-1] - kink) < step * (1 - 1e-9) for kink in found], axis=0)
    np.testing.assert_array_equal(bends, near)


def test_wedges_of_the_plane() -> None:
    names = theory.wedge(
        [0.7, 0.7, 1.5, 1.5, 1.5, 1.5, 1.0, math.nan], [-1.0, 1.0, 0.6, 0.4, -0.4, -0.6, -0.1, 0]
    )
    assert names.tolist() == [
        *("lazy", "lazy", "linear_upper", "condensed_joint", "condensed_joint"),
        *("condensed_input", "condensed_input", "undefined"),
    ]
    assert str(theory.wedge(1.2, 0.0)) == "condensed_joint"
    assert str(theory.wedge(1.0 + 3 * 0.1 - 0.3, -0.5)) == "condensed_input"  # 1 but for rounding


@given(gammas, gamma_primes, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_exponent_is_linear_within_a_wedge(g: float, gp: float, dg: float, dgp: float) -> None:
    # Along gamma_prime the lazy wedge bends at 0; kinks() is about rows.
    start, end = (g, gp), (g + dg, gp + dgp)
    middle = (g + dg / 2, gp + dgp / 2)
    names = {str(theory.wedge(*point)) for point in (start, middle, end)}
    one_side = gp * (gp + dgp) >= 0
    if len(names) == 1 and g + dg >= 0.5 and (names != {"lazy"} or one_side):
        mean = (float(theory.exponent(*start)) + float(theory.exponent(*end))) / 2
        assert float(theory.exponent(*middle)) == pytest.approx(mean, abs=1e-12)
