"""Train networks of one problem at many points of the plane: from (gamma, ..., seed) to RD.

On the CPU networks are trained one at a time: that is fastest there, and makes the bits of a
result independent of the company it is computed in. On a GPU they are trained in batches of equal
width, as many at a time as fit the memory.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram import gradient_descent, gradient_flow, neurons, observables, quadrature
from phase_diagram import network as two_layer
from phase_diagram.activations import ACTIVATIONS
from phase_diagram.condensation import condensation
from phase_diagram.datasets.problem import Problem
from phase_diagram.outcome import Outcome, Reason
from phase_diagram.ranges import has_room, scale
from phase_diagram.reduction import where_smaller
from phase_diagram.training import Training

METHODS: dict[str, Callable[..., Iterator[tuple[int, Outcome]]]] = {
    "gradient_flow": gradient_flow.train,
    "gradient_descent": gradient_descent.train,
}

DEFAULT = Training()

# Share of a GPU's free memory that one batch may plan for, and the arrays of the size of the
# gates and of the weights that a step holds at a time.
MEMORY_SHARE = 0.7
ARRAYS = 16


class Network(NamedTuple):
    """Which network: kappa = width^-gamma, kappa' = width^-gamma_prime, neurons by seed."""

    gamma: float
    gamma_prime: float
    width: int
    seed: int


class Result(NamedTuple):
    """What a network ended with; loss is R = sum e^2 / 2n, seconds are wall time.

    `status` and `reason` are those of outcome.py, `condensation` that of condensation.py at the
    end of training, `activation` a key of activations.ACTIVATIONS.
    """

    network: Network
    rd: float
    loss: float
    steps: int
    evaluations: int
    time_normalised: float
    status: str
    reason: str
    condensation: float
    activation: str
    seconds: float


def train(
    problem: Problem,
    networks: Sequence[Network],
    training: Training = DEFAULT,
    *,
    device: str | torch.device | None = None,
    batch_size: int | None = None,
) -> Iterator[Result]:
    """Train networks to convergence.

    Parameters
    ----------
    problem : Problem
    networks : sequence of Network
    training : Training
        Its method is a key of METHODS.
    device : str or torch.device, optional
        None: the GPU where there is one, else the CPU.
    batch_size : int, optional
        Networks trained at a time; None: 1 on the CPU, what fits the memory on a GPU.

    Yields
    ------
    Result
        As networks end, in an order of convenience: equal widths and seeds together. Those whose
        scales leave the range of the solver's numbers come first, not trained: RD, loss and
        condensation are NaN.
    """
    device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    inputs, basis = where_smaller(problem.inputs)
    data = (
        torch.tensor(inputs, device=device),
        torch.tensor(problem.targets, device=device),
    )
    ordered = []
    for network in sorted(networks, key=lambda network: (network.width, network.seed)):
        if _in_range(network, training):
            ordered.append(network)
        else:
            yield _not_trained(network, training)
    drawn: dict[tuple[int, int], _Drawn] = {}
    for width, group in groupby(ordered, key=lambda network: network.width):
        waiting = list(group)
        size = batch_size or _batch_size(width, inputs.shape, device)
        while waiting:
            batch = waiting[:size]
            wanted = {(network.seed, width) for network in batch}
            drawn = {
                key: drawn.get(key) or _draw(*key, basis, training, device)
                for key in sorted(wanted)
            }
            try:
                yield from _train_batch(data, batch, drawn, training)
            except torch.cuda.OutOfMemoryError:
                if size == 1:
                    raise
                size = max(1, size // 2)
                continue
            waiting = waiting[size:]


def _train_batch(
    data: tuple[Tensor, Tensor],
    batch: list[Network],
    drawn: dict[tuple[int, int], "_Drawn"],
    training: Training,
) -> list[Result]:
    """Train one batch whole, so that running out of memory half-way yields nothing twice."""
    began = time.perf_counter()
    device = data[0].device
    initial = [drawn[network.seed, network.width] for network in batch]
    a = _together([one.a for one in initial])
    w = _together([one.w for one in initial])
    kappa, kappa_prime = (
        torch.tensor([scale(one.width, one[axis]) for one in batch], dtype=a.dtype, device=device)
        for axis in (0, 1)  # gamma, gamma_prime
    )
    multiplicity = None
    if training.quadrature is not None:
        shares = [one.width / training.quadrature for one in batch]
        multiplicity = torch.tensor(shares, dtype=a.dtype, device=device)
    sigma = ACTIVATIONS[training.activation]
    model = two_layer.Network(*data, kappa, kappa_prime, multiplicity, sigma)
    solve = METHODS[training.method]
    results = []
    for index, outcome in solve(model, a, w, tolerance=training.tolerance, **training.options()):
        rd = observables.relative_distance(outcome.delta_w, initial[index].norm)
        # In place: of a million neurons there is no room for another array.
        final_w = outcome.delta_w.add_(w[index])
        final = condensation(a[index] + outcome.delta_a, final_w)
        ended = time.perf_counter()
        ends = outcome, rd, final, training.activation, ended - began
        results.append(_result(batch[index], *ends))
        began = ended
        del outcome, final_w
    return results


def _in_range(network: Network, training: Training) -> bool:
    kappa, kappa_prime = (scale(network.width, exponent) for exponent in network[:2])
    return has_room(kappa, kappa_prime, network.width / (training.quadrature or network.width))


def _not_trained(network: Network, training: Training) -> Result:
    nothing = (math.nan, math.nan, 0, 0, 0.0)
    reason = Reason.SCALES
    named = str(reason.status), str(reason), math.nan, training.activation
    return Result(network, *nothing, *named, 0.0)


class _Drawn(NamedTuple):
    """Initial neurons, as in neurons.py, on the device: networks of a seed share them."""

    a: Tensor
    w: Tensor
    norm: float


def _together(arrays: list[Tensor]) -> Tensor:
    if len(arrays) == 1:  # a million neurons need not be copied
        return arrays[0][None]
    return torch.stack(arrays)


def _draw(
    seed: int, width: int, basis: NDArray[np.float64], training: Training, device: torch.device
) -> _Drawn:
    if training.quadrature is None:
        drawn = neurons.draw(seed, width, basis)
    else:
        drawn = quadrature.nodes(seed, training.quadrature, basis)
    a, w = (torch.from_numpy(values).to(device) for values in (drawn.a, drawn.w))
    return _Drawn(a, w, drawn.norm)


def _result(
    network: Network, outcome: Outcome, rd: float, final: float, activation: str, seconds: float
) -> Result:
    return Result(
        network,
        rd,
        observables.loss(outcome.residual),
        outcome.steps,
        outcome.evaluations,
        outcome.time,
        str(outcome.status),
        str(outcome.reason),
        final,
        activation,
        seconds,
    )


def _batch_size(width: int, shape: tuple[int, ...], device: torch.device) -> int:
    if device.type != "cuda":
        return 1
    free, _ = torch.cuda.mem_get_info(device)
    network_bytes = 8 * ARRAYS * width * sum(shape)
    return max(1, int(MEMORY_SHARE * free) // network_bytes)
