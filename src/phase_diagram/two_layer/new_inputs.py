"""Test inputs, at which the functions of two networks are compared, and their span."""

from itertools import combinations, islice

import numpy as np
from numpy.typing import NDArray

from phase_diagram.datasets.problem import Problem
from phase_diagram.two_layer.start.reduction import Reduction, where_smaller

GRID = 201  # new inputs on the line
WIDENED = 0.1  # share of the data's range, on either side
MIDPOINTS = 1000  # at most, where there is more than one input dimension


def is_line(problem: Problem) -> bool:
    """Whether the problem has one input dimension besides the bias."""
    return problem.inputs.shape[1] == 2


def span(problem: Problem) -> Reduction:
    """The inputs reduced to the span that training can reach, and its basis.

    In one input dimension nothing is reduced, because test inputs may lie outside the span.
    """
    if is_line(problem):
        return Reduction(problem.inputs, np.eye(2))
    return where_smaller(problem.inputs)


def new_inputs(problem: Problem) -> NDArray[np.float64]:
    """Return the test inputs, bias included: (p, d).

    In one input dimension, an even grid over the data's range, widened by a fifth. Otherwise
    midpoints of pairs of training inputs (evenly selected if many), which lie in the span.
    """
    inputs = problem.inputs
    if is_line(problem):
        low, high = inputs[:, 0].min(), inputs[:, 0].max()
        margin = WIDENED * ((high - low) or 1.0)
        grid = np.linspace(low - margin, high + margin, GRID)
        return np.column_stack([grid, np.ones(GRID)])
    count = len(inputs) * (len(inputs) - 1) // 2
    if count == 0:
        return inputs
    pairs = islice(combinations(range(len(inputs)), 2), 0, None, -(-count // MIDPOINTS))
    first, second = np.array(list(pairs)).T
    return (inputs[first] + inputs[second]) / 2
