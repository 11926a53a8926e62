"""Exact reduction of the inputs to the space they span (docs/theory.md section 7).

Gradients move the input weights of a neuron only within the span of the n inputs. With
X = L Q (rows of Q orthonormal) the projected weights v = Q w obey the same equations with the
inputs L, and the part of w outside the span never moves. Where d > n this is less work for the
same trajectory; where d <= n there is little or nothing to gain (`where_smaller`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

RELATIVE_TOLERANCE = 1e-13
"""An input counts as dependent on the previous ones if the part of it outside their span is at most
this fraction of its length. Rounding leaves 1e-16 to 1e-15 of a truly dependent row. A row kept by
mistake costs one dimension and no accuracy; a row dropped by mistake costs at most this much."""


class Reduction(NamedTuple):
    """X = L Q, with L of shape (n, r) and Q of shape (r, d), r the rank of X."""

    inputs: NDArray[np.float64]
    basis: NDArray[np.float64]


def reduce(inputs: ArrayLike) -> Reduction:
    """Factorise the inputs X into reduced inputs L and an orthonormal basis Q of their span.

    The basis is built row by row: each row of X gives at most one new direction, in which it has
    a positive coordinate. L is therefore a lower trapezoid with positive leading entries, and in
    exact arithmetic the pair (L, Q) is unique: unlike singular vectors it has no free signs, and
    no free rotations where singular values coincide.

    Parameters
    ----------
    inputs : array_like, shape (n, d)
        Finite inputs, the constant-1 column included.

    Returns
    -------
    Reduction
        inputs (n, r) and basis (r, d), float64 and contiguous; L Q reproduces each row of X to
        rounding, relative to the length of the row.

    Raises
    ------
    ValueError
        If `inputs` is not two-dimensional or not finite.
    """
    inputs = np.asarray(inputs, dtype=np.float64)
    if inputs.ndim != 2 or not np.isfinite(inputs).all():
        raise ValueError(f"inputs must be finite and of shape (n, d), not {inputs.shape}")
    count, dimension = inputs.shape
    largest = min(count, dimension)
    reduced = np.zeros((count, largest))
    basis = np.zeros((largest, dimension))
    rank = 0
    for row, reduced_row in zip(inputs, reduced, strict=True):
        # Scaling first keeps the squares below from over- or underflowing.
        scale = np.max(np.abs(row), initial=0.0)
        if scale == 0.0:
            continue
        remainder = row / scale
        length = _length(remainder)
        coordinates = np.zeros(rank)
        # One pass of Gram-Schmidt leaves rounding errors along the basis that are large relative
        # to a small remainder; a second pass removes them ("twice is enough").
        for _ in range(2):
            correction = _dot("ij,j->i", basis[:rank], remainder)
            remainder = remainder - _dot("ij,i->j", basis[:rank], correction)
            coordinates += correction
        reduced_row[:rank] = scale * coordinates
        remainder_length = _length(remainder)
        if rank < largest and remainder_length > RELATIVE_TOLERANCE * length:
            basis[rank] = remainder / remainder_length
            reduced_row[rank] = scale * remainder_length
            rank += 1
    return Reduction(np.ascontiguousarray(reduced[:, :rank]), np.ascontiguousarray(basis[:rank]))


def where_smaller(inputs: ArrayLike) -> Reduction:
    """Factorise as `reduce` if that saves dimensions; otherwise keep the inputs as they are.

    Returns
    -------
    Reduction
        For rank d, the inputs themselves and the identity.
    """
    reduction = reduce(inputs)
    original = np.asarray(inputs, dtype=np.float64)
    dimension = original.shape[1]
    if len(reduction.basis) < dimension:
        return reduction
    return Reduction(original, np.eye(dimension))


def _dot(subscripts: str, matrix: NDArray[np.float64], vector: NDArray[np.float64]) -> NDArray:
    # einsum, not `@`: BLAS sums in an order that depends on its number of threads, which would
    # change the last bits of every training run.
    return np.einsum(subscripts, matrix, vector, optimize=False)


def _length(vector: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.sum(vector * vector)))
