import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from phase_diagram.plane.theory import exponent
from phase_diagram.studies import local_slopes

WIDE = [10**power for power in (3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20)]
NARROW = [1000, 4642, 21544, 100_000]
POINTS = ((1.0, -0.25), (1.5, 0.0))
CHOSEN = SimpleNamespace(points=POINTS)
RATE = 0.25


def sweep(widths, noise, points=POINTS, seeds=3, contribution=0.4):
    """RD = m^S (1 + c (m / 1000)^-rate), its logarithm off by noise(width, seed)."""
    rows = []
    for gamma, gamma_prime in points:
        slope = float(exponent(gamma, gamma_prime))
        for width in widths:
            for seed in range(seeds):
                approach = 1 + contribution * (width / 1000) ** -RATE
                rd = float(width) ** slope * approach * np.exp(noise(width, seed))
                rows.append((gamma, gamma_prime, float(width), seed, rd))
    frame = pd.DataFrame(rows, columns=["gamma", "gamma_prime", "width", "seed", "rd"])
    return frame.assign(status="converged")


def silent(width, seed):
    return 0.0


@pytest.fixture(scope="module")
def noisy():
    generator = np.random.default_rng(5)
    offsets = 0.01 * generator.normal(size=3)
    random = sweep(NARROW, lambda width, seed: 0.01 * generator.normal())
    # A scrambling has the same nodes, and about the same error, at all widths.
    quadrature = sweep(WIDE, lambda width, seed: offsets[seed] + 1e-5 * generator.normal())
    return local_slopes.measure(CHOSEN, quadrature=quadrature, random=random)


def chosen(tables, source):
    found = tables["extrapolations"]
    return found[(found["source"] == source) & (found["chosen"] == 1)]


def test_there_is_a_slope_between_neighbours_and_one_chosen_form(noisy):
    counts = noisy["local_slopes"].groupby(["source", "gamma"]).size()
    assert (counts["quadrature"] == 11).all() and (counts["random"] == 3).all()
    assert (noisy["extrapolations"].groupby(["source", "gamma"])["chosen"].sum() == 1).all()


def test_local_slopes_are_those_between_neighbours():
    tables = local_slopes.measure(
        CHOSEN, quadrature=sweep(WIDE, silent), random=sweep(NARROW, silent)
    )
    first = tables["local_slopes"].iloc[0]
    assert (first["width_from"], first["width_to"]) == (1e3, 1e4)
    expected = np.log((1 + 0.4 * 10**-RATE) / 1.4) / np.log(10)
    assert first["slope"] == pytest.approx(expected, abs=1e-12)
    assert first["slope_standard_error"] == pytest.approx(0, abs=1e-12)


def test_quadrature_gives_the_exponent_within_its_uncertainty(noisy):
    found = chosen(noisy, "quadrature")
    assert list(found["which"]) == ["power", "power"]
    assert found["theory"].to_numpy() == pytest.approx([0.0, 0.25])
    off = (found["slope"] - found["theory"]).abs()
    assert (off < 3 * found["uncertainty"]).all()
    assert (found["uncertainty"] < 0.002).all()
    # The next power, c^2 m^-2 rate, makes the rate at finite widths a little larger.
    assert found["rate"].to_numpy() == pytest.approx([RATE, RATE], rel=0.1)
    assert (found["difference_of_forms"] == 0).all()


def test_narrow_widths_alone_say_little_and_say_so(noisy):
    found = chosen(noisy, "random")
    off = (found["slope"] - found["theory"]).abs()
    assert (off < 2 * found["uncertainty"]).all()
    assert (found["uncertainty"] > 0.02).all()
    assert (found["local_slopes"] == 3).all()
    assert found["change_without_narrowest"].isna().all()
    assert (found["difference_of_forms"] > 0).all()


def test_scramblings_are_compared_with_themselves_and_random_networks_are_not(noisy):
    # What is common to all widths of a scrambling moves no slope; of random neurons nothing is.
    local = noisy["local_slopes"].groupby("source")["slope_standard_error"].max()
    assert local["quadrature"] < 1e-4
    of_mean = 0.01 / np.sqrt(3)
    assert 0.3 < local["random"] / (of_mean * np.sqrt(2) / np.log(4.642)) < 3


def test_uncertainty_is_made_of_its_parts(noisy):
    found = noisy["extrapolations"]
    parts = found.filter(regex="^(standard_error|change_without|difference_of)")
    assert parts.shape[1] == 4
    expected = np.sqrt((parts**2).sum(axis=1, skipna=True))
    assert found["uncertainty"].to_numpy() == pytest.approx(expected.to_numpy())


def test_approach_linear_in_inverse_log_is_chosen_where_the_data_show_it():
    quadrature = sweep(WIDE, lambda width, seed: 0.8 * math.log(math.log(width)), contribution=0.0)
    tables = local_slopes.measure(CHOSEN, quadrature=quadrature, random=sweep(NARROW, silent))
    found = chosen(tables, "quadrature")
    assert list(found["which"]) == ["inverse_log", "inverse_log"]
    assert found["slope"].to_numpy() == pytest.approx([0.0, 0.25], abs=1e-9)


def test_one_seed_has_no_error_of_seeds():
    quadrature, random = sweep(WIDE, silent, seeds=1), sweep(NARROW, silent, seeds=1)
    tables = local_slopes.measure(CHOSEN, quadrature=quadrature, random=random)
    assert tables["local_slopes"]["slope_standard_error"].isna().all()
    found = tables["extrapolations"]
    assert found["standard_error_seeds"].isna().all()
    assert np.isfinite(found["uncertainty"]).all()


def test_lost_networks_are_left_out():
    quadrature, random = sweep(WIDE, silent), sweep(NARROW, silent)
    expected = local_slopes.measure(CHOSEN, quadrature=quadrature, random=random)
    lost = (quadrature["seed"] == 1) & (quadrature["width"] == 1e6)
    quadrature.loc[lost, ["rd", "status"]] = [1e9, "step_limit"]
    whole_width = random["width"] == 4642
    random.loc[whole_width & (random["gamma"] == 1.0), "status"] = "diverged"
    tables = local_slopes.measure(CHOSEN, quadrature=quadrature, random=random)
    for name in local_slopes.TABLES:
        of_quadrature = (
            frames[name][frames[name]["source"] == "quadrature"] for frames in (expected, tables)
        )
        pd.testing.assert_frame_equal(*of_quadrature, atol=1e-8)
    local = tables["local_slopes"]
    ends = local[(local["source"] == "random") & (local["gamma"] == 1.0)]
    assert list(ends["width_from"]) == [1000, 21544]
    # Two slopes are too few for the power.
    found = tables["extrapolations"].query("source == 'random' and gamma == 1.0")
    assert dict(zip(found["which"], found["chosen"], strict=True))["inverse_log"] == 1
    assert found.loc[found["which"] == "power", "slope"].isna().all()


def test_point_that_a_sweep_lacks_has_no_rows_of_it():
    random = sweep(NARROW, silent, points=POINTS[:1])
    tables = local_slopes.measure(CHOSEN, quadrature=sweep(WIDE, silent), random=random)
    for table in tables.values():
        assert set(table.loc[table["source"] == "random", "gamma"]) == {1.0}
        assert set(table.loc[table["source"] == "quadrature", "gamma"]) == {1.0, 1.5}
    nothing = local_slopes.measure(
        SimpleNamespace(points=((0.7, 0.7),)), quadrature=random, random=random
    )
    assert all(table.empty for table in nothing.values())
    for name, columns in local_slopes.TABLES.items():
        assert tuple(nothing[name].columns) == columns
