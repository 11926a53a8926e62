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
    # Here, because importing it takes longer than all fits of an experiment, and the figures
    # import this module but fit nothing.
    from scipy import stats  # type: ignore[import-untyped]

    if len(np.unique(x)) < 2:
        return math.nan, math.nan
    fit = stats.linregress(x, y)
    if len(x) == 2:  # they lie on a line exactly, which linregress calls an error of zero
        return float(fit.slope), math.nan
    # Without any scatter at all, linregress divides zero by zero.
    return float(fit.slope), float(fit.stderr) if np.ptp(y) > 0 else 0.0
