"""The scatter of S_w between seeds, estimated by the bootstrap.

Seeds are resampled. For each width as many seeds are drawn, with replacement, as the sweep has,
and one draw is used for all grid points: networks of one seed and width begin with the same
neurons at every grid point, so their log RD deviates in the same direction along a whole row.
Where S_w crosses zero depends on the two slopes beside the crossing, and the errors of these do
not average out as independent ones would. The draws of different widths are independent: a seed
gives different neurons at each width, except for the first few output weights.

The mean of seeds drawn with replacement from K scatters too little, by sqrt((K - 1) / K), which
is 0.82 for three seeds: draws scatter about the mean of the K, not about the true mean. The
deviations of log RD from the mean of their grid point and width are therefore first enlarged by
sqrt(k / (k - 1)), k being the number of networks that converged there (Davison and Hinkley,
Bootstrap Methods and their Application, 1997, section 2.3). Standard errors are then right on
average; with few seeds, the tails of the distribution remain too short for its quantiles.

The result is the scatter between seeds at the trained widths. It does not include the difference
between these widths and infinite width.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from phase_diagram.fits.slopes import fitted

RESAMPLES = 2_000
GENERATOR_SEED = 0


def draw_counts(widths: int, seeds: int) -> NDArray[np.float64]:
    """Draw seeds with replacement for each width; return how often each was drawn.

    Parameters
    ----------
    widths, seeds : int
        Numbers of widths and of seeds.

    Returns
    -------
    ndarray (RESAMPLES, widths, seeds)
        Counts, which sum to `seeds` over the last axis; the same in each call.
    """
    generator = np.random.default_rng(GENERATOR_SEED)
    drawn = generator.integers(seeds, size=(RESAMPLES, widths, seeds))
    return np.sum(drawn[..., None] == np.arange(seeds), axis=2, dtype=np.float64)


def enlarge_deviations(log_rd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Enlarge the deviations from the mean over seeds, so that resamples scatter correctly.

    Parameters
    ----------
    log_rd : ndarray (..., seeds)
        Log of the relative distance, NaN for a network that has none.

    Returns
    -------
    ndarray (..., seeds)
        With the same means. All NaN where there is a single network: its scatter is unknown.
    """
    known = np.isfinite(log_rd)
    networks = known.sum(axis=-1, keepdims=True)
    mean = _mean(log_rd, known, (-1,))
    factor = np.sqrt(networks / np.where(networks > 1, networks - 1.0, np.nan))
    return np.asarray(mean + (log_rd - mean) * factor)


def resampled_slopes(
    sweep: pd.DataFrame, gamma: NDArray[np.float64]
) -> Iterator[tuple[float, NDArray[np.float64]]]:
    """Fit S_w to each resample of the seeds, row by row of the plane.

    Parameters
    ----------
    sweep : pandas.DataFrame
        As for `slopes.fit_slopes`, with `seed` besides.
    gamma : ndarray (g,)
        The columns of the plane, ascending.

    Yields
    ------
    gamma_prime : float
        Of the row; rows come ascending.
    slope : ndarray (RESAMPLES, g)
        S_w of each resample, by the same least squares as `slopes.fit_slopes`. NaN where a
        resample has networks of fewer than two widths, and in all resamples of a grid point
        which is not in the sweep or of which some width has a single network that converged.
    """
    rows, row = np.unique(sweep["gamma_prime"].to_numpy(dtype=np.float64), return_inverse=True)
    column = np.searchsorted(gamma, sweep["gamma"].to_numpy(dtype=np.float64))
    widths, width = np.unique(sweep["width"].to_numpy(dtype=np.float64), return_inverse=True)
    seeds, seed = np.unique(sweep["seed"].to_numpy(), return_inverse=True)
    plane = np.full((len(rows), len(gamma), len(widths), len(seeds)), np.nan)
    use = fitted(sweep).to_numpy()
    rd = sweep["rd"].to_numpy(dtype=np.float64)
    plane[row, column, width, seed] = np.log(rd, where=use, out=np.full(len(use), np.nan))
    counts = draw_counts(len(widths), len(seeds))
    log_width = np.log(widths)
    for gamma_prime, values in zip(rows, plane, strict=True):
        yield float(gamma_prime), _slopes(log_width - log_width.mean(), values, counts)


def _slopes(
    x: NDArray[np.float64], log_rd: NDArray[np.float64], counts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Slopes (resamples, g) for x (w,), log_rd (g, w, seeds), counts (resamples, w, seeds)."""
    known = np.isfinite(log_rd)
    # Centred, so that no digits are lost in the differences below.
    y = enlarge_deviations(log_rd - _mean(log_rd, known, (1, 2)))
    # Sums over the seeds of a width. Not by matrix products, whose bits depend on the threads.
    networks = np.einsum("bwk,gwk->bgw", counts, known.astype(np.float64))
    total = np.einsum("bwk,gwk->bgw", counts, np.where(known, y, 0.0))
    number = networks.sum(2)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = np.einsum("bgw,w->bg", networks, x) / number
        covariance = np.einsum("bgw,w->bg", total, x) - centre * total.sum(2)
        variance = np.einsum("bgw,w->bg", networks, x**2) - centre**2 * number
        slope = covariance / variance
    return np.where((networks > 0).sum(2) >= 2, slope, np.nan)


def _mean(
    values: NDArray[np.float64], known: NDArray[np.bool_], axes: tuple[int, ...]
) -> NDArray[np.float64]:
    """The mean over the values that are not NaN, 0 if all are; the axes are kept."""
    total = np.where(known, values, 0.0).sum(axis=axes, keepdims=True)
    return np.asarray(total / np.maximum(known.sum(axis=axes, keepdims=True), 1))
