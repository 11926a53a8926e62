import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sweeps import WIDTHS, sweep
from scipy import stats

from phase_diagram.fits.slopes import COLUMNS, DISTANCE_COLUMNS, fit_slopes, relative_distances
from phase_diagram.plane import theory

SEEDS = 3


@given(
    slope=st.floats(-3, 3),
    prefactor=st.floats(1e-9, 1e3),
    widths=st.lists(st.integers(2, 10**7), min_size=2, max_size=5, unique=True),
)
def test_exact_power_law_is_recovered(slope, prefactor, widths):
    table = sweep(lambda *point: prefactor * point[2] ** slope, widths=widths, seeds=2)
    fitted = fit_slopes(table).iloc[0]
    # Neighbouring widths magnify the rounding of the logarithms.
    rounding = 1e-14 * (50 + math.log(max(widths))) / math.log(max(widths) / min(widths))
    assert fitted["slope"] == pytest.approx(slope, abs=rounding)
    assert fitted["slope_standard_error"] == pytest.approx(0, abs=1e-6)


def test_standard_error_is_the_scatter_of_the_slope():
    generator = np.random.default_rng(5)
    true_slope, scatter = -0.7, 0.05
    points = [(float(i), 0.0) for i in range(800)]
    table = sweep(
        lambda gamma, gamma_prime, width, seed: (
            3.0 * width**true_slope * math.exp(scatter * generator.standard_normal())
        ),
        points,
    )
    fitted = fit_slopes(table)
    deviation = fitted["slope"] - true_slope

    log_width = np.log(np.repeat(WIDTHS, SEEDS))
    expected = scatter / np.sqrt(np.sum((log_width - log_width.mean()) ** 2))
    # 800 draws give a standard deviation to 2.5% (one sigma).
    assert deviation.std() == pytest.approx(expected, rel=0.1)
    assert np.sqrt(np.mean(fitted["slope_standard_error"] ** 2)) == pytest.approx(expected, rel=0.1)
    assert abs(deviation.mean()) < 4 * expected / np.sqrt(len(points))
    # And the error bars, one by one, cover the truth as often as they should.
    allowed = stats.t.ppf(0.95, df=len(log_width) - 2)
    covered = np.mean(deviation.abs() < allowed * fitted["slope_standard_error"])
    assert covered == pytest.approx(0.9, abs=0.04)


def test_every_converged_network_counts_the_same():
    # Unequal numbers of seeds per width: a fit of the means would give another slope.
    table = sweep(lambda gamma, gamma_prime, width, seed: width**0.5 * (1 + 0.5 * seed))
    table = table[~((table["width"] == 1000) & (table["seed"] > 0))]
    expected = np.polyfit(np.log(table["width"]), np.log(table["rd"]), 1)[0]
    assert fit_slopes(table)["slope"].item() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "step_limit"),
        ("status", "diverged"),
        ("rd", 0.0),
        ("rd", -1.0),
        ("rd", math.nan),
        ("rd", math.inf),
    ],
)
def test_unusable_networks_are_left_out_and_counted(column, value):
    table = sweep(lambda gamma, gamma_prime, width, seed: 2.0 * width**-0.25)
    table.loc[[2, 7], "rd"] = 1e3
    table.loc[[2, 7], column] = value
    fitted = fit_slopes(table).iloc[0]
    assert fitted["slope"] == pytest.approx(-0.25, abs=1e-12)
    assert (fitted["networks"], fitted["converged"]) == (12, 10)
    distances = relative_distances(table)
    assert list(distances["networks"]) == [3, 3, 3, 3]
    assert list(distances["converged"]) == [2, 3, 2, 3]
    assert distances["rd"].to_numpy() == pytest.approx(2.0 * np.array(WIDTHS) ** -0.25)


def test_one_width_left_gives_no_slope():
    table = sweep(lambda gamma, gamma_prime, width, seed: 1.0 + seed)
    table.loc[table["width"] != 1000, "status"] = "step_limit"
    fitted = fit_slopes(table).iloc[0]
    assert math.isnan(fitted["slope"]) and math.isnan(fitted["slope_standard_error"])
    assert (fitted["networks"], fitted["converged"]) == (12, 3)


def test_nothing_left_gives_a_row_without_a_slope():
    table = sweep(lambda *point: 1.0).assign(status="diverged")
    fitted = fit_slopes(table)
    assert len(fitted) == 1 and math.isnan(fitted["slope"].item())
    assert fitted["converged"].item() == 0
    assert relative_distances(table)["rd"].isna().all()


def test_two_networks_have_no_scatter_to_judge_by():
    fitted = fit_slopes(sweep(lambda *point: point[2] ** 0.5, widths=(100, 1000), seeds=1)).iloc[0]
    assert fitted["slope"] == pytest.approx(0.5, abs=1e-12)
    assert math.isnan(fitted["slope_standard_error"])


def test_rows_are_sorted_complete_and_independent_of_the_order_of_networks():
    points = [(gamma, row) for gamma in (2.0, 0.5, 1.0) for row in (0.5, -1.0)]
    table = sweep(lambda gamma, row, width, seed: width ** (gamma + row) * (1 + 0.1 * seed), points)
    fitted = fit_slopes(table)
    assert tuple(fitted.columns) == COLUMNS
    assert list(zip(fitted["gamma_prime"], fitted["gamma"], strict=True)) == sorted(
        (row, gamma) for gamma, row in points
    )
    assert fitted["slope"].to_numpy() == pytest.approx(fitted["gamma"] + fitted["gamma_prime"])
    assert fitted["theory"].to_numpy() == pytest.approx(
        theory.exponent(fitted["gamma"], fitted["gamma_prime"]), abs=0
    )
    # A table put together from parts repeats its index.
    shuffled = table.sample(frac=1, random_state=1)
    shuffled.index = np.zeros(len(shuffled), dtype=int)
    pd.testing.assert_frame_equal(fit_slopes(shuffled), fitted, rtol=1e-12)


def test_relative_distances_average_over_seeds():
    table = sweep(lambda gamma, gamma_prime, width, seed: width * (1.0 + seed), widths=(10, 100))
    distances = relative_distances(table.sample(frac=1, random_state=0))
    assert list(distances["width"]) == [10, 100]
    assert distances["rd"].to_numpy() == pytest.approx([20.0, 200.0])
    # Seeds give 1, 2, 3: standard deviation 1, over the root of three.
    assert distances["rd_standard_error"].to_numpy() == pytest.approx(
        np.array([10.0, 100.0]) / math.sqrt(3)
    )
    single = relative_distances(table[table["seed"] == 0])
    assert single["rd"].to_numpy() == pytest.approx([10.0, 100.0])
    assert single["rd_standard_error"].isna().all()


def test_condensation_is_averaged_over_the_converged_networks():
    table = sweep(lambda *point: 1.0, widths=(10, 100))
    assert tuple(relative_distances(table).columns) == DISTANCE_COLUMNS
    # Seeds have 1, 1/2 and 1/3.
    table.loc[(table["width"] == 100) & (table["seed"] == 2), "status"] = "step_limit"
    distances = relative_distances(table)
    assert distances["condensation"].to_numpy() == pytest.approx([11 / 18, 0.75])
    errors = [np.std([1, 1 / 2, 1 / 3], ddof=1) / math.sqrt(3), 0.25]
    assert distances["condensation_standard_error"].to_numpy() == pytest.approx(errors)


def test_widths_beyond_the_integers_of_numpy_are_fitted():
    widths = [10**3, 10**12, 10**24]
    table = sweep(lambda *point: float(point[2]) ** 0.125, widths=widths)
    assert table["width"].dtype == object
    assert fit_slopes(table)["slope"].item() == pytest.approx(0.125)
    assert relative_distances(table)["rd"].to_numpy() == pytest.approx(
        np.array(widths, dtype=float) ** 0.125
    )
