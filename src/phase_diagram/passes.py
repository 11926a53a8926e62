"""The two passes of a step over a part of the neurons, as functions of tensors alone.

What they compute is told in exponential_step.py. They stand apart because they are the inner
loops of training and are compiled as a whole (compiled.py): no branch depends on a number.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from phase_diagram.gates import along_paths
from phase_diagram.network import Network


class Part(NamedTuple):
    """Some of the neurons of networks under way.

    Increments are kept apart from the (large) weights that they started from.
    """

    a: Tensor  # (B, m), at the start of training
    w: Tensor  # (B, d, m), the same
    delta_a: Tensor  # (B, m)
    delta_w: Tensor  # (B, d, m)
    preactivation: Tensor  # (B, n, m)
    gate: Tensor  # (B, n, m)


class Prediction(NamedTuple):
    """Where a step leads at first order."""

    step_a: Tensor  # (B, m)
    delta_w: Tensor  # (B, d, m)
    gate: Tensor  # (B, n, m), mean over the step
    size: Tensor  # (B, m): |w| max |x| at the start
    suspect: Tensor  # (B, m), bool: a neuron that would pass w = 0, or not (origin.py)
    kernel: Tensor  # (B, n, n), half-way


class Correction(NamedTuple):
    """Where a step leads at second order, and the sums that tell its error."""

    delta_a: Tensor
    delta_w: Tensor
    preactivation: Tensor
    gate: Tensor
    output: Tensor  # (B, n), what these neurons have added to it since the start of training
    squares: Tensor  # (B, 7), in the order of SQUARES


SQUARES = ("error a", "a", "step a", "delta a", "error w", "step w", "delta w")


def predict(network: Network, part: Part, residual: Tensor, duration: Tensor) -> Prediction:
    """Take a step under the mean residual (B, n) over `duration` (B,)."""
    time = duration[:, None]
    a, w = part.a + part.delta_a, part.w + part.delta_w
    length = w.square().sum(1).sqrt()
    size = length * network.longest_input
    activation = part.preactivation.relu()
    step_a = time * network.velocity_a(activation, residual)
    # With a half-way: where a grows by decades before w moves, w follows the growth of a within
    # the step, and steps can be long.
    path = network.response(a + 0.5 * step_a) * time[:, None]
    drift = network.drift(part.gate, residual)
    mean = along_paths(part.preactivation, size, *drift, path).mean
    # d|w|^2/dt = kappa'^2 da^2/dt, the conserved quantity.
    approach = length + network.kappa_prime[:, None] ** 2 * a * step_a / length
    delta_w = part.delta_w + network.pull(mean, residual) * path
    middle = 0.5 * (activation + network.preactivation(part.w + delta_w).relu())
    kernel = network.tangent_kernel(a + 0.5 * step_a, middle, mean)
    return Prediction(step_a, delta_w, mean, size, (approach <= 0) & (length > 0), kernel)


def correct(
    network: Network,
    part: Part,
    prediction: Prediction,
    stops: Tensor,
    residual: Tensor,
    duration: Tensor,
) -> Correction:
    """Repeat a step under a better mean residual (B, n); neurons that `stops` (B, m) end at 0."""
    time = duration[:, None]
    a = part.a + part.delta_a
    path = network.response(a + 0.5 * prediction.step_a) * time[:, None]
    mean, size = prediction.gate, prediction.size
    drift = network.drift(mean, residual)
    # In the plane a neuron slides along one surface at a time. In space it may along several,
    # whose gates depend on each other: two sweeps settle them, the second from the middle,
    # because plain sweeps swing to and fro.
    if part.w.shape[1] > 2:
        mean = 0.5 * (mean + along_paths(part.preactivation, size, *drift, path).mean)
        drift = network.drift(mean, residual)
    mean, final = along_paths(part.preactivation, size, *drift, path)
    step_w = network.pull(mean, residual) * path
    ended = stops[:, None, :]
    final = torch.where(ended, 0.0, final)
    delta_w = torch.where(ended, -part.w, part.delta_w + step_w)
    start, change = network.preactivation(part.w), network.preactivation(delta_w)
    preactivation = start + change
    arrived = preactivation.relu()
    step_a = time * network.velocity_a(0.5 * (part.preactivation.relu() + arrived), residual)
    delta_a = part.delta_a + step_a
    compared = (
        *(step_a - prediction.step_a, a + step_a, step_a, delta_a),
        *(delta_w - prediction.delta_w, step_w, delta_w),
    )
    squares = torch.stack([values.square().flatten(1).sum(1) for values in compared], dim=1)
    # From the increments: where the weights are many and hardly move, what they add to the output
    # is far below the rounding of their sum.
    growth = torch.where(start > 0, torch.maximum(change, -start), arrived)
    output = network.output(delta_a, arrived) + network.output(part.a, growth)
    return Correction(delta_a, delta_w, preactivation, final, output, squares)
