"""Train the network that a grid point is shown by, and follow its loss."""

import time
from functools import lru_cache
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from phase_diagram.activations import ACTIVATIONS
from phase_diagram.datasets.problem import Problem
from phase_diagram.flow.decay import Decay
from phase_diagram.flow.outcome import Outcome
from phase_diagram.observables import observables
from phase_diagram.training import Training
from phase_diagram.two_layer import gradient_descent, gradient_flow
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.start import neurons, quadrature
from phase_diagram.two_layer.start.ranges import has_room, scale
from phase_diagram.two_layer.trained import Trained, span

# Of descent: how often the loss is looked at.
LOOKS = 32


def train(
    problem: Problem, point: tuple[float, float], width: int, seed: int, training: Training
) -> tuple[Trained, NDArray[np.float64]] | None:
    """Train one network as the sweep does.

    Parameters
    ----------
    problem : Problem
    point : tuple of float
        gamma, gamma_prime.
    width, seed : int
    training : Training
        Its method, quadrature and options are those of the experiment.

    Returns
    -------
    Trained, ndarray (k, 2)
        The network; normalised time and loss R on the way, the end included. None where the
        scales leave the range of 64-bit floats: such a network is not trained.
    """
    nodes = training.quadrature
    kappa, kappa_prime = (scale(width, exponent) for exponent in point)
    if not has_room(kappa, kappa_prime, width / (nodes or width)):
        return None
    inputs, drawn = _start(problem, width, seed, nodes)
    a, w = torch.from_numpy(drawn.a)[None], torch.from_numpy(drawn.w)[None]
    share = None if nodes is None else torch.tensor([width / nodes], dtype=a.dtype)
    network = Network(
        torch.tensor(inputs),
        torch.tensor(problem.targets),
        torch.tensor([kappa], dtype=a.dtype),
        torch.tensor([kappa_prime], dtype=a.dtype),
        share,
        ACTIVATIONS[training.activation],
    )
    began = time.perf_counter()
    solve = _flow if training.method == "gradient_flow" else _descent
    outcome, losses = solve(network, a, w, training)
    seconds = time.perf_counter() - began
    moved = observables.relative_distance(outcome.delta_w, drawn.norm)
    return Trained(network, a, w, outcome, moved, seconds), np.array(losses)


@lru_cache(maxsize=1)
def _start(
    problem: Problem, width: int, seed: int, nodes: int | None
) -> tuple[NDArray[np.float64], neurons.Neurons]:
    """Inputs in their span, and initial neurons: the same at every point of the plane."""
    inputs, basis = span(problem)
    if nodes is None:
        return inputs, neurons.draw(seed, width, basis)
    return inputs, quadrature.nodes(seed, nodes, basis)


_Losses = list[tuple[float, float]]


def _flow(
    network: Network, a: torch.Tensor, w: torch.Tensor, training: Training
) -> tuple[Outcome, _Losses]:
    losses: _Losses = []

    def observe(_: int, moment: float, residual: torch.Tensor) -> None:
        losses.append((moment, observables.loss(residual)))

    ((_, outcome),) = gradient_flow.train(
        network, a, w, tolerance=training.tolerance, observe=observe
    )
    return outcome, losses


def _descent(
    network: Network, a: torch.Tensor, w: torch.Tensor, training: Training
) -> tuple[Outcome, _Losses]:
    """Descend, then once more at the rate that was found, halting to look at the loss."""
    tolerance = training.tolerance
    ((_, outcome),) = gradient_descent.train(
        network,
        a,
        w,
        tolerance=tolerance,
        **training.options(),  # type: ignore[arg-type]
    )
    losses: _Losses = [(0.0, _loss(network, a, w))]
    rate = outcome.time / outcome.steps if outcome.steps else 0.0
    looks = np.unique(np.linspace(0, outcome.steps, LOOKS).round().astype(int))
    for start, stop in pairwise(looks[:-1].tolist()):
        first_rate = rate * _largest_decay_rate(network, a, w)
        ((_, part),) = gradient_descent.train(
            network,
            a,
            w,
            tolerance=tolerance,
            first_rate=first_rate,
            step_limit=stop - start + 1,  # the kernel at its start counts as one
        )
        if part.steps != stop - start or not np.isclose(part.time, rate * part.steps):
            break  # rounding made it rise, or end, where it did not before
        a, w = a + part.delta_a, w + part.delta_w
        losses.append((rate * stop, observables.loss(part.residual)))
    losses.append((outcome.time, observables.loss(outcome.residual)))
    return outcome, losses


def _loss(network: Network, a: torch.Tensor, w: torch.Tensor) -> float:
    activation = network.sigma.value(network.preactivation(w))
    return observables.loss((network.initial_output(a, activation) - network.targets)[0])


def _largest_decay_rate(network: Network, a: torch.Tensor, w: torch.Tensor) -> float:
    activation, gate = network.sigma.function(network.preactivation(w))
    kernel = network.tangent_kernel(a, activation, gate)
    return float(Decay(kernel).rates.max())
