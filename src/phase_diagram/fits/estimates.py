"""Which networks enter the averages and fits, and the mean of their numbers.

In NumPy alone, for commands that answer at once: pandas takes a quarter of a second to import.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray


def fitted(status: ArrayLike, rd: ArrayLike) -> NDArray[np.bool_]:
    """Say which networks enter the averages and fits.

    Parameters
    ----------
    status : array_like of str, shape (n,)
        How training ended, see outcome.py.
    rd : array_like, shape (n,)
        RD(theta_w), dimensionless.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where training converged and `rd` is positive and finite: a network that stopped
        short of a solution does not have its RD, and only a positive RD has a logarithm.
    """
    rd = np.asarray(rd, dtype=np.float64)
    use: NDArray[np.bool_] = (np.asarray(status) == "converged") & np.isfinite(rd) & (rd > 0)
    return use


def mean(values: NDArray[np.float64]) -> tuple[float, float]:
    """Average numbers that scatter.

    Parameters
    ----------
    values : ndarray (n,)

    Returns
    -------
    mean : float
        NaN if there is none.
    standard_error : float
        Of the mean, from the scatter; NaN with fewer than two.
    """
    if not len(values):
        return math.nan, math.nan
    if len(values) == 1:
        return float(values[0]), math.nan
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))
