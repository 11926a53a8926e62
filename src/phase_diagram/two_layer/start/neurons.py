"""Initial neurons: seeded standard normal numbers, projected to the space of training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Input weights are drawn and projected in blocks of about this many numbers (32 MiB).
BLOCK = 2**22


@dataclass(frozen=True)
class Neurons:
    """Normalised initial neurons.

    Attributes
    ----------
    a : ndarray (m,)
        Output weights.
    w : ndarray (r, m)
        Input weights, in the coordinates of the basis.
    norm : float
        |theta_w(0)|: Euclidean norm of all input weights before projection.
    """

    a: NDArray[np.float64]
    w: NDArray[np.float64]
    norm: float


def draw(seed: int, width: int, basis: NDArray[np.float64]) -> Neurons:
    """Draw the neurons of a network: a, then w row by row, all standard normal.

    The numbers do not depend on the basis: a seed defines a network in the full space of the
    inputs, and the reduction only leaves out what never moves (docs/theory.md section 7).

    Parameters
    ----------
    seed : int
        Seed of `numpy.random.default_rng`.
    width : int
        m, the number of neurons.
    basis : ndarray (r, d)
        Orthonormal rows; the identity where there is no reduction.
    """
    rank, dimension = basis.shape
    generator = np.random.default_rng(seed)
    a = generator.standard_normal(width)
    w = np.empty((rank, width))
    squares = 0.0
    rows = max(1, BLOCK // dimension)
    for start in range(0, width, rows):
        block = generator.standard_normal((min(rows, width - start), dimension))
        w[:, start : start + rows] = basis @ block.T
        squares += float(np.einsum("kd,kd->", block, block))
    return Neurons(a, w, squares**0.5)
