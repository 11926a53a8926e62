"""Train one network of a problem and keep its neurons, and the inputs at which it is judged."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram.activations import ACTIVATIONS
from phase_diagram.datasets.problem import Problem
from phase_diagram.flow.outcome import Outcome
from phase_diagram.observables import observables
from phase_diagram.two_layer import gradient_flow
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.start import neurons
from phase_diagram.two_layer.start.ranges import scale
from phase_diagram.two_layer.start.reduction import Reduction, where_smaller

GRID = 201  # new inputs on the line
WIDENED = 0.1  # of the data's range, on either side
MIDPOINTS = 1000  # at most, where there is more than one input dimension
# What training took, a row per network: beside the tables of a study and in none of them, because
# a time differs between two runs.
SECONDS_COLUMNS = ("gamma", "gamma_prime", "width", "seed", "seconds")


@dataclass(frozen=True)
class Trained:
    """A network before and after training.

    Attributes
    ----------
    network : Network
        A batch of one.
    a, w : Tensor (1, m), (1, d, m)
        Neurons at the start, in the coordinates of `span`.
    outcome : Outcome
    relative_distance : float
        RD(theta_w).
    seconds : float
        Wall time of training.
    """

    network: Network
    a: Tensor
    w: Tensor
    outcome: Outcome
    relative_distance: float
    seconds: float

    @property
    def final_a(self) -> Tensor:
        """Output weights after training: (1, m)."""
        return self.a + self.outcome.delta_a

    @property
    def final_w(self) -> Tensor:
        """Input weights after training: (1, d, m)."""
        return self.w + self.outcome.delta_w


def is_line(problem: Problem) -> bool:
    """Whether the problem has one input dimension besides the bias."""
    return problem.inputs.shape[1] == 2


def span(problem: Problem) -> Reduction:
    """The inputs in the span that training can reach, and its basis; the identity on the line.

    On the line new inputs may lie outside the span of the data, if that is a single point.
    """
    if is_line(problem):
        return Reduction(problem.inputs, np.eye(2))
    return where_smaller(problem.inputs)


def new_inputs(problem: Problem) -> NDArray[np.float64]:
    """Inputs to compare functions at, bias included: (p, d).

    On the line an even grid over the data's range, widened by a fifth. Else the midpoints between
    pairs of training inputs (an even choice of them where there are many), which lie in the span.
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


def train(
    problem: Problem,
    point: tuple[float, float],
    width: int,
    seed: int,
    tolerance: float,
    *,
    activation: str = "relu",
    step_tolerance: float | None = None,
    observe: Callable[[int, float, Tensor], None] | None = None,
) -> Trained:
    """Train by gradient flow the network that a sweep names (gamma, gamma_prime, width, seed).

    Parameters
    ----------
    problem : Problem
    point : tuple of float
        (gamma, gamma_prime); kappa = width^-gamma, kappa' = width^-gamma_prime.
    width : int
        Number m of neurons.
    seed : int
        Which initial neurons.
    tolerance : float
        Mean squared error at which the network has converged.
    activation : str
        A key of `activations.ACTIVATIONS`.
    step_tolerance, observe
        Of `gradient_flow.train`.
    """
    inputs, basis = span(problem)
    initial = neurons.draw(seed, width, basis)
    a, w = torch.from_numpy(initial.a)[None], torch.from_numpy(initial.w)[None]
    kappa, kappa_prime = (
        torch.tensor([scale(width, exponent)], dtype=a.dtype) for exponent in point
    )
    data = torch.tensor(inputs), torch.tensor(problem.targets)
    network = Network(*data, kappa, kappa_prime, None, ACTIVATIONS[activation])
    began = time.perf_counter()
    ((_, outcome),) = gradient_flow.train(
        network, a, w, tolerance=tolerance, step_tolerance=step_tolerance, observe=observe
    )
    seconds = time.perf_counter() - began
    moved = observables.relative_distance(outcome.delta_w, initial.norm)
    return Trained(network, a, w, outcome, moved, seconds)
