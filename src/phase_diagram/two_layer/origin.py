"""Neurons that reach w = 0, where all kinks w . x_i = 0 meet and the flow is not unique."""

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

# A neuron that moves towards w = 0 within this angle (radian) is taken to reach it: sliding
# neurons, the only ones that do so in large numbers, move there within rounding.
ORIGIN_ANGLE = 0.05

# A force with less than this share along the line of arrival counts as perpendicular to it.
ROUNDING = 1e-9


def stop_at_origin(network: Network, suspect: Tensor, part: Part, residual: Tensor) -> Tensor:
    """Which of the suspects reach w = 0 within a step and stay there: 1, else 0, (B, m).

    A neuron that arrives stays, unless the force beyond the origin pushes it on: zero is then the
    velocity of least norm in Clarke's sense, and gradient descent with small steps stays as well.

    Parameters
    ----------
    network : Network
    suspect : Tensor (B, m)
        Not 0 where |w| + h d|w|/dt <= 0: extrapolated, |w| reaches zero within the step.
    part : Part
        The neurons at the start of the step (passes.py).
    residual : Tensor (B, n)
        Mean residual over the step.
    """
    stops = torch.zeros_like(suspect)
    place, neuron = torch.nonzero(suspect, as_tuple=True)  # one row for each of these few
    suspects = mapped(part, lambda values: values[place, ..., neuron, None])
    preactivation = preactivation_of(network, suspects)[:, :, 0]
    response = -network.rate_w[place] * (suspects.a + suspects.delta_a)
    # Forces are sums over samples of c_i x_i: their products are those of c with the Gram matrix.
    opened, pulling = suspects.gate[:, :, 0].to(residual.dtype), response * residual[place]
    force = pulling * opened
    drift = force @ network.gram
    along = (force * preactivation).sum(1)
    distance, speed = length_of(suspects)[:, 0].square(), (force * drift).sum(1)
    aligned = distance * speed - along**2 < ORIGIN_ANGLE**2 * distance * speed
    # Beyond the origin every gate is complemented, except those along which a neuron slides.
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
    """Add to a correction, in place, the neurons with `stops` = 1, which end at w = 0."""
    indices, mask = _stopping(prediction)
    neurons, passing = _chosen(part, indices, mask), _chosen(prediction, indices, mask)
    start, end = network.start(neurons.anchor), -network.coordinates(neurons.anchor)
    shift, closed = -preactivation_of(network, neurons), torch.zeros_like(neurons.gate)
    step = Step(end - neurons.moved, shift, closed)
    counts = mask.to(start.dtype)
    ended = take(network, neurons, passing, step, step.moved, counts, residual, duration)
    # Exactly at rest: w . x must be zero, without rounding errors.
    ended = ended._replace(moved=end, shift=-start, length=torch.zeros_like(counts))
    for name, values in per_neuron(correction):
        new = getattr(ended, name)
        values[..., indices] = torch.where(_like(values, mask), new, values[..., indices])
    sums = {
        name: getattr(correction, name) + getattr(ended, name) for name in ("output", "squares")
    }
    return correction._replace(**sums)


def _stopping(prediction: Prediction) -> tuple[Tensor, Tensor]:
    """The neurons that stop in any network: their indices, and in which networks (B, few)."""
    indices = torch.nonzero(prediction.stops.any(0))[:, 0]
    return indices, prediction.stops[:, indices] > 0


def _chosen(arrays: Arrays, indices: Tensor, mask: Tensor) -> Arrays:
    """Neurons `indices` of arrays (B, ..., m), set to zero where the mask (B, few) is false."""
    return mapped(arrays, lambda each: torch.where(_like(each, mask), each[..., indices], 0.0))


def _like(values: Tensor, mask: Tensor) -> Tensor:
    return mask.view(len(mask), *[1] * (values.dim() - 2), -1)
