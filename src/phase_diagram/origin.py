"""Neurons that reach w = 0, where all surfaces meet and the flow is not unique."""

import torch
from torch import Tensor

from phase_diagram.network import Network
from phase_diagram.passes import Part

# A neuron heading for the origin of weight space within this angle (radian) is taken to reach it:
# sliding neurons, the only ones that do so in numbers, head there to rounding.
ORIGIN_ANGLE = 0.05

# A force across the line of arrival has no part along it but this share.
ROUNDING = 1e-9


def stop_at_origin(network: Network, suspect: Tensor, part: Part, residual: Tensor) -> Tensor:
    """Which of the suspects come to w = 0 within a step and stay there: bool (B, m).

    A neuron that arrives stays, as zero is then the velocity of least norm in Clarke's sense and
    as gradient descent with small steps does, unless the force behind the origin pushes it on.

    Parameters
    ----------
    network : Network
    suspect : Tensor (B, m)
        True where |w| + h d|w|/dt <= 0: an end of no length, or less.
    part : Part
        The neurons at the start of the step (passes.py).
    residual : Tensor (B, n)
        Mean residual over the step.
    """
    stops = torch.zeros_like(suspect)
    place, neuron = torch.nonzero(suspect, as_tuple=True)  # few: one column for each of them
    chosen = Part(*(values[place, ..., neuron] for values in part))
    response = -network.rate_w[place] * (chosen.a + chosen.delta_a)[:, None]
    weight, opened, pulling = chosen.w + chosen.delta_w, chosen.gate, residual[place]
    velocity = response * ((pulling * opened) @ network.inputs)
    along = (weight * velocity).sum(1)
    distance, speed = weight.square().sum(1), velocity.square().sum(1)
    aligned = distance * speed - along**2 < ORIGIN_ANGLE**2 * distance * speed
    # Behind the origin all gates are complemented, but for those of a sliding neuron.
    behind = torch.where((opened > 0) & (opened < 1), opened, 1.0 - opened)
    onward = (response * ((pulling * behind) @ network.inputs) * velocity).sum(1)
    stops[place, neuron] = aligned & (onward <= ROUNDING * speed)
    return stops
