import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from made_sweeps import sweep

from phase_diagram.fits import bootstrap
from phase_diagram.fits.slopes import fit_slopes

WIDTHS = (300, 1000, 5000)
SEEDS = 3
POINTS = tuple((gamma, row) for row in (-0.5, 0.25) for gamma in (0.8, 1.0, 1.3))
GAMMAS = np.array([0.8, 1.0, 1.3])


def scattered(scatter=0.1):
    generator = np.random.default_rng(7)
    return sweep(
        lambda gamma, row, width, seed: (
            width ** (gamma + row) * math.exp(scatter * generator.normal())
        ),
        POINTS,
        WIDTHS,
        SEEDS,
    )


def resampled(networks):
    return dict(bootstrap.resampled_slopes(networks, GAMMAS))


def drawn_by_hand(networks, resample):
    """The table of networks of one resample, those drawn twice standing there twice."""
    counts = bootstrap.draw_counts(len(WIDTHS), SEEDS)[resample]
    times = [
        int(counts[WIDTHS.index(width), seed])
        for width, seed in zip(networks["width"], networks["seed"], strict=True)
    ]
    return networks.loc[networks.index.repeat(times)]


def test_counts_are_draws_with_replacement_for_each_width():
    counts = bootstrap.draw_counts(3, 4)
    assert counts.shape == (bootstrap.RESAMPLES, 3, 4)
    assert (counts.sum(2) == 4).all()
    # Each count is binomial: mean 1, variance 4 (1/4) (3/4).
    assert counts.mean(0) == pytest.approx(np.ones((3, 4)), abs=0.1)
    assert counts.var(0) == pytest.approx(np.full((3, 4), 0.75), rel=0.15)
    # Widths are drawn for independently.
    correlation = np.corrcoef(counts[:, :, 0].T)
    assert np.abs(correlation[np.triu_indices(3, 1)]).max() < 0.1
    np.testing.assert_array_equal(counts, bootstrap.draw_counts(3, 4))


@given(
    arrays.arrays(np.float64, (2, 5), elements=st.floats(-20, 20)),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_enlarged_deviations_keep_the_mean_and_restore_the_variance(log_rd, lost):
    log_rd[:, lost] = np.nan
    enlarged = bootstrap.enlarge_deviations(log_rd)
    there = np.isfinite(log_rd[0])
    if there.sum() < 2:
        assert np.isnan(enlarged).all()
        return
    np.testing.assert_array_equal(np.isfinite(enlarged), np.isfinite(log_rd))
    used, before = enlarged[:, there], log_rd[:, there]
    assert used.mean(1) == pytest.approx(before.mean(1), abs=1e-12)
    # What a draw with replacement scatters by is the variance over k, and the unbiased one over
    # k - 1 is wanted.
    assert used.var(1) == pytest.approx(before.var(1, ddof=1), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("missing", [[], [4], [0, 40]])
def test_slopes_are_those_of_the_resampled_tables(missing):
    # The same draw at all grid points, least squares as in fit_slopes, lost networks left out.
    networks = scattered()
    networks.loc[missing, "status"] = "step_limit"
    found = resampled(networks)
    keys = ["gamma", "gamma_prime", "width"]
    used = networks.assign(rd=networks["rd"].where(networks["status"] == "converged"))
    enlarged = used.copy()
    for _, group in used.groupby(keys):
        log_rd = bootstrap.enlarge_deviations(np.log(group["rd"].to_numpy()))
        enlarged.loc[group.index, "rd"] = np.exp(log_rd)
    for resample in (0, 1, 1234):
        expected = fit_slopes(drawn_by_hand(enlarged, resample))
        plane = expected.pivot(index="gamma_prime", columns="gamma", values="slope")
        for row, slopes in found.items():
            np.testing.assert_allclose(slopes[resample], plane.loc[row], atol=1e-10)


def test_point_with_unknown_scatter_has_no_slope_and_leaves_the_others():
    networks = scattered()
    alone = (networks["gamma"] == 1.0) & (networks["gamma_prime"] == -0.5)
    alone &= (networks["width"] == 1000) & (networks["seed"] > 0)
    networks.loc[alone, "status"] = "diverged"
    found, whole = resampled(networks), resampled(scattered())
    assert np.isnan(found[-0.5][:, 1]).all()
    np.testing.assert_array_equal(found[-0.5][:, [0, 2]], whole[-0.5][:, [0, 2]])
    np.testing.assert_array_equal(found[0.25], whole[0.25])


def test_width_without_networks_and_absent_points_are_left_out():
    networks = scattered()
    lost = (networks["gamma"] == 1.0) & (networks["width"] == 1000)
    networks.loc[lost, "rd"] = np.nan
    networks = networks[(networks["gamma"] != 1.3) | (networks["gamma_prime"] != 0.25)]
    found = resampled(networks)
    two_widths = fit_slopes(networks).pivot(index="gamma_prime", columns="gamma", values="slope")
    for row in (-0.5, 0.25):
        assert found[row][:, 1].mean() == pytest.approx(two_widths.loc[row, 1.0], abs=0.01)
    assert np.isnan(found[0.25][:, 2]).all()
    networks.loc[networks["width"] != 5000, "status"] = "step_limit"
    assert all(np.isnan(slopes).all() for slopes in resampled(networks).values())


def test_widths_beyond_the_integers_of_numpy():
    networks = scattered(scatter=0.01)
    networks["width"] = networks["width"].map({300: 10**3, 1000: 10**12, 5000: 10**24})
    expected = fit_slopes(networks)
    assert np.isfinite(expected["slope"]).all()
    for row, slopes in resampled(networks).items():
        known = expected.loc[expected["gamma_prime"] == row, "slope"]
        np.testing.assert_allclose(slopes.mean(0), known, atol=1e-3)
