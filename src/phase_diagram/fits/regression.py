"""Selection of the networks that enter fits, means, and least-squares lines.

With NumPy only, for commands that answer at once: importing pandas takes a quarter of a second.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
        From the scatter about the line, assuming independent points of equal scatter. NaN with
        two points, which have no scatter.
    """
    if len(np.unique(x)) < 2:
        return math.nan, math.nan
    _, fitted_slope, squares = line(x, y)
    if len(x) == 2:
        return float(fitted_slope), math.nan
    variance = float(squares) / (len(x) - 2)
    return float(fitted_slope), math.sqrt(variance / float(np.sum((x - x.mean()) ** 2)))


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


def fitted(status: ArrayLike, rd: ArrayLike) -> NDArray[np.bool_]:
    """Return which networks enter the averages and fits.

    Parameters
    ----------
    status : array_like of str, shape (n,)
        How training ended, see outcome.py.
    rd : array_like, shape (n,)
        RD(theta_w), dimensionless.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where training converged and `rd` is positive and finite: a network that did not
        converge has not reached its final RD, and only a positive RD has a logarithm.
    """
    rd = np.asarray(rd, dtype=np.float64)
    use: NDArray[np.bool_] = (np.asarray(status) == "converged") & np.isfinite(rd) & (rd > 0)
    return use


def mean(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the mean of some values and its standard error.

    Parameters
    ----------
    values : ndarray (n,)

    Returns
    -------
    mean : float
        NaN without values.
    standard_error : float
        Of the mean, from the scatter; NaN with fewer than two values.
    """
    if not len(values):
        return math.nan, math.nan
    if len(values) == 1:
        return float(values[0]), math.nan
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))
