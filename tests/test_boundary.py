import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram import theory
from phase_diagram.boundary import COLUMNS, find_boundary

GAMMAS = np.round(0.5 + 0.1 * np.arange(16), 10)
NAN = math.nan


def table(slope, gamma=None, gamma_prime=0.0, error=0.01):
    gamma = np.arange(len(slope), dtype=float) if gamma is None else gamma
    return pd.DataFrame(
        {
            "gamma": gamma,
            "gamma_prime": gamma_prime,
            "slope": slope,
            "slope_standard_error": error,
        }
    )


def row(slope, **how):
    return find_boundary(table(np.array(slope, dtype=float), **how)).iloc[0]


@given(crossing=st.floats(0.51, 1.99), steepness=st.floats(0.01, 10))
def test_zero_of_a_line_is_found_exactly(crossing, steepness):
    found = row(steepness * (GAMMAS - crossing), gamma=GAMMAS)
    assert found["gamma"] == pytest.approx(crossing, abs=1e-12)
    assert found["crossings"] == 1


def test_theory_gives_its_own_boundary():
    rows = np.round(np.arange(-10, 10) * 0.1, 10)
    gamma, gamma_prime = (axis.ravel() for axis in np.meshgrid(GAMMAS, rows))
    frame = table(theory.exponent(gamma, gamma_prime), gamma, gamma_prime)
    found = find_boundary(frame.sample(frac=1, random_state=3))
    assert tuple(found.columns) == COLUMNS
    assert list(found["gamma_prime"]) == list(rows)
    expected = np.where(rows <= 0, 1.0, 1.0 + rows)
    assert found["theory"].to_numpy() == pytest.approx(expected)
    assert found["gamma"].to_numpy() == pytest.approx(expected, abs=1e-12)
    assert (found["crossings"] == 1).all()


def test_standard_error_is_the_scatter_of_the_crossing():
    generator = np.random.default_rng(11)
    draws = 4000
    slope, error = np.array([-0.10, 0.05]), np.array([0.003, 0.005])
    frame = pd.DataFrame(
        {
            "gamma": np.tile([1.0, 1.1], draws),
            # Each draw is a row of its own.
            "gamma_prime": np.repeat(np.arange(draws, dtype=float), 2),
            "slope": (slope + error * generator.standard_normal((draws, 2))).ravel(),
            "slope_standard_error": np.tile(error, draws),
        }
    )
    found = find_boundary(frame)
    assert (found["crossings"] == 1).all()
    scatter = found["gamma"].std()
    # 4000 draws give it to 1.1% (one sigma); taking one of the two errors alone, or leaving out
    # the weights, is off by 20% and more.
    assert found["gamma_standard_error"].median() == pytest.approx(scatter, rel=0.05)
    assert found["gamma"].mean() == pytest.approx(1.0 + 0.1 * 2 / 3, abs=4 * scatter / draws**0.5)


def test_error_by_hand():
    # crossing = 0 + 3 / (3 + 1); its derivatives are 1/16 and 3/16 in size.
    found = row([-3, 1], error=np.array([0.4, 0.2]))
    assert found["gamma"] == pytest.approx(0.75)
    assert found["gamma_standard_error"] == pytest.approx(math.hypot(0.4 / 16, 0.6 / 16))


def test_unknown_error_leaves_the_crossing():
    found = row([-1, 1], error=np.array([0.1, NAN]))
    assert found["gamma"] == 0.5 and math.isnan(found["gamma_standard_error"])


@pytest.mark.parametrize(
    ("slope", "gamma", "crossings"),
    [
        ([-2, -1, -1, -3], NAN, 0),
        ([1, 2, 3], NAN, 0),
        ([2, 1, -1, -2], NAN, 0),  # downwards only
        ([-1], NAN, 0),
        ([-1, 0, 1], 1.0, 1),
        ([-1, 0, 0, 1], 1.0, 1),  # the first of the zeros
        ([-1, 0, -1], NAN, 0),  # touches
        ([-1, 0], NAN, 0),  # never positive
        ([0, 1], NAN, 0),  # never negative
        ([-1, 0, -1, 1], 2.5, 1),
        ([-1, NAN, 1], NAN, 0),
        ([-1, 0, NAN, 1], NAN, 0),
        ([NAN, -1, 1, NAN], 1.5, 1),
        ([NAN, NAN], NAN, 0),
        ([-1, NAN, -1, 1, 1], 2.5, 1),
        ([-1, 1, -1, 1], 2.5, 2),  # equally good: the last
        ([-1, 1, -1, -1, -1, 1, 1], 4.5, 2),  # a stray positive before
        ([-1, 1, 1, 1, 1, -1, 1], 0.5, 2),  # a stray negative after
    ],
)
def test_which_sign_change_counts(slope, gamma, crossings):
    found = row(slope)
    assert found["gamma"] == pytest.approx(gamma, nan_ok=True)
    assert math.isnan(found["gamma_standard_error"]) == math.isnan(gamma)
    assert found["crossings"] == crossings
    assert found["theory"] == 1.0


def test_error_at_an_exact_zero():
    # The line through (0, -2) and (1, 0) moves by 1/2 for each unit of its second slope.
    found = row([-2, 0, 5], error=np.array([0.7, 0.1, 0.7]))
    assert found["gamma_standard_error"] == pytest.approx(0.05)


def test_point_absent_from_the_table_is_not_interpolated_across():
    whole = pd.concat(
        [table([-1, -1, 1, 1], gamma_prime=0.0), table([-1, -1, 1, 1], gamma_prime=0.5)],
        ignore_index=True,
    )
    found = find_boundary(whole.drop(index=5))
    assert found["gamma"].to_numpy() == pytest.approx([1.5, NAN], nan_ok=True)
    assert list(found["crossings"]) == [1, 0]


def test_irregular_grid_is_interpolated_by_its_own_steps():
    found = row([-1, -1, 3], gamma=np.array([0.5, 0.6, 1.6]))
    assert found["gamma"] == pytest.approx(0.85)
