"""The two passes of a solver step over a part of the neurons, as functions of tensors only.

exponential_step.py explains what they compute. They are separate because they are the inner loops
of training and are compiled as a whole (compiled.py): no branch depends on a tensor's values.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor

from phase_diagram.two_layer.equations import gates, rows
from phase_diagram.two_layer.equations.network import Network


class Part(NamedTuple):
    """Some of the neurons of networks in training.

    Increments are kept apart from the (large) initial values. With a million neurons, memory
    access takes most of the time: gates, which lie in [0, 1] and only serve as a first estimate
    for the next step, are in single precision, and what can be computed from `moved` in two or
    three operations is None.
    """

    a: Tensor  # (B, m), at the start of training
    anchor: Tensor  # w at the start of training, see Network.anchor
    delta_a: Tensor  # (B, m)
    moved: Tensor  # (B, k, m): the coordinates of the increment of w, see network.py
    gate: Tensor  # (B, n, m)
    shift: Tensor | None  # (B, n, m): the increment of w . x; None unless by sample
    length: Tensor | None  # (B, m): |w|; None unless by sample


class Prediction(NamedTuple):
    """The result of the predictor: a step at first order."""

    step_a: Tensor  # (B, m)
    gate: Tensor  # (B, n, m), mean over the step
    stops: Tensor  # (B, m): 1 for a neuron that may end at w = 0, else 0 (origin.py)
    shift: Tensor | None  # (B, n, m): how w . x moves over the step; None unless by sample
    kernel: Tensor  # (B, n, n), half-way


class Step(NamedTuple):
    """The input weights after a step at second order."""

    moved: Tensor  # (B, k, m)
    shift: Tensor  # (B, n, m)
    gate: Tensor  # (B, n, m), at its end


class Correction(NamedTuple):
    """The result of the corrector: a step at second order, and sums that give its error."""

    delta_a: Tensor  # this and the next four as in Part
    moved: Tensor
    gate: Tensor
    shift: Tensor | None
    length: Tensor | None
    output: Tensor  # (B, n), what these neurons have added to it since the start of training
    squares: Tensor  # (B, 8), in the order of SQUARES


GATE = torch.float32
SQUARES = ("error a", "error w", "step a", "step w", "a", "delta w", "delta a", "delta w")
"""Sums of squares; the error divides the first four by the last four."""


Arrays = TypeVar("Arrays", Part, Prediction, Correction)
SUMS = ("kernel", "output", "squares")
"""The fields that are sums over neurons."""


def per_neuron(arrays: Arrays) -> Iterator[tuple[str, Tensor]]:
    """The fields that hold something for each neuron, with their names."""
    for name, values in zip(arrays._fields, arrays, strict=True):
        if values is not None and name not in SUMS:
            yield name, values


def mapped(arrays: Arrays, function: Callable[[Tensor], Tensor]) -> Arrays:
    """Apply a function to every field that has an entry per neuron."""
    return arrays._replace(**{name: function(values) for name, values in per_neuron(arrays)})


BY_SAMPLE = ("shift", "length")
"""The fields that are None unless coordinates are along the inputs."""


def at_rest(network: Network, a: Tensor, w: Tensor) -> Part:
    """Neurons a (B, m), w (B, d, m) before training."""
    anchor = network.anchor(w)
    # Anchors have as many coordinates as increments.
    still = torch.zeros_like(a), torch.zeros_like(anchor)
    preactivation = network.start(anchor)
    gate = network.sigma.slope(preactivation).to(GATE)
    if not network.by_sample:
        return Part(a, anchor, *still, gate, None, None)
    return Part(a, anchor, *still, gate, torch.zeros_like(preactivation), w.norm(dim=1))


def preactivation_of(network: Network, part: Part) -> Tensor:
    """w . x: (B, n, m)."""
    shift = network.shift(part.moved) if part.shift is None else part.shift
    return network.start(part.anchor) + shift


def length_of(part: Part) -> Tensor:
    """|w|: (B, m)."""
    if part.length is None:
        return rows.over_rows((part.anchor + part.moved).square()).sqrt()
    return part.length


def predict(network: Network, part: Part, residual: Tensor, duration: Tensor) -> Prediction:
    """Take a step under the mean residual (B, n) over `duration` (B,)."""
    time = duration[:, None]
    a, length = part.a + part.delta_a, length_of(part)
    preactivation = preactivation_of(network, part)
    activation = network.sigma.value(preactivation)
    step_a = time * network.velocity_a(activation, residual)
    # With a at half the step: where a grows by decades before w moves, w follows the growth of a
    # within the step, and steps can be long.
    pressure = network.pressure(a + 0.5 * step_a, residual, duration)
    size = length * network.longest_input
    mean = gates.over_step(network, preactivation, size, part.gate.to(a.dtype), pressure).mean
    shift = network.shift(network.pull(mean * pressure))
    middle = 0.5 * (activation + network.sigma.value(preactivation + shift))
    kernel = network.tangent_kernel(a + 0.5 * step_a, middle, mean)
    stops = _may_stop(network, a, step_a, length).to(GATE)
    return Prediction(step_a, mean.to(GATE), stops, network.kept(shift), kernel)


def _may_stop(network: Network, a: Tensor, step_a: Tensor, length: Tensor) -> Tensor:
    """Which neurons (B, m) may reach w = 0 within a step."""
    if not network.sigma.homogeneous:  # for these, w = 0 is not a special point
        return torch.zeros_like(length)
    # d|w|^2/dt = kappa'^2 da^2/dt, the conserved quantity.
    approach = length + network.kappa_prime[:, None] ** 2 * a * step_a / length
    return torch.where(length > 0, approach, 1.0) <= 0


def correct(
    network: Network,
    part: Part,
    prediction: Prediction,
    predicted: Tensor,
    residual: Tensor,
    order: Tensor,
    duration: Tensor,
) -> Correction:
    """Repeat a step, `predicted` under one mean residual (B, n), under a better one.

    Neurons that end at w = 0 are left out of all sums; their values here are meaningless.
    """
    counts = (1.0 - prediction.stops).to(part.a.dtype)
    part = part._replace(a=part.a * counts, delta_a=part.delta_a * counts)
    prediction = prediction._replace(step_a=prediction.step_a * counts)
    middle = part.a + part.delta_a + 0.5 * prediction.step_a
    before = network.pressure(middle, predicted, duration)
    preactivation = preactivation_of(network, part)
    size = length_of(part) * network.longest_input
    mean = predicted_gate = prediction.gate.to(part.a.dtype)
    # In two dimensions a neuron slides along one surface at a time. In more it may slide along
    # several, whose gates depend on each other: two sweeps settle them, the second from the mean
    # of two estimates, because plain sweeps oscillate.
    if network.inputs.shape[1] > 2 and network.sigma.below is not None:
        shift = prediction.shift
        if shift is None:
            shift = network.shift(network.pull(mean * before))
        by_own = network.own(before)
        by_others = shift - by_own * mean
        first = gates.along_paths(preactivation, size, by_others, by_own, network.sigma.below).mean
        mean = 0.5 * (mean + first)
    # As a and e change together, the mean of their product is not that of their means.
    factor = (network.rate_w * network.rate_a * duration[:, None])[:, :, None]
    counted = counts[:, None, :] * network.sigma.value(preactivation)
    pressure = network.pressure(middle, residual, duration) + factor * rows.combine(order, counted)
    mean, final = gates.over_step(network, preactivation, size, mean, pressure)
    step_w = network.pull(mean * pressure)
    predicted_w = network.pull(predicted_gate * before)
    step = Step(step_w, network.shift(step_w), final)
    return take(network, part, prediction, step, predicted_w, counts, residual, duration)


def take(
    network: Network,
    part: Part,
    prediction: Prediction,
    step: Step,
    predicted_w: Tensor,
    counts: Tensor,
    residual: Tensor,
    duration: Tensor,
) -> Correction:
    """Complete a step whose w is known: its a, output, kernel, and the sums for its error.

    `counts` (B, m) is 1 for neurons that are included; for others it is 0, and so is their a.
    """
    start = network.start(part.anchor)
    present = network.shift(part.moved) if part.shift is None else part.shift
    preactivation, shift = start + present, present + step.shift
    arrived = preactivation + step.shift
    ends = network.sigma.value(arrived)
    activation = 0.5 * (network.sigma.value(preactivation) + ends)
    step_a = counts * duration[:, None] * network.velocity_a(activation, residual)
    delta_a, a = part.delta_a + step_a, part.a + part.delta_a + step_a
    moved = part.moved + step.moved
    # From the increments: where many weights hardly move, their change of the output is far below
    # the rounding of their sum.
    growth = network.sigma.change(start, shift)
    output = network.output(delta_a, ends) + network.output(part.a, growth)
    surprise = step.shift if prediction.shift is None else step.shift - prediction.shift
    squares = {
        "error a": (step_a - prediction.step_a).square(),
        "error w": network.squared_length(step.moved - predicted_w, network.kept(surprise)),
        "step a": step_a.square(),
        "step w": network.squared_length(step.moved, network.kept(step.shift)),
        "a": a.square(),
        "delta a": delta_a.square(),
        "delta w": counts * network.squared_length(moved, network.kept(shift)),
    }
    sum_of = {name: square.sum(1) for name, square in squares.items()}
    sums = torch.stack([sum_of[name] for name in SQUARES], dim=1)
    length = part.length
    if length is not None:  # |w + dw|^2 = |w|^2 + dw . (2 w + dw)
        added = rows.over_rows(step.moved * (preactivation + arrived))
        length = (length.square() + added).clamp(min=0.0).sqrt()
    gate, followed = step.gate.to(GATE), (network.kept(shift), length)
    return Correction(delta_a, moved, gate, *followed, output, sums)
