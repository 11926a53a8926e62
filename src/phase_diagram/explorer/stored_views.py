"""Views of an experiment as a file: data shown for each grid point, as small integers.

An integer of 8 or 16 bits between two bounds is accurate enough for a picture and smaller.
"""

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from phase_diagram.errors import InputError
from phase_diagram.files.archive import read_archive, write_archive


@dataclass(frozen=True, eq=False)
class Views:
    """Views of P grid points, as they are stored.

    Attributes
    ----------
    dataset, method : ndarray of str, 0-dimensional
    width, quadrature, tolerance : ndarray, 0-dimensional
        How the networks were made; quadrature is 0 where neurons are random.
    sampled : ndarray, 0-dimensional
        How many of the neurons shown are drawn at random.
    statuses : ndarray of str
        All possible statuses of a network.
    gamma, gamma_prime : ndarray (P,)
    status : ndarray (P,) of uint8
        Index in `statuses`.
    rd, loss, time : ndarray (P,)
        At the end: RD, R, normalised time. NaN where nothing was trained.
    condensation : ndarray (P, 2)
        C before and after training.
    line : ndarray of bool, 0-dimensional
        Whether there is one input besides the bias. Outputs are then those on an even grid, which
        runs a tenth of the data's range beyond it; else those at the training inputs, an even
        choice where there are many.
    x : ndarray (g,)
        The grid; empty where inputs are no line.
    data : ndarray (n, 2)
        On the line x and target; else 0 and the target that belongs to each output.
    outputs : ndarray (P, 2, g) of uint16, outputs_bounds (P, 2, 2)
        f before and after training.
    orientation : ndarray (P, 2, k) of uint16
        Of `sampled` neurons drawn at random, the same at every point, and of those with the largest
        amplitudes after training. On the line the angle of (w, b) between -pi and pi, else the
        cosine with the all-ones vector projected to the span of the inputs, between -1 and 1.
    amplitude : ndarray (P, 2, k) of uint8
        |a||w| in units of the largest of all neurons at that time.
    losses : ndarray (P, l) of uint16, losses_bounds (P, 2)
        log10 R during training.
    times : ndarray (P, l) of uint16
        In units of the time at the end.
    lengths : ndarray (P,) of uint8
        How many of the l belong to the point.
    """

    dataset: NDArray
    method: NDArray
    width: NDArray
    quadrature: NDArray
    tolerance: NDArray
    sampled: NDArray
    statuses: NDArray
    gamma: NDArray
    gamma_prime: NDArray
    status: NDArray
    rd: NDArray
    loss: NDArray
    time: NDArray
    condensation: NDArray
    line: NDArray
    x: NDArray
    data: NDArray
    outputs: NDArray
    outputs_bounds: NDArray
    orientation: NDArray
    amplitude: NDArray
    losses: NDArray
    losses_bounds: NDArray
    times: NDArray
    lengths: NDArray

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write an NPZ file atomically; equal views give equal bytes.

        Raises
        ------
        OSError
            If the folder cannot be written to.
        """
        write_archive(path, {field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read views from a file written by `save`.

        Raises
        ------
        InputError
            If the file is missing or damaged, or its arrays do not fit together.
        """
        names = [field.name for field in fields(cls)]
        views = cls(**read_archive(Path(path), names))
        points = views.gamma.shape
        for name in names[names.index("gamma") :]:
            if name not in ("line", "x", "data") and getattr(views, name).shape[:1] != points:
                shape = getattr(views, name).shape
                raise InputError(f"{path}: {name}: shape {shape}, expected {points[0]} rows")
        return views


def quantised_rows(
    values: ArrayLike, dtype: DTypeLike = np.uint16
) -> tuple[NDArray[np.unsignedinteger], NDArray[np.float64]]:
    """Quantise each row between its smallest and its largest value.

    Parameters
    ----------
    values : array_like, shape (..., k)
        NaN marks missing values; its integer is 0, like that of the smallest value.
    dtype : dtype
        Unsigned.

    Returns
    -------
    integers : ndarray of `dtype`, shape (..., k)
    bounds : ndarray (..., 2)
        Smallest and largest finite value; NaN if there is none. Up to rounding, restored values
        are off by at most half of (largest - smallest) / (2^bits - 1).
    """
    values = np.asarray(values, dtype=np.float64)
    known = np.isfinite(values)
    some = known.any(axis=-1)
    low = np.where(some, np.where(known, values, np.inf).min(axis=-1, initial=np.inf), np.nan)
    high = np.where(some, np.where(known, values, -np.inf).max(axis=-1, initial=-np.inf), np.nan)
    bounds = np.stack([low, high], axis=-1)
    return quantised(values, bounds, dtype), bounds


def quantised(
    values: ArrayLike, bounds: ArrayLike, dtype: DTypeLike = np.uint16
) -> NDArray[np.unsignedinteger]:
    """Quantise values (..., k) between given bounds (..., 2).

    Values beyond are clipped to the bounds; NaN becomes the lower one.
    """
    values, bounds = np.asarray(values, dtype=np.float64), np.asarray(bounds, dtype=np.float64)
    low, width = bounds[..., :1], bounds[..., 1:] - bounds[..., :1]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(width > 0, (values - low) / width, 0.0)
    share = np.clip(np.nan_to_num(share, nan=0.0), 0.0, 1.0)
    return np.rint(share * np.iinfo(dtype).max).astype(dtype)


def read_quantised(integers: NDArray[np.unsignedinteger], bounds: ArrayLike) -> NDArray[np.float64]:
    """Return the values of integers (..., k) between bounds (..., 2)."""
    bounds = np.asarray(bounds, dtype=np.float64)
    share = integers / np.iinfo(integers.dtype).max
    return bounds[..., :1] + share * (bounds[..., 1:] - bounds[..., :1])
