"""The networks of studies are those of sweeps; the inputs they are judged at."""

import numpy as np
import pytest
from training import FOUR_POINTS

from phase_diagram.datasets.problem import Problem
from phase_diagram.sweeps import sweep
from phase_diagram.two_layer import trained

GENERATOR = np.random.default_rng(2)
SPACE = Problem.from_features("space", GENERATOR.normal(size=(5, 8)), GENERATOR.normal(size=5))


@pytest.mark.parametrize("problem", [FOUR_POINTS, SPACE])
@pytest.mark.parametrize("point", [(0.5, 0.0), (1.5, -0.25)])
def test_the_same_network_as_in_a_sweep(problem, point):
    network = trained.train(problem, point, 300, 3, 1e-6)
    (swept,) = sweep.train(problem, [sweep.Network(*point, 300, 3)])
    assert network.relative_distance == swept.rd
    assert network.outcome.time == swept.time_normalised
    change = (network.final_w - network.w).norm()
    assert float(change) == pytest.approx(float(network.outcome.delta_w.norm()), rel=1e-6)


def test_grid_on_the_line_is_wider_than_the_data():
    new = trained.new_inputs(FOUR_POINTS)
    assert (new[:, 1] == 1).all()
    np.testing.assert_allclose(new[:, 0], np.linspace(-1.2, 1.2, 201), atol=1e-15)


def test_midpoints_in_space_lie_in_the_span():
    new = trained.new_inputs(SPACE)
    assert new.shape == (10, 9)
    np.testing.assert_allclose(new[0], (SPACE.inputs[0] + SPACE.inputs[1]) / 2)
    reduced, basis = trained.span(SPACE)
    assert basis.shape == (5, 9)
    np.testing.assert_allclose(new @ basis.T @ basis, new, atol=1e-12)
    np.testing.assert_allclose(reduced @ basis, SPACE.inputs, atol=1e-12)


def test_midpoints_are_not_too_many():
    many = Problem.from_features("many", GENERATOR.normal(size=(120, 2)), np.zeros(120))
    assert 500 < len(trained.new_inputs(many)) <= trained.MIDPOINTS


def test_a_single_sample():
    """On the line the grid leaves the span of the data, and the span is not reduced to them."""
    line = Problem.from_features("one", [[2.0]], [1.0])
    assert trained.span(line).basis.shape == (2, 2)
    assert len(np.unique(trained.new_inputs(line)[:, 0])) == 201
    space = Problem.from_features("one", [[2.0, 3.0]], [1.0])
    np.testing.assert_array_equal(trained.new_inputs(space), space.inputs)
