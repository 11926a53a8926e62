"""Neurons that reach w = 0, where all surfaces meet and the flow is not unique."""

import torch
from torch import Tensor

from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.equations.passes import (
    Arrays,
    Correction,
    Part,
    Prediction,
    Step,
    length_of,
    mapped,
    per_neuron,
    preactivation_of,
    take,
)

# A neuron heading for the origin of weight space within this angle (radian) is taken to reach it:
# sliding neurons, the only ones that do so in numbers, head there to rounding.
ORIGIN_ANGLE = 0.05

# A force across the line of arrival has no part along it but this share.
ROUNDING = 1e-9


def stop_at_origin(network: Network, suspect: Tensor, part: Part, residual: Tensor) -> Tensor:
    """Which of the suspects come to w = 0 within a step and stay there: 1, else 0, (B, m).

    A neuron that arrives stays, as zero is then the velocity of least norm in Clarke's sense and
    as gradient descent with small steps does, unless the force behind the origin pushes it on.

    Parameters
    ----------
    network : Network
    suspect : Tensor (B, m)
        Not 0 where |w| + h d|w|/dt <= 0: an end of no length, or less.
    part : Part
        The neurons at the start of the step (passes.py).
    residual : Tensor (B, n)
        Mean residual over the step.
    """
    stops = torch.zeros_like(suspect)
    place, neuron = torch.nonzero(suspect, as_tuple=True)  # few: one row for each of them
    chosen = mapped(part, lambda values: values[place, ..., neuron, None])
    preactivation = preactivation_of(network, chosen)[:, :, 0]
    response = -network.rate_w[place] * (chosen.a + chosen.delta_a)
    # Forces are sums over samples of c_i x_i: their products are those of c with the Gram matrix.
    opened, pulling = chosen.gate[:, :, 0].to(residual.dtype), response * residual[place]
    force = pulling * opened
    drift = force @ network.gram
    along = (force * preactivation).sum(1)
    distance, speed = length_of(chosen)[:, 0].square(), (force * drift).sum(1)
    aligned = distance * speed - along**2 < ORIGIN_ANGLE**2 * distance * speed
    # Behind the origin all gates are complemented, but for those of a sliding neuron.
    below = network.sigma.below or 0.0
    behind = torch.where((opened > below) & (opened < 1), opened, 1.0 + below - opened)
    onward = (pulling * behind * drift).sum(1)
    stops[place, neuron] = (aligned & (onward <= ROUNDING * speed)).to(stops.dtype)
    return stops


def correct_stops(
    network: Network,
    part: Part,
    prediction: Prediction,
    correction: Correction,
    residual: Tensor,
    duration: Tensor,
) -> Correction:
    """Complete a correction, in place, by the neurons with `stops` = 1: they end at w = 0."""
    some, there = _stopping(prediction)
    chosen, passing = _chosen(part, some, there), _chosen(prediction, some, there)
    start, end = network.start(chosen.anchor), -network.coordinates(chosen.anchor)
    shift, closed = -preactivation_of(network, chosen), torch.zeros_like(chosen.gate)
    step = Step(end - chosen.moved, shift, closed)
    counts = there.to(start.dtype)
    ended = take(network, chosen, passing, step, step.moved, counts, residual, duration)
    # Exactly at rest: what is left of w . x must not be rounding.
    ended = ended._replace(moved=end, shift=-start, length=torch.zeros_like(counts))
    for name, values in per_neuron(correction):
        new = getattr(ended, name)
        values[..., some] = torch.where(_like(values, there), new, values[..., some])
    sums = {
        name: getattr(correction, name) + getattr(ended, name) for name in ("output", "squares")
    }
    return correction._replace(**sums)


def _stopping(prediction: Prediction) -> tuple[Tensor, Tensor]:
    """Those neurons that stop in some network: their places, and where they stop (B, few)."""
    some = torch.nonzero(prediction.stops.any(0))[:, 0]
    return some, prediction.stops[:, some] > 0


def _chosen(arrays: Arrays, some: Tensor, there: Tensor) -> Arrays:
    """Neurons `some` of arrays (B, ..., m), zero where the mask (B, few) does not hold."""
    return mapped(arrays, lambda each: torch.where(_like(each, there), each[..., some], 0.0))


def _like(values: Tensor, there: Tensor) -> Tensor:
    return there.view(len(there), *[1] * (values.dim() - 2), -1)
