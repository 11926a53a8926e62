"""Where S_w changes sign: the boundary between the linear and the condensed regime, as measured."""

import math

import numpy as np
import pandas as pd

from phase_diagram import theory

COLUMNS = ("gamma_prime", "gamma", "gamma_standard_error", "theory", "crossings")


def find_boundary(slopes: pd.DataFrame) -> pd.DataFrame:
    """Find, for each gamma_prime, the gamma at which S_w goes from negative to positive.

    Between two neighbours of the grid S_w is taken as linear in gamma. Nothing is interpolated
    across a grid point that has no slope (NaN, or not in the table). A slope of exactly zero is
    itself the crossing, if the next slope that is not zero is positive.

    Noise can make S_w cross zero more than once. Then the crossing taken is the one that leaves
    the fewest grid points on the wrong side (positive before it, negative after it), for S_w
    grows with gamma in theory, so that a single faulty slope far from the boundary cannot move
    it; among equals the last, beyond which nothing measured is negative.

    Parameters
    ----------
    slopes : pandas.DataFrame
        From `phase_diagram.slopes.fit_slopes`: gamma, gamma_prime, slope, slope_standard_error.

    Returns
    -------
    pandas.DataFrame
        A row per gamma_prime, ascending. `gamma`: the crossing, NaN in a row without one.
        `gamma_standard_error`: the errors of the two slopes, taken as independent, carried
        through the interpolation to first order; NaN if one of them is unknown. `theory`: the
        boundary of Luo et al. 2021, gamma = 1 for gamma_prime <= 0, gamma = 1 + gamma_prime
        above. `crossings`: the number of upward crossings, 0 in a row without one; more than 1
        is a warning.
    """
    # Laid out over the whole grid, so that a point that is not in the table is missing like one
    # without a slope.
    plane = slopes.pivot(index="gamma_prime", columns="gamma")
    plane = plane[["slope", "slope_standard_error"]].astype(np.float64)
    plane = plane.sort_index(axis=0).sort_index(axis=1)
    gammas = plane["slope"].columns.to_numpy(dtype=np.float64)
    rows = []
    for gamma_prime, slope, slope_error in zip(
        plane.index,
        plane["slope"].to_numpy(),
        plane["slope_standard_error"].to_numpy(),
        strict=True,
    ):
        crossings = _upward_crossings(slope)
        gamma, standard_error = math.nan, math.nan
        if crossings:
            # max() keeps the first of equals, hence the reversal.
            chosen = max(reversed(crossings), key=lambda start: -_misplaced(slope, start))
            pair = slice(chosen, chosen + 2)
            gamma, standard_error = _interpolate(gammas[pair], slope[pair], slope_error[pair])
        expected = float(theory.boundary(gamma_prime))
        rows.append((gamma_prime, gamma, standard_error, expected, len(crossings)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _upward_crossings(slope: np.ndarray) -> list[int]:
    """Give the index of each slope that is negative and followed by one that is not."""
    starts = []
    for start in range(len(slope) - 1):
        after = slope[start + 1 :]
        # A missing slope ends the search: NaN is not equal to zero, and not positive either.
        nonzero = after[after != 0]
        if slope[start] < 0 <= after[0] and len(nonzero) > 0 and nonzero[0] > 0:
            starts.append(start)
    return starts


def _misplaced(slope: np.ndarray, start: int) -> int:
    return int(np.sum(slope[: start + 1] > 0) + np.sum(slope[start + 1 :] < 0))


def _interpolate(
    gamma: np.ndarray, slope: np.ndarray, standard_error: np.ndarray
) -> tuple[float, float]:
    step = gamma[1] - gamma[0]
    rise = slope[1] - slope[0]
    crossing = gamma[0] - slope[0] * step / rise
    # The derivatives of the crossing by the two slopes are -step slope[1] / rise^2 and
    # step slope[0] / rise^2.
    error = step / rise**2 * math.hypot(slope[1] * standard_error[0], slope[0] * standard_error[1])
    return float(crossing), float(error)
