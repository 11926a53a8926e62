"""The networks of studies are those of sweeps; the inputs they are judged at."""

import numpy as np
import pytest
import torch
from training import FOUR_POINTS

from phase_diagram.datasets.problem import Problem
from phase_diagram.sweeps import sweep
from phase_diagram.training import DESCENT, METHODS, Training
from phase_diagram.two_layer import trained

GENERATOR = np.random.default_rng(2)
SPACE = Problem.from_features("space", GENERATOR.normal(size=(5, 8)), GENERATOR.normal(size=5))


@pytest.mark.parametrize("problem", [FOUR_POINTS, SPACE])
@pytest.mark.parametrize("point", [(0.5, 0.0), (1.5, -0.25)])
def test_the_same_network_as_in_a_sweep(problem, point):
    for training in (Training(), Training(DESCENT, 1e-2, step_limit=200), Training(quadrature=64)):
        network = trained.train(problem, point, 300, 3, training)
        (swept,) = sweep.train(problem, [sweep.Network(*point, 300, 3)], training)
        assert network.relative_distance == swept.rd
        assert network.outcome.time == swept.time_normalised
        change = (network.final_w - network.w).norm()
        assert float(change) == pytest.approx(float(network.outcome.delta_w.norm()), rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_training_is_observed_from_its_start_to_its_end(method):
    """At the start and after each step; descent that begins again begins its time again."""
    training = Training(method, 3e-2, first_rate=8.0 if method == DESCENT else None)
    times, residuals = [], []

    def observe(index, moment, residual):
        assert index == 0
        if moment == 0.0:
            times.clear()
            residuals.clear()
        times.append(moment)
        residuals.append(residual.clone())

    network = trained.train(FOUR_POINTS, (0.5, 0.0), 50, 0, training, observe=observe)
    assert len(times) == network.outcome.steps + 1
    assert (np.diff(times) > 0).all() and times[-1] == network.outcome.time
    start = trained.output_at(network.network, network.a, network.w, network.network.inputs)
    torch.testing.assert_close(residuals[0], start - network.network.targets)
    assert torch.equal(residuals[-1], network.outcome.residual)
