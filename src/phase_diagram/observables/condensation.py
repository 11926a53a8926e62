"""The order parameter of condensation: how likely two neurons are to point the same way.

Neurons count by their amplitude |a| |w|, what they contribute to the output. Two of them, drawn
independently with probabilities in proportion to amplitude, point the same way within ANGLE with
a probability C in (0, 1]. It is 1 where all of the amplitude lies at one orientation, 1/k where
it is shared evenly among k of them, and 10/360 for neurons at random angles in the plane; 1/C is
an effective number of orientations (Simpson's index of diversity, inverted). Unlike a count of
the orientations that carry some share of the amplitude it needs no clustering, no order in which
clusters are found, and no bins, and it means the same in the plane and in high dimension.
"""

import math

import torch
from torch import Tensor

ANGLE = math.radians(5.0)

# Neurons drawn: the error is about 1 / DRAWS at a network at random angles, and the pairs cost
# next to nothing.
DRAWS = 1000
BLOCK = 100


def condensation(a: Tensor, w: Tensor) -> float:
    """Probability that two neurons drawn by amplitude point the same way.

    Parameters
    ----------
    a : Tensor (m,)
        Output weights.
    w : Tensor (d, m)
        Input weights. In the coordinates of the inputs' span it is the orientation there that
        counts, the only one that training can change.

    Returns
    -------
    float
        In [0, 1], dimensionless; NaN if no neuron has an amplitude. The draws are systematic
        (equal steps along the cumulated amplitudes), so that equal networks give equal numbers.
    """
    length = torch.linalg.vector_norm(w, dim=0)
    cumulated = torch.cumsum(a.abs() * length, 0)
    total = float(cumulated[-1])
    if not (math.isfinite(total) and total > 0):
        return math.nan
    steps = (torch.arange(DRAWS, dtype=a.dtype, device=a.device) + 0.5) * (total / DRAWS)
    drawn = torch.searchsorted(cumulated, steps).clamp_(max=len(a) - 1)
    direction = w[:, drawn] / length[drawn]
    # In blocks, which stay in the cache; one number at the end, for which a GPU is waited for.
    blocks = direction.split(BLOCK, 1)
    close = int(sum((block.T @ direction > math.cos(ANGLE)).sum() for block in blocks))
    # Each draw is close to itself (to rounding); a neuron that is drawn twice is a pair.
    return max(0, close - DRAWS) / (DRAWS * (DRAWS - 1))
