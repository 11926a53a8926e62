"""Training many networks: seeds, order, batches, reduction and the scaling law itself."""

import math

import numpy as np
import pandas as pd
import pytest

from phase_diagram.datasets.load import load
from phase_diagram.datasets.problem import Problem
from phase_diagram.fits import slopes
from phase_diagram.plane import theory
from phase_diagram.sweeps import sweep
from phase_diagram.two_layer import trained
from phase_diagram.two_layer.start.neurons import draw

FOUR_POINTS = load("four_points")


def results_of(networks, problem=FOUR_POINTS, training=sweep.DEFAULT, **options):
    return {
        result.network: result for result in sweep.train(problem, networks, training, **options)
    }


def without_time(results):
    return {network: result._replace(seconds=0.0) for network, result in results.items()}


GRID = [
    sweep.Network(gamma, gamma_prime, width, seed)
    for gamma in (0.5, 1.25)
    for gamma_prime in (-0.5, 0.0)
    for width in (50, 120)
    for seed in (0, 3)
]


def test_bits_do_not_depend_on_order_or_company():
    together = without_time(results_of(GRID))
    assert set(together) == set(GRID)
    assert without_time(results_of(GRID[::-1])) == together
    for network in GRID[::5]:
        assert without_time(results_of([network])) == {network: together[network]}


def test_batches_agree_with_single_networks():
    """The path that a GPU takes, on the CPU."""
    single, batched = results_of(GRID), results_of(GRID, batch_size=5)
    for network in GRID:
        assert batched[network].rd == pytest.approx(single[network].rd, rel=1e-6)
        assert batched[network].steps == single[network].steps


def test_out_of_memory_halves_the_batch(monkeypatch):
    """A batch that does not fit is split, and every network is still trained once."""
    import torch

    flow, sizes = trained.METHODS["gradient_flow"], []

    def small_memory(network, a, w, **options):
        sizes.append(len(a))
        if len(a) > 3:
            raise torch.cuda.OutOfMemoryError("no memory")
        return flow(network, a, w, **options)

    monkeypatch.setitem(trained.METHODS, "gradient_flow", small_memory)
    results = list(sweep.train(FOUR_POINTS, GRID, batch_size=8))
    assert sorted(result.network for result in results) == sorted(GRID)
    assert max(sizes) == 8 and min(size for size in sizes if size) <= 2


def test_neurons_are_those_of_the_seed():
    """a first, then w row by row, in the full space, whatever the basis (docs/theory.md 9)."""
    generator = np.random.default_rng(5)
    a, w = generator.standard_normal(30), generator.standard_normal((30, 7))
    basis = np.linalg.qr(np.random.default_rng(0).normal(size=(7, 3)))[0].T
    neurons = draw(5, 30, basis)
    np.testing.assert_array_equal(neurons.a, a)
    np.testing.assert_allclose(neurons.w, basis @ w.T, rtol=1e-14)
    assert neurons.norm == pytest.approx(np.linalg.norm(w), rel=1e-14)


def test_neurons_drawn_in_blocks(monkeypatch):
    basis = np.eye(4)[:2]
    whole = draw(1, 101, basis)
    monkeypatch.setattr("phase_diagram.two_layer.start.neurons.BLOCK", 40)
    blocks = draw(1, 101, basis)
    np.testing.assert_array_equal(blocks.w, whole.w)
    assert blocks.norm == pytest.approx(whole.norm, rel=1e-15)


def test_dependent_inputs_are_reduced():
    """A column of zeros or a copy of a column changes only what never moves."""
    x = np.random.default_rng(0).normal(size=(8, 2))
    y = np.array([1.0, -1, 0.5, 0, 1, 0.2, -0.3, 0.8])
    plain, padded = (Problem.from_features("p", features, y) for features in
                     (x, np.column_stack([x, np.zeros((8, 4))])))  # fmt: skip
    network = sweep.Network(0.5, 0.0, 2000, 0)
    rd = [results_of([network], problem)[network].rd for problem in (plain, padded)]
    # Four dimensions of seven are frozen: RD falls by about sqrt(3 / 7), neurons being others.
    assert rd[1] / rd[0] == pytest.approx(math.sqrt(3 / 7), rel=0.1)


@pytest.mark.parametrize(
    "point", [(0.5, 0.0), (0.75, 0.5), (1.75, 0.0), (2.0, 0.5), (1.75, 0.25), (2.0, -1.0)]
)
def test_slopes_follow_the_closed_form(point):
    """A log-log slope over widths, away from the kinks; docs/theory.md section 5."""
    networks = [
        sweep.Network(*point, width, seed) for width in (500, 2000, 8000) for seed in (0, 1)
    ]
    rows = [
        {"experiment": "test", **result.network._asdict(), "rd": result.rd, "status": result.status}
        for result in results_of(networks).values()
    ]
    fit = slopes.fit_slopes(pd.DataFrame(rows)).iloc[0]
    assert fit["slope"] == pytest.approx(float(theory.exponent(*point)), abs=0.05)
