"""Quadrature neurons: a fixed number of neurons that replace any number of random ones.

In wide networks a sum over m random neurons tends to m times a mean over their distribution, which
is approximated by N nodes, each standing for m / N neurons. The nodes are a scrambled Sobol
sequence mapped to the normal distribution, in antithetic pairs (a, w), (-a, w): the initial output
is exactly zero, as it is in the limit for gamma > 1/2 (docs/theory.md section 6).
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray

from phase_diagram.two_layer.start.neurons import Neurons


def nodes(seed: int, count: int, basis: NDArray[np.float64]) -> Neurons:
    """Give the quadrature neurons of a network.

    Parameters
    ----------
    seed : int
        Of the scrambling; other seeds give other nodes of the same quality, so their scatter
        estimates the error of the quadrature.
    count : int
        N, even; powers of two suit the sequence.
    basis : ndarray (r, d)
        As in `neurons.draw`; the nodes live in its span, and what lies outside enters the norm
        by its mean.
    """
    rank, dimension = basis.shape
    engine = torch.quasirandom.SobolEngine(1 + rank, scramble=True, seed=seed)
    uniform = engine.draw(count // 2, dtype=torch.float64).numpy().T
    # The sequence consists of multiples of 2^-30, including 0, which has no normal deviate:
    # shifted by half a step it avoids 0 and is centred.
    normal = _normal(uniform + 2.0**-31)
    a = np.concatenate([normal[0], -normal[0]])
    w = np.concatenate([normal[1:], normal[1:]], axis=1)
    outside = count * (dimension - rank)
    return Neurons(a, w, math.sqrt(float(np.einsum("rk,rk->", w, w)) + outside))


def _normal(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard normal deviate with this cumulative probability."""
    centred = torch.from_numpy(2.0 * probability - 1.0)
    return (math.sqrt(2.0) * torch.erfinv(centred)).numpy()
