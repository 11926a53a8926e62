"""Fit how the relative distance scales with the width: a least-squares slope per grid point."""

from typing import Any

import numpy as np
import pandas as pd

from phase_diagram.fits import regression
from phase_diagram.plane import theory

COLUMNS = (
    "gamma",
    "gamma_prime",
    "slope",
    "slope_standard_error",
    "theory",
    "networks",
    "converged",
)
DISTANCE_COLUMNS = (
    "gamma",
    "gamma_prime",
    "width",
    "rd",
    "rd_standard_error",
    "networks",
    "converged",
    "condensation",
    "condensation_standard_error",
)


def fitted(sweep: pd.DataFrame) -> pd.Series:
    """Return which networks enter the averages and fits.

    Parameters
    ----------
    sweep : pandas.DataFrame
        A row per network, with at least `status` and `rd`.

    Returns
    -------
    pandas.Series of bool
        See `regression.fitted`.
    """
    return pd.Series(regression.fitted(sweep["status"], sweep["rd"]), index=sweep.index)


def fit_slopes(sweep: pd.DataFrame) -> pd.DataFrame:
    """Fit S_w, the slope of log RD(theta_w) against log m, at each grid point.

    Ordinary least squares over all converged networks (each width and seed) of the grid point:
    the exponent of Luo et al. 2021, eq. 19, at finite widths.

    Parameters
    ----------
    sweep : pandas.DataFrame
        A row per network, with at least `gamma`, `gamma_prime`, `width`, `rd` and `status`;
        `activation`, the same for all of them, relu if there is no such column.

    Returns
    -------
    pandas.DataFrame
        A row per grid point, by gamma_prime, then gamma. `slope` (dimensionless): NaN with fewer
        than two different widths left. `slope_standard_error`: from the scatter about the line,
        assuming independent networks of equal scatter; it does not include the distance of the
        widths from infinity. NaN with two networks, which have no scatter.
        `theory`: the exponent of docs/theory.md section 5, NaN if it is not that of the activation
        (`theory.applies`). `networks`: all networks trained at
        this point. `converged`: those of them in the fit (see `fitted`).
    """
    use = fitted(sweep).to_numpy()
    # Widths of quadrature neurons may be beyond numpy's integers.
    log_width = np.log(sweep["width"].to_numpy(dtype=np.float64))
    log_rd = np.log(sweep["rd"].to_numpy(), where=use, out=np.full(len(use), np.nan))
    rows = []
    points: dict[Any, Any] = sweep.groupby(["gamma_prime", "gamma"]).indices
    for (gamma_prime, gamma), networks in sorted(points.items()):
        used = networks[use[networks]]
        slope, standard_error = regression.slope(log_width[used], log_rd[used])
        rows.append((gamma, gamma_prime, slope, standard_error, len(networks), len(used)))
    columns = [name for name in COLUMNS if name != "theory"]
    table = pd.DataFrame(rows, columns=columns)
    expected = theory.exponent(table["gamma"].to_numpy(), table["gamma_prime"].to_numpy())
    if "activation" in sweep and not sweep["activation"].map(theory.applies).all():
        expected = np.full(len(table), np.nan)
    return table.assign(theory=expected)[list(COLUMNS)]


def relative_distances(sweep: pd.DataFrame) -> pd.DataFrame:
    """Average RD(theta_w) and condensation over the seeds of each grid point and width.

    Parameters
    ----------
    sweep : pandas.DataFrame
        As for `fit_slopes`, with `condensation` besides.

    Returns
    -------
    pandas.DataFrame
        A row per grid point and width, by gamma_prime, gamma, width, with the columns of
        `DISTANCE_COLUMNS`, all dimensionless. `rd`, `condensation`: the means over the converged
        networks (those of `fitted`), NaN if there is none. `rd_standard_error`,
        `condensation_standard_error`: the standard errors of these means, NaN with fewer than
        two networks. `networks`: all that were trained. `converged`: those in the means.
    """
    keys = ["gamma_prime", "gamma", "width"]
    measured = ["rd", "condensation"]
    used = sweep.assign(**sweep[measured].where(fitted(sweep)))
    averages = used.groupby(keys, sort=True).agg(
        rd=("rd", "mean"),
        rd_standard_error=("rd", "sem"),
        networks=("rd", "size"),
        converged=("rd", "count"),
        condensation=("condensation", "mean"),
        condensation_standard_error=("condensation", "sem"),
    )
    return averages.reset_index()[list(DISTANCE_COLUMNS)]
