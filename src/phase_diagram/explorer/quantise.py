"""Numbers as small integers between two bounds: what a picture needs, in an eighth of the room."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


def rows(
    values: ArrayLike, kind: DTypeLike = np.uint16
) -> tuple[NDArray[np.unsignedinteger], NDArray[np.float64]]:
    """Quantise each row between its smallest and its largest value.

    Parameters
    ----------
    values : array_like, shape (..., k)
        NaN stands for what is not known; its integer is 0, like that of the smallest.
    kind : dtype
        Unsigned.

    Returns
    -------
    integers : ndarray of `kind`, shape (..., k)
    bounds : ndarray (..., 2)
        Smallest and largest finite value; NaN where there is none. What is read back is off by
        at most half of (largest - smallest) / (2^bits - 1), beside rounding.
    """
    values = np.asarray(values, dtype=np.float64)
    known = np.isfinite(values)
    some = known.any(axis=-1)
    low = np.where(some, np.where(known, values, np.inf).min(axis=-1, initial=np.inf), np.nan)
    high = np.where(some, np.where(known, values, -np.inf).max(axis=-1, initial=-np.inf), np.nan)
    bounds = np.stack([low, high], axis=-1)
    return between(values, bounds, kind), bounds


def between(
    values: ArrayLike, bounds: ArrayLike, kind: DTypeLike = np.uint16
) -> NDArray[np.unsignedinteger]:
    """Quantise values (..., k) between given bounds (..., 2).

    What lies beyond becomes the bound, NaN the lower one.
    """
    values, bounds = np.asarray(values, dtype=np.float64), np.asarray(bounds, dtype=np.float64)
    low, width = bounds[..., :1], bounds[..., 1:] - bounds[..., :1]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(width > 0, (values - low) / width, 0.0)
    share = np.clip(np.nan_to_num(share, nan=0.0), 0.0, 1.0)
    return np.rint(share * np.iinfo(kind).max).astype(kind)


def read(integers: NDArray[np.unsignedinteger], bounds: ArrayLike) -> NDArray[np.float64]:
    """Give back the values of integers (..., k) between bounds (..., 2)."""
    bounds = np.asarray(bounds, dtype=np.float64)
    share = integers / np.iinfo(integers.dtype).max
    return bounds[..., :1] + share * (bounds[..., 1:] - bounds[..., :1])
