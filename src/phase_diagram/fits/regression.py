"""The line of least squares, and how well the scatter about it fixes its slope."""

import math

import numpy as np
from numpy.typing import NDArray


def slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Fit a line by ordinary least squares.

    Parameters
    ----------
    x, y : ndarray (n,)

    Returns
    -------
    slope : float
        NaN with fewer than two different x.
    standard_error : float
        From the scatter about the line, the points being taken as independent and equally
        scattered. NaN with two points, where there is no scatter.
    """
    if len(np.unique(x)) < 2:
        return math.nan, math.nan
    _, found, squares = line(x, y)
    if len(x) == 2:
        return float(found), math.nan
    variance = float(squares) / (len(x) - 2)
    return float(found), math.sqrt(variance / float(np.sum((x - x.mean()) ** 2)))


def line(
    x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Fit many lines at once, along the last axis.

    Parameters
    ----------
    x, y : ndarray (..., n)

    Returns
    -------
    intercept, slope : ndarray (...)
    squares : ndarray (...)
        Sum of the squared residuals.
    """
    x_mean, y_mean = x.mean(-1, keepdims=True), y.mean(-1, keepdims=True)
    x_off, y_off = x - x_mean, y - y_mean
    rise = np.sum(x_off * y_off, axis=-1) / np.sum(x_off**2, axis=-1)
    squares = np.sum((y_off - rise[..., None] * x_off) ** 2, axis=-1)
    return y_mean[..., 0] - rise * x_mean[..., 0], rise, squares
