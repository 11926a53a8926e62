"""The inputs that functions are compared at, and their span."""

import numpy as np
from training import FOUR_POINTS

from phase_diagram.datasets.problem import Problem
from phase_diagram.two_layer import new_inputs

GENERATOR = np.random.default_rng(2)
SPACE = Problem.from_features("space", GENERATOR.normal(size=(5, 8)), GENERATOR.normal(size=5))


def test_grid_on_the_line_is_wider_than_the_data():
    new = new_inputs.new_inputs(FOUR_POINTS)
    assert (new[:, 1] == 1).all()
    np.testing.assert_allclose(new[:, 0], np.linspace(-1.2, 1.2, 201), atol=1e-15)


def test_midpoints_in_space_lie_in_the_span():
    new = new_inputs.new_inputs(SPACE)
    assert new.shape == (10, 9)
    np.testing.assert_allclose(new[0], (SPACE.inputs[0] + SPACE.inputs[1]) / 2)
    reduced, basis = new_inputs.span(SPACE)
    assert basis.shape == (5, 9)
    np.testing.assert_allclose(new @ basis.T @ basis, new, atol=1e-12)
    np.testing.assert_allclose(reduced @ basis, SPACE.inputs, atol=1e-12)


def test_midpoints_are_not_too_many():
    many = Problem.from_features("many", GENERATOR.normal(size=(120, 2)), np.zeros(120))
    assert 500 < len(new_inputs.new_inputs(many)) <= new_inputs.MIDPOINTS


def test_a_single_sample():
    """On the line the grid leaves the span of the data, and the span is not reduced to them."""
    line = Problem.from_features("one", [[2.0]], [1.0])
    assert new_inputs.span(line).basis.shape == (2, 2)
    assert len(np.unique(new_inputs.new_inputs(line)[:, 0])) == 201
    space = Problem.from_features("one", [[2.0, 3.0]], [1.0])
    np.testing.assert_array_equal(new_inputs.new_inputs(space), space.inputs)
