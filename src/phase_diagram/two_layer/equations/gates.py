"""The mean gate of each neuron over a step: how neurons cross the kinks or slide along them.

The gate of neuron k and sample i is sigma'(w_k . x_i). For relu it is 0 or 1, and a neuron moves
with piecewise constant forces that jump where w . x_i = 0. Where the forces on both sides point to
that surface the neuron stays on it and slides: this is how neurons condense. A scheme that only
uses gates 0 and 1 chatters across the surface and needs steps as small as its error. Here the path
over a step is followed for one sample at a time, with the forces of the others constant: free up to
the surface, then through it, or along it with the gate in (0, 1) that keeps w . x_i at zero
(Filippov's solution). docs/theory.md section 8. The gate of a smooth activation is averaged over
the straight path given by a first estimate of that mean.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from phase_diagram.two_layer.equations.network import Network

# |w . x_i| below this share of |w| max |x| counts as zero.
SURFACE = 1e-9


class Gates(NamedTuple):
    """Gates of a step: their mean over the step, and their values at its end; (B, n, m).

    The mean is exact where a path meets at most one surface and the forces are constant.
    """

    mean: Tensor
    final: Tensor


def over_step(
    network: Network, preactivation: Tensor, size: Tensor, guess: Tensor, pressure: Tensor
) -> Gates:
    """Compute the gates over a step under a given pressure.

    Parameters
    ----------
    network : Network
    preactivation, size
        As for `along_paths`.
    guess : Tensor (B, n, m)
        First estimate of the mean gates.
    pressure : Tensor (B, n, m)
        From `Network.pressure`.
    """
    below = network.sigma.below
    if below is None:
        return smooth(network, preactivation, network.shift(network.pull(guess * pressure)))
    return along_paths(preactivation, size, *network.movements(guess, pressure), below)


def smooth(network: Network, preactivation: Tensor, shift: Tensor) -> Gates:
    """Gates of a smooth activation on the straight path from w . x to w . x + shift."""
    sigma = network.sigma
    return Gates(sigma.mean_slope(preactivation, shift), sigma.slope(preactivation + shift))


def along_paths(
    preactivation: Tensor, size: Tensor, by_others: Tensor, by_own: Tensor, below: float = 0.0
) -> Gates:
    """Follow each pair of neuron and sample over a step.

    Parameters
    ----------
    preactivation : Tensor (B, n, m)
        s = w . x at the start.
    size : Tensor (B, m)
        |w| max |x|, the scale of s.
    by_others, by_own : Tensor (B, n, m)
        Over the step s_i moves by by_others + by_own g_i with the gate g_i of sample i.
    below : float
        The gate where s < 0; where s > 0 it is 1.
    """
    # Within rounding of the surface, the gate is closed: a neuron that has closed its last gate
    # rests there, and must not start again when the sample's residual later changes its sign.
    surface = SURFACE * size[:, None, :]
    opened = _gate(preactivation > surface, below, size.dtype)
    end = preactivation + (by_others + by_own * opened)
    free = preactivation / (preactivation - end)  # share of the step before the surface
    # Where the surface attracts from its active side, the two movements cancel at the sliding
    # gate; clamped to [0, 1], it gives the side to which a neuron that does not slide leaves.
    sliding = (-by_others / by_own).clamp(below, 1.0)
    beyond = torch.where(by_own < 0, sliding, 1.0 + below - opened)
    met = _gate(end > surface, below, size.dtype) != opened
    mean = torch.where(met, beyond + free * (opened - beyond), opened)
    return Gates(mean, torch.where(met, beyond, opened))


def _gate(is_open: Tensor, below: float, dtype: torch.dtype) -> Tensor:
    gate = is_open.to(dtype)
    return gate if below == 0.0 else below + (1.0 - below) * gate
