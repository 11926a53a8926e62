"""Decay rates and distances: the fits on made-up numbers, and small networks in two regimes."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from training import FOUR_POINTS

from phase_diagram.datasets.problem import Problem
from phase_diagram.studies import kernels

CHOSEN = SimpleNamespace(points=[[0.5, 0.0], [1.75, 0.0]], widths=[4000, 250, 1000], seeds=2)


@pytest.fixture(scope="module")
def tables():
    return kernels.measure(CHOSEN, problem=FOUR_POINTS, tolerance=1e-6)


def at(table, gamma, **values):
    for column, value in {"gamma": gamma, **values}.items():
        table = table[table[column] == value]
    return table


# ---- fits of distances ------------------------------------------------------------------------


def made_up(slope, seeds=3, widths=(100, 1000, 10_000)):
    return pd.DataFrame(
        [
            (0.5, 0.0, width, seed, "initial", 2 * width**slope * (1 + 0.01 * seed), "converged")
            for width in widths
            for seed in range(seeds)
        ],
        columns=list(kernels.TABLES["distances"]),
    )


def test_slope_of_distances():
    (fit,) = kernels.fit_distances(made_up(-0.4)).itertuples()
    assert fit.slope == pytest.approx(-0.4)
    assert 0 < fit.slope_standard_error < 0.01
    assert (fit.networks, fit.converged, fit.width) == (9, 9, 10_000)
    assert fit.distance == pytest.approx(2 * 10_000**-0.4 * 1.01)
    assert fit.distance_standard_error == pytest.approx(fit.distance * 0.01 / 1.01 / 3**0.5)


def test_what_did_not_converge_is_left_out():
    distances = made_up(-0.4)
    distances.loc[0, ["distance", "status"]] = 1e9, "step_limit"
    (fit,) = kernels.fit_distances(distances).itertuples()
    assert fit.slope == pytest.approx(-0.4, abs=0.01)
    assert (fit.networks, fit.converged) == (9, 8)


def test_one_width_has_no_slope():
    (fit,) = kernels.fit_distances(made_up(-0.4, seeds=1, widths=(100,))).itertuples()
    assert math.isnan(fit.slope) and math.isnan(fit.distance_standard_error)
    assert fit.distance == pytest.approx(2 * 100**-0.4)


# ---- networks ---------------------------------------------------------------------------------


def test_every_network_is_in_the_tables_and_the_widest_in_that_of_decay(tables):
    assert len(tables["distances"]) == 2 * 3 * 2 * 2
    assert len(tables["seconds"]) == 2 * 3 * 2 and (tables["seconds"]["seconds"] > 0).all()
    assert len(tables["modes"]) == 2 * 3 * 2 * 4
    decay = tables["decay"]
    assert set(decay["width"]) == {4000} and set(decay["seed"]) == {0}


def test_decay_begins_at_the_start_and_ends_below_the_tolerance(tables):
    for _, decay in tables["decay"].groupby("gamma"):
        modes = decay[decay["mode"] == 0]
        assert modes["index"].tolist() == list(range(len(modes)))
        assert modes["time_normalised"].iloc[0] == 0
        assert modes["time_normalised"].is_monotonic_increasing
        assert 0.25e-6 < modes["loss"].iloc[-1] < 0.5e-6
        # The modes are orthonormal: their amplitudes make up the residual.
        squares = (decay["amplitude"] ** 2).groupby(decay["index"]).sum()
        np.testing.assert_allclose(squares / 8, modes["loss"], rtol=1e-9)


def test_modes_decay_at_their_eigenvalues_in_the_linear_regime_alone(tables):
    linear = at(tables["modes"], 0.5, width=4000)
    assert linear["eigenvalue"].groupby(linear["seed"]).diff().dropna().lt(0).all()
    np.testing.assert_allclose(linear["ratio"], 1, atol=0.25)
    np.testing.assert_allclose(linear.loc[linear["mode"] == 0, "ratio"], 1, atol=0.02)
    np.testing.assert_allclose(linear["rate"] / linear["eigenvalue"], linear["ratio"])
    assert (at(tables["modes"], 1.75, width=4000)["ratio"] > 10).all()


def test_distances_fall_with_the_width_in_the_linear_regime_alone(tables):
    fits = tables["distance_fits"]
    assert fits["kernel"].tolist() == ["initial", "infinite"] * 2
    linear, condensed = at(fits, 0.5), at(fits, 1.75)
    initial = linear.iloc[0]
    assert initial["slope"] + 3 * initial["slope_standard_error"] < -0.1
    assert (linear["distance"] < 0.1).all()
    assert (condensed["slope"] > -0.05).all()
    assert (condensed["distance"] > 0.5).all()


def test_in_space():
    generator = np.random.default_rng(1)
    features, targets = generator.normal(size=(5, 7)), generator.normal(size=5)
    problem = Problem.from_features("space", features, targets)
    chosen = SimpleNamespace(points=((0.5, 0.5),), widths=(300, 3000), seeds=1)
    tables = kernels.measure(chosen, problem=problem, tolerance=1e-4)
    assert len(at(tables["modes"], 0.5, width=300)) == 5
    initial, _ = tables["distance_fits"].itertuples()
    assert initial.slope < -0.8
    np.testing.assert_allclose(at(tables["modes"], 0.5, width=3000)["ratio"], 1, atol=0.01)
