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

# |w . x_i| below this share of |w| max |x| counts as zero.
SURFACE = 1e-9

# A force across the line of arrival has no part along it but this share.
ROUNDING = 1e-9


class Gates:
    """Gates along the paths of a step.

    Parameters
    ----------
    preactivation : Tensor (B, n, m)
        s = w . x at the start.
    size : Tensor (B, m)
        |w| max |x|, the scale of s.
    others : Tensor (B, n, m)
    own : Tensor (B, n, 1)
    response : Tensor (B, 1, m)
        ds_i/dt = response (others + own g_i) with the gate g_i of sample i; Network.drift.
    duration : Tensor (B,)
        Length of the step.
    """

    def __init__(
        self,
        preactivation: Tensor,
        size: Tensor,
        others: Tensor,
        own: Tensor,
        response: Tensor,
        duration: Tensor,
    ) -> None:
        # On the surface to rounding means closed: a neuron that has closed its last gate rests
        # there, and must not come back to life when the sample's residual later changes its sign.
        surface = SURFACE * size[:, None, :]
        active = preactivation > surface
        self._opened = active.to(preactivation.dtype)
        path = response * duration[:, None, None]
        # In place, one broadcast at a time: torch's fused forms are slower where they broadcast.
        end = (self._opened * own).add_(others).mul_(path).add_(preactivation)
        met = torch.nonzero((active != (end > surface)).view(-1))[:, 0]
        self._met = met  # few of all pairs of neuron and sample, so worth picking out
        if len(met) == 0:
            return
        start, self._was_open, closed = (
            values.reshape(-1)[met] for values in (preactivation, self._opened, others)
        )
        self._free = start / (start - end.view(-1)[met])  # share of the step before the surface
        samples, width = preactivation.shape[1:]
        alone = own.reshape(-1)[met // width]
        attracts = alone * response.reshape(-1)[met // (samples * width) * width + met % width] < 0
        # Where the surface attracts from its active side, the sliding gate is the one at which
        # others + own g vanishes; clamped, it is the side a neuron leaves to if it does not slide.
        sliding = (-closed / alone).clamp(0.0, 1.0)
        self._beyond = torch.where(attracts, sliding, 1.0 - self._was_open)

    def mean(self) -> Tensor:
        """Gates averaged over the step: (B, n, m).

        In [0, 1]; exact where at most one surface is met and the forces are constant.
        """
        mean = self._opened.clone()
        if len(self._met):
            mean.view(-1)[self._met] = torch.lerp(self._beyond, self._was_open, self._free)
        return mean

    def final(self) -> Tensor:
        """Gates at the end of the step: (B, n, m)."""
        if len(self._met):
            self._opened.view(-1)[self._met] = self._beyond
        return self._opened


def stops_at_origin(
    network: Network,
    a: Tensor,
    w: Tensor,
    gate: Tensor,
    residual: Tensor,
    approach: Tensor,
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
    w : Tensor (B, d, m)
        In the span of the inputs.
    gate : Tensor (B, n, m)
    residual : Tensor (B, n)
        Mean residual over the step.
    approach : Tensor (B, m)
        |w| + h d|w|/dt: an end of no length, or less, is suspect.
    duration : Tensor (B,)
    """
    suspect = (approach <= 0) & w.any(1)
    if not suspect.any():
        return suspect
    velocity = network.velocity_w(a, gate, residual)
    along = (w * velocity).sum(1)
    distance, speed = (w * w).sum(1), (velocity * velocity).sum(1)
    aligned = distance * speed - along**2 < ORIGIN_ANGLE**2 * distance * speed
    # Behind the origin all gates are complemented, but for those of a sliding neuron.
    behind = torch.where((gate > 0) & (gate < 1), gate, 1.0 - gate)
    onward = (network.velocity_w(a, behind, residual) * velocity).sum(1)
    return suspect & aligned & (onward <= ROUNDING * speed)
