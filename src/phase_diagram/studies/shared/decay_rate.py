"""The rate at which the amplitude of one mode of a residual decays."""

import math

import numpy as np
from numpy.typing import NDArray

# A mode is followed until it has fallen to this share of its start. Later it decays like the slower
# modes, because the eigenvectors rotate slightly and mix them.
FLOOR = 0.05
RECORDS = 3  # fewest for a rate


def fit(time: NDArray[np.float64], amplitude: NDArray[np.float64]) -> tuple[float, int]:
    """Fit the rate of an exponential decay.

    Least squares of log amplitude against time, from the start until the amplitude first falls
    below 5% of its start or changes its sign.

    Parameters
    ----------
    time, amplitude : ndarray (k,)

    Returns
    -------
    rate, records : float, int
        NaN with fewer than three records to fit.
    """
    share = amplitude / amplitude[0] if amplitude[0] else np.zeros_like(amplitude)
    # Written so that NaN ends the fit too.
    ended = np.flatnonzero(~(share >= FLOOR))
    records = int(ended[0]) if len(ended) else len(share)
    if records < RECORDS:
        return math.nan, records
    slope, _ = np.polyfit(time[:records], np.log(share[:records]), 1)
    return -float(slope), records
