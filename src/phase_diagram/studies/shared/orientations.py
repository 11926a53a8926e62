"""The number of orientations at which the neurons of a network lie."""

import math

import torch
from torch import Tensor

from phase_diagram.observables import observables

HALF_WIDTH = math.radians(5.0)
SHARE = 0.95  # of the amplitude
# Centres whose angles to all others are computed at once: one matrix product takes a fraction of
# the time of as many products with a vector.
BLOCK = 256


def count(a: Tensor, w: Tensor) -> int:
    """Count the orientations that carry 95% of the amplitude |a||w|.

    Greedy clustering: the strongest remaining neuron is the centre of a cluster of all remaining
    ones within 5 degrees, until the clusters have this share. In the plane 36 clusters suffice.

    Parameters
    ----------
    a, w : Tensor (m,), (d, m)
        Neurons, w in the span of the inputs.

    Returns
    -------
    int
        0 if no neuron has an amplitude.
    """
    remaining, order = observables.amplitude(a, w).sort(descending=True, stable=True)
    direction = torch.nn.functional.normalize(w, dim=0)[:, order]
    clusters, threshold = 0, (1 - SHARE) * float(remaining.sum())
    while float(remaining.sum()) > threshold:
        waiting = remaining > 0
        remaining, direction = remaining[waiting], direction[:, waiting]
        close = direction[:, :BLOCK].T @ direction >= math.cos(HALF_WIDTH)
        for centre in range(len(close)):
            if float(remaining.sum()) <= threshold:
                break
            if remaining[centre] > 0:  # not in a cluster of this block yet
                remaining.masked_fill_(close[centre], 0.0)
                remaining[centre] = 0.0
                clusters += 1
    return clusters
