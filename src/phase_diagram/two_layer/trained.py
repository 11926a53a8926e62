"""The one place where networks of a problem are set up and trained, and what is kept of one.

A network is named by (gamma, gamma_prime, width, seed). A sweep trains batches of them and keeps
numbers; what looks at single networks, their functions and neurons, trains them one by one.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram.activations import ACTIVATIONS
from phase_diagram.datasets.problem import Problem
from phase_diagram.flow.outcome import Observe, Outcome
from phase_diagram.observables import observables
from phase_diagram.training import DESCENT, FLOW, Method, Training
from phase_diagram.two_layer import gradient_descent, gradient_flow
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.new_inputs import span
from phase_diagram.two_layer.start import neurons, quadrature
from phase_diagram.two_layer.start.neurons import Neurons
from phase_diagram.two_layer.start.ranges import has_room, scale

METHODS: dict[Method, Callable[..., Iterator[tuple[int, Outcome]]]] = {
    FLOW: gradient_flow.train,
    DESCENT: gradient_descent.train,
}

# What training took, a row per network: beside the tables of a study and in none of them, because
# a time differs between two runs.
SECONDS_COLUMNS = ("gamma", "gamma_prime", "width", "seed", "seconds")
# Elements of a (p, slice) array of new inputs and neurons: little memory, whatever the width.
SLICE_ELEMENTS = 2**18


def scales(point: tuple[float, float], width: int) -> tuple[float, float]:
    """Give kappa = width^-gamma and kappa' = width^-gamma_prime."""
    gamma, gamma_prime = point
    return scale(width, gamma), scale(width, gamma_prime)


def in_range(point: tuple[float, float], width: int, training: Training) -> bool:
    """Say whether 64-bit floats have room for the scales of a network; else it is not trained."""
    return has_room(*scales(point, width), width / (training.quadrature or width))


def draw(seed: int, width: int, basis: NDArray[np.float64], training: Training) -> Neurons:
    """Draw initial neurons: random ones, or those of a quadrature that stand for them."""
    if training.quadrature is None:
        return neurons.draw(seed, width, basis)
    return quadrature.nodes(seed, training.quadrature, basis)


class Placed(NamedTuple):
    """Initial neurons, as in `Neurons`, on the device: networks of a seed share them."""

    a: Tensor
    w: Tensor
    norm: float


def place(initial: Neurons, device: torch.device) -> Placed:
    """Bring initial neurons to the device; on the CPU nothing is copied."""
    a, w = (torch.from_numpy(values).to(device) for values in (initial.a, initial.w))
    return Placed(a, w, initial.norm)


def set_up(
    data: tuple[Tensor, Tensor],
    initial: Sequence[Neurons | Placed],
    pairs: Sequence[tuple[float, float]],
    width: int,
    training: Training,
) -> tuple[Network, Tensor, Tensor]:
    """Set up a batch of networks of one width.

    Parameters
    ----------
    data : tuple of Tensor
        Inputs (n, d) and targets (n,), on the device on which to train.
    initial : sequence of Neurons or Placed
        Those of each network, see `draw` and `place`.
    pairs : sequence of (kappa, kappa')
        Of each network.
    width : int
        Number m of neurons that the initial ones are or stand for.
    training : Training

    Returns
    -------
    network : Network
    a, w : Tensor (B, m), (B, d, m)
    """
    device = data[0].device
    a = _together([torch.as_tensor(each.a, device=device) for each in initial])
    w = _together([torch.as_tensor(each.w, device=device) for each in initial])
    kappa, kappa_prime = (
        torch.tensor(values, dtype=a.dtype, device=device) for values in zip(*pairs, strict=True)
    )
    multiplicity = None
    if training.quadrature is not None:
        multiplicity = torch.full_like(kappa, width / training.quadrature)
    sigma = ACTIVATIONS[training.activation]
    return Network(*data, kappa, kappa_prime, multiplicity, sigma), a, w


def solve(
    network: Network,
    a: Tensor,
    w: Tensor,
    training: Training,
    *,
    step_tolerance: float | None = None,
    observe: Observe | None = None,
) -> Iterator[tuple[int, Outcome]]:
    """Train a batch of networks by the method and to the tolerance of `training`.

    Parameters
    ----------
    network, a, w
        From `set_up`.
    training : Training
    step_tolerance : float, optional
        Of the flow, see `gradient_flow.train`.
    observe : callable, optional
        See `flow.outcome.Observe`.

    Yields
    ------
    index, outcome : int, Outcome
        As networks end.
    """
    options: dict[str, float | int] = training.options()
    if step_tolerance is not None:
        options["step_tolerance"] = step_tolerance
    method = METHODS[training.method]
    yield from method(network, a, w, tolerance=training.tolerance, observe=observe, **options)


def _together(arrays: list[Tensor]) -> Tensor:
    if len(arrays) == 1:  # a million neurons need not be copied
        return arrays[0][None]
    return torch.stack(arrays)


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


def train(
    problem: Problem,
    point: tuple[float, float],
    width: int,
    seed: int,
    training: Training,
    *,
    step_tolerance: float | None = None,
    observe: Observe | None = None,
) -> Trained:
    """Train the network that a sweep names (gamma, gamma_prime, width, seed), and keep all of it.

    Parameters
    ----------
    problem : Problem
    point : tuple of float
        (gamma, gamma_prime), whose scales have to be `in_range`.
    width : int
        Number m of neurons.
    seed : int
        Which initial neurons.
    training : Training
    step_tolerance, observe
        Of `solve`.
    """
    inputs, initial = _start(problem, seed, width, training)
    data = torch.tensor(inputs), torch.tensor(problem.targets)
    network, a, w = set_up(data, [initial], [scales(point, width)], width, training)
    began = time.perf_counter()
    ((_, outcome),) = solve(network, a, w, training, step_tolerance=step_tolerance, observe=observe)
    seconds = time.perf_counter() - began
    moved = observables.relative_distance(outcome.delta_w, initial.norm)
    return Trained(network, a, w, outcome, moved, seconds)


@lru_cache(maxsize=1)
def _start(
    problem: Problem, seed: int, width: int, training: Training
) -> tuple[NDArray[np.float64], Neurons]:
    """Inputs in their span, and initial neurons: the same at every point of the plane."""
    inputs, basis = span(problem)
    return inputs, draw(seed, width, basis, training)


def output_at(network: Network, a: Tensor, w: Tensor, points: Tensor) -> Tensor:
    """f at inputs other than those it is trained on.

    Parameters
    ----------
    network : Network
        A batch of one.
    a, w : Tensor (1, m), (1, d, m)
    points : Tensor (p, d)

    Returns
    -------
    Tensor (p,)
    """
    output = points.new_zeros(len(points))
    for part in slices(a.shape[1], len(points)):
        output += network.output(a[:, part], network.sigma.value(points @ w[..., part]))[0]
    return output


def slices(width: int, rows: int) -> Iterator[slice]:
    """Divide neurons into parts for arrays with so many rows."""
    length = max(1, SLICE_ELEMENTS // rows)
    return (slice(start, start + length) for start in range(0, width, length))
