"""Training on a GPU against the same on the processor; skipped where torch sees no GPU."""

import numpy as np
import pytest
import torch

from phase_diagram.datasets.load import load
from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import InputError
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training
from phase_diagram.two_layer.native import fused
from phase_diagram.two_layer.trained import METHODS

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no GPU")

POINTS = ((0.5, 0.0), (0.75, -1.0), (1.0, 0.5), (1.0, 0.0), (1.5, -0.5), (1.75, 0.25), (1.5, -1.0))


def networks(width, points=POINTS, seeds=(0,)):
    return [sweep.Network(*point, width, seed) for point in points for seed in seeds]


def trained(problem, chosen, training=sweep.DEFAULT, **options):
    return {one.network: one for one in sweep.train(problem, chosen, training, **options)}


def random_problem(samples=45, dimension=60):
    generator = np.random.default_rng(2)
    features = generator.standard_normal((samples, dimension)) / dimension**0.5
    return Problem.from_features("random", features, generator.standard_normal(samples))


def assert_alike(found, expected, rd, steps=None):
    assert set(found) == set(expected)
    for network, result in expected.items():
        assert found[network].rd == pytest.approx(result.rd, rel=rd), network
        assert (found[network].status, found[network].reason) == (result.status, result.reason)
        assert steps is None or found[network].steps == pytest.approx(result.steps, abs=steps)
        assert found[network].condensation == pytest.approx(result.condensation, abs=5e-3)


def assert_as_on_the_processor(problem, chosen, training, steps=None):
    here, there = (trained(problem, chosen, training, device=device) for device in ("cpu", "cuda"))
    assert_alike(there, here, rd=1e-3, steps=steps)


@pytest.mark.parametrize(
    ("activation", "points"), [("relu", POINTS), ("tanh", ((0.5, 0.0), (0.75, 0.5)))]
)
def test_four_points_as_on_the_processor(activation, points):
    training = Training(activation=activation)
    assert_as_on_the_processor(load("four_points"), networks(1000, points), training)


def test_mnist_as_on_the_processor():
    try:
        problem = load("mnist")
    except InputError as error:
        pytest.skip(str(error))
    assert_as_on_the_processor(problem, networks(1000), Training(tolerance=1e-4), steps=2)


def test_more_samples_than_dimensions_as_on_the_processor():
    chosen = networks(800, POINTS[:4])
    assert_as_on_the_processor(random_problem(30, 5), chosen, Training(tolerance=1e-4))


def test_gradient_descent_as_on_the_processor():
    training = Training(method="gradient_descent", tolerance=1e-3)
    chosen = networks(200, POINTS[:1], (0, 1))
    assert_as_on_the_processor(load("four_points"), chosen, training)


@pytest.mark.parametrize("width", [300, 3 * 2**13])
def test_batches_as_single_networks(width):
    """At the second width the neurons are in shares."""
    problem, chosen = random_problem(), networks(width, POINTS[:5], (0, 1))
    training = Training(tolerance=1e-4)
    together = trained(problem, chosen, training, device="cuda")
    alone = trained(problem, chosen, training, device="cuda", batch_size=1)
    assert_alike(together, alone, rd=1e-6, steps=1)


def test_double_precision_on_the_device(monkeypatch):
    flow, seen = METHODS["gradient_flow"], []

    def watched(network, a, w, **options):
        for index, outcome in flow(network, a, w, **options):
            seen.extend([network.inputs, network.kappa, a, w, outcome.delta_a, outcome.delta_w])
            yield index, outcome

    monkeypatch.setitem(METHODS, "gradient_flow", watched)
    trained(random_problem(), networks(100), device="cuda")
    assert {(tensor.dtype, tensor.device.type) for tensor in seen} == {(torch.float64, "cuda")}


def test_out_of_memory_halves_the_batch():
    """For once in earnest: with 600 MB to them, sixteen networks of some 90 MB each do not fit."""
    problem, chosen = random_problem(), networks(2**14, POINTS[:4], (0, 1, 2, 3))
    training = Training(tolerance=1e-2)
    expected = trained(problem, chosen, training, device="cuda", batch_size=2)
    torch.cuda.empty_cache()
    share = (torch.cuda.memory_allocated() + 6e8) / torch.cuda.mem_get_info()[1]
    torch.cuda.set_per_process_memory_fraction(share)
    try:
        found = trained(problem, chosen, training, device="cuda", batch_size=16)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert_alike(found, expected, rd=1e-6, steps=1)


def test_fused_passes_as_plain_ones(monkeypatch):
    problem, chosen = random_problem(), networks(fused.SMALLEST_WIDTH, POINTS[:5])
    training = Training(tolerance=1e-4)
    monkeypatch.delenv("PHASE_DIAGRAM_COMPILE")
    built = trained(problem, chosen, training, device="cuda")
    assert not fused._failed
    monkeypatch.setenv("PHASE_DIAGRAM_COMPILE", "0")
    assert_alike(trained(problem, chosen, training, device="cuda"), built, rd=1e-6, steps=1)
