"""At how many orientations do the neurons of a network lie?"""

import math

import torch
from torch import Tensor

from phase_diagram import observables

HALF_WIDTH = math.radians(5.0)
SHARE = 0.95  # of the amplitude


def count(a: Tensor, w: Tensor) -> int:
    """How many orientations carry 95% of the amplitude |a||w|.

    Greedy: the strongest neuron left is the centre of a cluster and takes all those left within
    5 degrees of it, until the clusters hold their share. In the plane 36 clusters hold anything.

    Parameters
    ----------
    a, w : Tensor (m,), (d, m)
        Neurons, w in the span of the inputs.

    Returns
    -------
    int
        0 if no neuron has an amplitude.
    """
    left = observables.amplitude(a, w)
    direction = torch.nn.functional.normalize(w, dim=0)
    clusters, rest = 0, (1 - SHARE) * float(left.sum())
    while float(left.sum()) > rest:
        centre = int(left.argmax())
        close = direction[:, centre] @ direction >= math.cos(HALF_WIDTH)
        close[centre] = True
        left = torch.where(close, 0.0, left)
        clusters += 1
    return clusters
