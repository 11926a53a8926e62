"""Train networks of one problem at many points of the plane: from (gamma, ..., seed) to RD.

On the CPU networks are trained one at a time: that is fastest there, and makes the bits of a
result independent of the company it is computed in. On a GPU they are trained in batches of equal
width, as many at a time as fit the memory.
"""

import math
import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import torch
from torch import Tensor

from phase_diagram.datasets.problem import Problem
from phase_diagram.flow.outcome import Outcome, Reason
from phase_diagram.observables import observables
from phase_diagram.observables.condensation import condensation
from phase_diagram.training import Training
from phase_diagram.two_layer import trained
from phase_diagram.two_layer.start.reduction import where_smaller
from phase_diagram.two_layer.trained import Placed

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
        if trained.in_range(network[:2], network.width, training):
            ordered.append(network)
        else:
            yield _not_trained(network, training)
    drawn: dict[tuple[int, int], Placed] = {}
    for width, group in groupby(ordered, key=lambda network: network.width):
        waiting = list(group)
        size = batch_size or _batch_size(width, inputs.shape, device)
        while waiting:
            batch = waiting[:size]
            keys = {(network.seed, width) for network in batch}
            drawn = {
                key: drawn.get(key) or trained.place(trained.draw(*key, basis, training), device)
                for key in sorted(keys)
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
    drawn: dict[tuple[int, int], Placed],
    training: Training,
) -> list[Result]:
    """Train one batch whole, so that running out of memory half-way yields nothing twice."""
    began = time.perf_counter()
    initial = [drawn[network.seed, network.width] for network in batch]
    scales = [trained.scales(network[:2], network.width) for network in batch]
    model, a, w = trained.set_up(data, initial, scales, batch[0].width, training)
    results = []
    for index, outcome in trained.solve(model, a, w, training):
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


def _not_trained(network: Network, training: Training) -> Result:
    nothing = (math.nan, math.nan, 0, 0, 0.0)
    reason = Reason.SCALES
    named = str(reason.status), str(reason), math.nan, training.activation
    return Result(network, *nothing, *named, 0.0)


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
