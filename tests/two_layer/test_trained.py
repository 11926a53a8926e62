"""The networks of studies are those of sweeps; the inputs they are judged at."""

import numpy as np
import pytest
from training import FOUR_POINTS

from phase_diagram.datasets import Problem
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training
from phase_diagram.two_layer import trained

GENERATOR = np.random.default_rng(2)
SPACE = Problem.from_features("space", GENERATOR.normal(size=(5, 8)), GENERATOR.normal(size=5))


@pytest.mark.parametrize("problem", [FOUR_POINTS, SPACE])
@pytest.mark.parametrize("point", [(0.5, 0.0), (1.5, -0.25)])
def test_the_same_network_as_in_a_sweep(problem, point):
    network = trained.train(problem, point, 300, 3, Training())
    (swept,) = sweep.train(problem, [sweep.Network(*point, 300, 3)])
    assert network.relative_distance == swept.rd
    assert network.outcome.time == swept.time_normalised
    change = (network.final_w - network.w).norm()
    assert float(change) == pytest.approx(float(network.outcome.delta_w.norm()), rel=1e-6)
