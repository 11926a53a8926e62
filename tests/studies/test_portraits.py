"""Portraits of small networks: columns, numbers, and what they say about the regimes."""

from types import SimpleNamespace

import numpy as np
import pytest
from training import FOUR_POINTS, draw, train

from phase_diagram.datasets.problem import Problem
from phase_diagram.studies import portraits
from phase_diagram.training import Training
from phase_diagram.two_layer import trained
from phase_diagram.two_layer.new_inputs import span

CHOSEN = SimpleNamespace(points=[[0.5, 0.0], [1, 0], [1.75, 0.0]], width=1000, seed=0)


@pytest.fixture(scope="module")
def tables():
    return portraits.measure(CHOSEN, problem=FOUR_POINTS, tolerance=1e-6)


def test_the_function_goes_through_the_data(tables):
    functions = tables["functions"]
    data = functions[functions["target"].notna()]
    assert len(data) == 3 * 4
    np.testing.assert_allclose(data["f_final"], data["target"], atol=3e-3)
    np.testing.assert_allclose(data["linear_spline"], data["target"], atol=1e-15)
    np.testing.assert_allclose(data["x"][:4], FOUR_POINTS.inputs[:, 0])
    assert (functions.groupby("gamma")["x"].diff().dropna() >= 0).all()


def test_the_function_before_training(tables):
    a, w = draw(1000, 2)
    first = tables["functions"][tables["functions"]["gamma"] == 0.5]
    points = np.column_stack([first["x"], np.ones(len(first))])
    expected = 1000**-0.5 * np.maximum(points @ w[0].numpy(), 0) @ a[0].numpy()
    np.testing.assert_allclose(first["f_initial"], expected, atol=1e-12)


def test_the_spline_ends_with_the_data(tables):
    functions = tables["functions"]
    within = functions["x"].between(-1, 1)
    assert functions["linear_spline"].notna().equals(within)
    middle = functions.loc[np.isclose(functions["x"], 0), "linear_spline"]
    np.testing.assert_allclose(middle, 0.1, atol=1e-12)


def test_neurons_are_those_of_the_network(tables):
    a, w = draw(1000, 2)
    outcome = train(FOUR_POINTS, 1.75, 0.0, a, w)
    neurons = tables["neurons"][tables["neurons"]["gamma"] == 1.75]
    assert neurons["index"].tolist() == list(range(1000))
    w = w[0].numpy()
    np.testing.assert_allclose(neurons["orientation_initial"], np.arctan2(w[1], w[0]))
    np.testing.assert_allclose(
        neurons["amplitude_initial"], np.abs(a[0].numpy()) * np.hypot(*w), rtol=1e-12
    )
    after = w + outcome.delta_w.numpy()
    expected = np.abs(a[0].numpy() + outcome.delta_a.numpy()) * np.hypot(*after)
    np.testing.assert_allclose(neurons["amplitude_final"], expected, rtol=1e-6, atol=1e-9)


def test_summary_tells_the_regimes_apart(tables):
    summary = tables["summary"].set_index("regime")
    assert list(summary.index) == ["linear", "critical", "condensed"]
    assert (summary["status"] == "converged").all()
    assert (summary["loss"] < 0.5e-6).all()
    assert summary["rd"].is_monotonic_increasing
    assert summary.loc["linear", "condensation_final"] < 0.04
    assert summary.loc["condensed", "condensation_final"] > 0.2
    # Condensed neurons have their kinks at the two inner data points.
    assert summary.loc["condensed", "orientations_final"] <= 6
    assert summary.loc["linear", "orientations_final"] > 30
    assert summary.loc["condensed", "spline_distance"] < 0.01
    assert summary.loc["linear", "spline_distance"] > 0.02
    assert summary.loc["linear", "kernel_distance"] < 0.1
    assert summary.loc["condensed", "kernel_distance"] > 0.2


def test_distances_are_those_of_the_functions(tables):
    functions = tables["functions"]
    grid = functions[functions["target"].isna() & functions["x"].between(-1, 1)]
    squares = (grid["f_final"] - grid["kernel_prediction"]) ** 2
    expected = np.sqrt(squares.groupby(grid["gamma"]).mean())
    np.testing.assert_allclose(tables["summary"]["kernel_distance"], expected)


def test_in_space_there_are_neurons_and_no_functions():
    generator = np.random.default_rng(5)
    features, targets = generator.normal(size=(5, 6)), generator.normal(size=5)
    problem = Problem.from_features("space", features, targets)
    chosen = SimpleNamespace(points=((1.0, 0.0),), width=50, seed=2)
    tables = portraits.measure(chosen, problem=problem, tolerance=1e-4)
    assert len(tables["functions"]) == 0
    network = trained.train(problem, (1.0, 0.0), 50, 2, Training(tolerance=1e-4))
    basis = span(problem).basis
    w = (basis.T @ network.w[0].numpy()).T  # in the full space
    ones = basis.T @ basis @ np.ones(7)
    cosine = w @ ones / np.linalg.norm(w, axis=1) / np.linalg.norm(ones)
    np.testing.assert_allclose(tables["neurons"]["orientation_initial"], cosine)
    (summary,) = tables["summary"].itertuples()
    assert np.isnan(summary.spline_distance)
    assert 0 < summary.kernel_distance < 10


def test_repeated_inputs_take_their_mean():
    problem = Problem.from_features("repeated", [[0.0], [1.0], [1.0], [2.0]], [0, 1, 3, 0])
    chosen = SimpleNamespace(points=[[0.5, 0.0]], width=100, seed=0)
    # No function goes through all of them: the tolerance is one that is met at the start.
    functions = portraits.measure(chosen, problem=problem, tolerance=100.0)["functions"]
    assert functions.loc[functions["x"] == 1.0, "linear_spline"].tolist() == [2.0] * 2
