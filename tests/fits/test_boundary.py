import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sweeps import sweep

from phase_diagram.fits.boundary import COLUMNS, find_boundary
from phase_diagram.fits.slopes import fit_slopes
from phase_diagram.plane import theory

GAMMAS = np.round(0.5 + 0.1 * np.arange(16), 10)
NAN = math.nan


def table(slope, gamma=None, gamma_prime=0.0):
    gamma = np.arange(len(slope), dtype=float) if gamma is None else gamma
    return pd.DataFrame({"gamma": gamma, "gamma_prime": gamma_prime, "slope": slope})


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
    assert found["crossings"] == crossings
    assert found["theory"] == 1.0


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


# ---- errors, from the networks behind the slopes ---------------------------------------------

WIDTHS = (1000, 4000, 30_000)


def deviating(deviation, gammas=(1.0, 1.1), rows=(0.0,), seeds=3, steepness=1.5, crossing=1.04):
    """Networks with S_w = steepness (gamma - crossing) and log RD off by deviation(row, gamma).

    deviation gives an array (widths, seeds).
    """

    def relative_distance(gamma, row_of_plane, width, seed):
        off = np.broadcast_to(deviation(row_of_plane, gamma), (len(WIDTHS), seeds))
        slope = steepness * (gamma - crossing)
        return width**slope * math.exp(off[WIDTHS.index(width), seed])

    points = [(gamma, row_of_plane) for row_of_plane in rows for gamma in gammas]
    return sweep(relative_distance, points, WIDTHS, seeds)


def measured(networks):
    return find_boundary(fit_slopes(networks), networks)


@pytest.mark.parametrize("shared", [True, False])
def test_standard_error_is_the_scatter_between_experiments(shared):
    # Each row of the plane is an experiment of its own. `shared`: the neurons of a seed and width
    # make the same deviation at both grid points, which moves the crossing by more than two
    # independent deviations of that size would.
    generator = np.random.default_rng(3)
    size, experiments = 0.02, 400
    noise = {
        (row_of_plane, gamma): size * generator.standard_normal((len(WIDTHS), 3))
        for row_of_plane in range(experiments)
        for gamma in (1.0, 1.1)
    }
    found = measured(
        deviating(
            lambda row_of_plane, gamma: noise[row_of_plane, 1.0 if shared else gamma],
            rows=range(experiments),
        )
    )
    scatter = found["gamma"].std()
    x = np.log(WIDTHS)
    of_slope = size / np.sqrt(3 * np.sum((x - x.mean()) ** 2))
    # The crossing lies at 0.4 between the two.
    expected = of_slope / 1.5 * (1 if shared else np.hypot(0.6, 0.4))
    assert scatter == pytest.approx(expected, rel=0.1)
    # The variance is right on average; without the correction for three seeds it would be 2/3.
    variance = np.mean(found["gamma_standard_error"] ** 2)
    assert variance == pytest.approx(expected**2, rel=0.1)
    inside = (found["gamma_low"] < 1.04) & (found["gamma_high"] > 1.04)
    assert 0.85 < inside.mean() < 0.97
    assert (found["resampled_fraction"] == 1).all()


def test_without_scatter_the_error_is_zero_and_the_interval_a_point():
    networks = deviating(lambda row_of_plane, gamma: 0.0, gammas=(0.9, 1.0, 1.1), rows=(-0.5, 0.0))
    found = measured(networks)
    np.testing.assert_allclose(found["gamma_standard_error"], 0, atol=1e-12)
    crossings = found[["gamma", "gamma_low", "gamma_high"]]
    np.testing.assert_allclose(crossings, 1.04, rtol=0, atol=1e-12)


def test_errors_are_the_same_each_time_and_in_any_order_of_the_networks():
    noise = np.random.default_rng(1).standard_normal((len(WIDTHS), 3))
    networks = deviating(lambda row_of_plane, gamma: 0.02 * noise)
    first, second = measured(networks), measured(networks.sample(frac=1, random_state=0))
    assert (first["gamma_standard_error"] > 0).all()
    pd.testing.assert_frame_equal(first, measured(networks), check_exact=True)
    pd.testing.assert_frame_equal(first, second, rtol=1e-9)


def test_one_seed_has_no_error():
    found = measured(deviating(lambda row_of_plane, gamma: 0.0, seeds=1)).iloc[0]
    assert found["gamma"] == pytest.approx(1.04)
    errors = ["gamma_standard_error", "gamma_low", "gamma_high", "resampled_fraction"]
    assert found[errors].isna().all()
    assert find_boundary(table([-1.0, 1.0]))[errors].isna().all(axis=None)


def test_crossing_that_resamples_lose_has_no_error():
    # The crossing is at the grid's edge, and beyond it in half of the resamples.
    noise = 0.02 * np.random.default_rng(1).standard_normal((len(WIDTHS), 3))
    noise -= noise.mean(axis=1, keepdims=True)
    found = measured(deviating(lambda row_of_plane, gamma: noise, crossing=1.0999)).iloc[0]
    assert found["gamma"] == pytest.approx(1.0999)
    assert 0.4 < found["resampled_fraction"] < 0.7
    assert found[["gamma_standard_error", "gamma_low", "gamma_high"]].isna().all()


def test_row_without_a_crossing_has_no_errors_either():
    noise = 0.02 * np.random.default_rng(1).standard_normal((len(WIDTHS), 3))
    found = measured(deviating(lambda row_of_plane, gamma: noise, crossing=2.0)).iloc[0]
    assert found["crossings"] == 0
    assert found.drop(["gamma_prime", "theory", "crossings"]).isna().all()
