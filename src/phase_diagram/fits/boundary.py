"""The measured boundary between the linear and the condensed regime, where S_w changes sign."""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from phase_diagram.fits import bootstrap
from phase_diagram.plane import theory

COLUMNS = (
    "gamma_prime",
    "gamma",
    "gamma_standard_error",
    "theory",
    "crossings",
    "gamma_low",
    "gamma_high",
    "resampled_fraction",
)
FROM_RESAMPLES = ["gamma_standard_error", "gamma_low", "gamma_high", "resampled_fraction"]
# The interval from gamma_low to gamma_high.
CENTRAL = (0.025, 0.975)
# A resample has no crossing if it moves beyond the grid's edge or to a point without a slope. Those
# are the extreme resamples, so the scatter of the others is too small.
ENOUGH = 0.95


def find_boundary(slopes: pd.DataFrame, sweep: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find, for each gamma_prime, the gamma at which S_w goes from negative to positive.

    Between two neighbours of the grid S_w is taken as linear in gamma. Nothing is interpolated
    across a grid point that has no slope (NaN, or not in the table). A slope of exactly zero is
    itself the crossing, if the next slope that is not zero is positive.

    Noise can make S_w cross zero more than once. Then the crossing with the fewest grid points on
    the wrong side (positive before it, negative after it) is taken, because in theory S_w grows
    with gamma; a single faulty slope far from the boundary cannot move it. Among equals the last
    is taken, beyond which no measured slope is negative.

    Parameters
    ----------
    slopes : pandas.DataFrame
        From `phase_diagram.fits.slopes.fit_slopes`: gamma, gamma_prime, slope, theory.
    sweep : pandas.DataFrame, optional
        The networks to which the slopes were fitted: gamma, gamma_prime, width, seed, rd, status.
        Without it there are no errors.

    Returns
    -------
    pandas.DataFrame
        A row per gamma_prime, ascending. `gamma`: the crossing, NaN in a row without one. `theory`:
        the boundary of Luo et al. 2021, gamma = 1 for gamma_prime <= 0, gamma = 1 + gamma_prime
        above; NaN in a row whose slopes have no theory. `crossings`: the number of upward
        crossings, 0 in a row without one; more than 1 is a warning. From the bootstrap over seeds
        (bootstrap.py), the crossing being sought anew in each resample: `gamma_standard_error`, the
        standard deviation; `gamma_low` and `gamma_high`, the central 95%; `resampled_fraction`, the
        share of the resamples that have a crossing at all. Error and interval are NaN where that
        share is below 0.95, and so are all four without a crossing, or with a single seed.
    """
    # Laid out over the whole grid, so that a point that is not in the table is treated like one
    # without a slope.
    plane = slopes.pivot(index="gamma_prime", columns="gamma", values="slope").astype(np.float64)
    plane = plane.sort_index(axis=0).sort_index(axis=1)
    rows, gammas = (axis.to_numpy(dtype=np.float64) for axis in (plane.index, plane.columns))
    crossing, number = crossings(gammas, plane.to_numpy())
    boundary = pd.DataFrame(
        {
            "gamma_prime": rows,
            "gamma": crossing,
            "theory": np.where(_has_theory(slopes, rows), theory.boundary(rows), math.nan),
            "crossings": number,
        }
    ).reindex(columns=list(COLUMNS))
    if sweep is not None and sweep["seed"].nunique() > 1:
        errors = dict(_errors(sweep, gammas))
        for index in np.flatnonzero(np.isfinite(crossing)):
            boundary.loc[index, FROM_RESAMPLES] = errors[rows[index]]
    return boundary


def _has_theory(slopes: pd.DataFrame, rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    if "theory" not in slopes:
        return np.ones(len(rows), dtype=bool)
    known: NDArray[np.bool_] = np.isin(rows, slopes.loc[slopes["theory"].notna(), "gamma_prime"])
    return known


def crossings(
    gamma: NDArray[np.float64], slope: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Find the crossing of each row of slopes; `find_boundary` explains which one is taken.

    Parameters
    ----------
    gamma : ndarray (g,)
        Ascending.
    slope : ndarray (..., g)
        NaN for a grid point without a slope.

    Returns
    -------
    crossing : ndarray (...)
        NaN where there is none.
    number : ndarray (...)
        Number of upward crossings.
    """
    if len(gamma) < 2:
        return np.full(slope.shape[:-1], math.nan), np.zeros(slope.shape[:-1], dtype=np.int64)
    # The sign of the first slope, here or later, that is not zero. A missing slope ends the
    # search: NaN is not equal to zero, and not positive either.
    sign = np.sign(slope)
    for index in reversed(range(len(gamma) - 1)):
        later = sign[..., index + 1]
        sign[..., index] = np.where(sign[..., index] == 0, later, sign[..., index])
    upward = (slope[..., :-1] < 0) & (slope[..., 1:] >= 0) & (sign[..., 1:] > 0)
    before = np.cumsum(slope > 0, axis=-1)[..., :-1]
    after = np.cumsum(slope[..., ::-1] < 0, axis=-1)[..., ::-1][..., 1:]
    misplaced = np.where(upward, before + after, len(gamma) + 1)
    # argmin keeps the first of equals, hence the reversal.
    start = len(gamma) - 2 - np.argmin(misplaced[..., ::-1], axis=-1)
    low, high = (_at(slope, start + shift) for shift in (0, 1))
    # Rows without a crossing may divide by zero here, and are dropped below.
    with np.errstate(invalid="ignore", divide="ignore"):
        crossing = gamma[start] - low * (gamma[start + 1] - gamma[start]) / (high - low)
    return np.where(upward.any(-1), crossing, math.nan), upward.sum(-1)


def _errors(
    sweep: pd.DataFrame, gammas: NDArray[np.float64]
) -> Iterator[tuple[float, tuple[float, ...]]]:
    """Yield, row by row, gamma_prime and the values of FROM_RESAMPLES."""
    for gamma_prime, slope in bootstrap.resampled_slopes(sweep, gammas):
        crossing, _ = crossings(gammas, slope)
        finite = crossing[np.isfinite(crossing)]
        fraction = len(finite) / len(crossing)
        if fraction < ENOUGH:
            yield gamma_prime, (math.nan, math.nan, math.nan, fraction)
        else:
            low, high = np.quantile(finite, CENTRAL)
            yield gamma_prime, (float(np.std(finite, ddof=1)), low, high, fraction)


def _at(values: NDArray[np.float64], index: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.take_along_axis(values, index[..., None], axis=-1)[..., 0]
