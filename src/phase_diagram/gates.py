"""The mean gate of every neuron over a step: how the flow crosses, and slides along, its kinks.

A neuron moves with piecewise constant forces that jump where w . x_i = 0. Where the forces of both
sides point at that surface the neuron stays on it and slides: this is how neurons condense. A
scheme that only sees gates 0 and 1 chatters across the surface and needs steps in proportion to
its error. Here the path over a step is followed sample by sample with the forces of the others
held: free until the surface, then through it, or along it with the gate in (0, 1) at which
w . x_i stays zero (Filippov's solution). docs/theory.md section 8.
"""

import torch
from torch import Tensor

from phase_diagram.network import Network

# A neuron heading for the origin of weight space within this angle (radian) is taken to reach it:
# sliding neurons, the only ones that do so in numbers, head there to rounding.
ORIGIN_ANGLE = 0.05

# |w . x_i| below this share of the neuron's largest counts as zero.
SURFACE = 1e-9

# A force across the line of arrival has no part along it but this share.
ROUNDING = 1e-9


def mean_gate(
    preactivation: Tensor, velocity: Tensor, own: Tensor, gate: Tensor, duration: Tensor
) -> tuple[Tensor, Tensor]:
    """Gates averaged over a step, and at its end.

    Parameters
    ----------
    preactivation : Tensor (B, n, m)
        s = w . x at the start.
    velocity : Tensor (B, n, m)
        ds/dt with the gates `gate`.
    own : Tensor (B, n, m)
        The part of ds_i/dt that sample i causes when its own gate is 1.
    gate : Tensor (B, n, m)
        The gates that `velocity` holds.
    duration : Tensor (B,)
        Length of the step.

    Returns
    -------
    mean, final : Tensor (B, n, m)
        In [0, 1]. Exact where at most one surface is met and the forces are constant.
    """
    # On the surface to rounding means closed: a neuron that has closed its last gate rests there,
    # and must not come back to life when the sample's residual later changes its sign.
    surface = SURFACE * preactivation.abs().amax(1, keepdim=True)
    active = preactivation > surface
    opened = active.to(preactivation.dtype)
    actual = torch.addcmul(velocity, opened - gate, own)  # ds/dt with the own gate 1 or 0
    end = torch.addcmul(preactivation, duration[:, None, None], actual)
    met = torch.nonzero((active != (end > surface)).view(-1))[:, 0]  # few, so worth picking out
    if len(met) == 0:
        return opened, opened
    start, own, was_open = (x.reshape(-1)[met] for x in (preactivation, own, opened))
    free = start / (start - end.view(-1)[met])  # share of the step before the surface
    closed = actual.view(-1)[met] - was_open * own  # ds/dt were the own gate 0
    # own < 0: the surface attracts from its active side. The sliding gate is where the velocity
    # closed + gate own vanishes; clamped, it is the side a neuron leaves to if it does not slide.
    beyond = torch.where(own < 0, (-closed / own).clamp(0.0, 1.0), 1.0 - was_open)
    mean, final = opened, opened.clone()
    final.view(-1)[met] = beyond
    mean.view(-1)[met] = torch.lerp(beyond, was_open, free)
    return mean, final


def stops_at_origin(
    network: Network,
    a: Tensor,
    w: Tensor,
    velocity: Tensor,
    gate: Tensor,
    residual: Tensor,
    duration: Tensor,
) -> Tensor:
    """Which neurons come to w = 0 within a step and stay there: bool (B, m).

    There all surfaces meet and the flow is not unique. A neuron that arrives stays, as zero is
    then the velocity of least norm in Clarke's sense and as gradient descent with small steps
    does, unless the force behind the origin pushes it on.

    Parameters
    ----------
    network : Network
    a : Tensor (B, m)
    w, velocity : Tensor (B, d, m)
        Input weights and dw/dt at the start, with the gates `gate`.
    gate : Tensor (B, n, m)
    residual : Tensor (B, n)
        Mean residual over the step.
    duration : Tensor (B,)
    """
    along = (w * velocity).sum(1) * duration[:, None]
    distance = (w * w).sum(1)
    arrives = (distance + along <= 0) & (distance > 0)
    if not arrives.any():
        return arrives
    speed = (velocity * velocity).sum(1)
    travelled = speed * duration[:, None] ** 2
    arrives &= distance * travelled - along**2 < ORIGIN_ANGLE**2 * distance * travelled
    # Behind the origin all gates are complemented, but for those of a sliding neuron.
    behind = torch.where((gate > 0) & (gate < 1), gate, 1.0 - gate)
    onward = (network.velocity_w(a, behind, residual) * velocity).sum(1)
    return arrives & (onward <= ROUNDING * speed)
