"""Summary numbers of an experiment, for results/<experiment>/metrics.json."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from phase_diagram.fits import wedges
from phase_diagram.plane import theory

SIGNIFICANT_DIGITS = 6


def summarise(
    sweep: pd.DataFrame, slopes: pd.DataFrame, boundary: pd.DataFrame
) -> dict[str, int | float | None]:
    """Count the networks, and compare slopes and boundary with theory.

    Parameters
    ----------
    sweep : pandas.DataFrame
        A row per network, with `status`.
    slopes : pandas.DataFrame
        From `phase_diagram.fits.slopes.fit_slopes`.
    boundary : pandas.DataFrame
        From `phase_diagram.fits.boundary.find_boundary`.

    Returns
    -------
    dict
        networks, converged: numbers of networks, `converged` by status; converged_fraction; rows,
        rows_with_crossing: numbers of gamma_prime values; boundary_error_max, _mean and _median: of
        |gamma - theory| over the rows with a crossing; boundary_standard_error_max and _median:
        over the rows that have a standard error; rows_with_interval: those that have the central
        95% of the bootstrap; rows_theory_in_interval: those of them whose theoretical boundary lies
        in it (None without theory); boundary_resampled_fraction_min: the smallest share of
        resamples with a crossing in a row that has one; slope_error_max and slope_error_median: of
        |slope - theory| over the grid points that have both; slope_error_max_away, _median_away and
        points_away: the same, and the number, of the points away from the kinks of the closed form
        (wedges.py). Fractions and errors (dimensionless) are rounded to six significant digits, and
        None if no values enter them.
    """
    converged = int((sweep["status"] == "converged").sum())
    boundary_errors = (boundary["gamma"] - boundary["theory"]).abs().dropna().to_numpy()
    standard_errors = boundary["gamma_standard_error"].dropna().to_numpy()
    with_interval = boundary[boundary["gamma_low"].notna()]
    covered = with_interval["theory"].between(
        with_interval["gamma_low"], with_interval["gamma_high"]
    )
    fractions = boundary["resampled_fraction"].dropna().to_numpy()
    errors = wedges.errors(slopes)
    slope_errors = errors["error"].abs().to_numpy()
    away = slope_errors[errors["away"]]
    return {
        "networks": len(sweep),
        "converged": converged,
        "converged_fraction": _rounded(converged / len(sweep)) if len(sweep) else None,
        "rows": len(boundary),
        "rows_with_crossing": int(boundary["gamma"].notna().sum()),
        "boundary_error_max": _over(np.max, boundary_errors),
        "boundary_error_mean": _over(np.mean, boundary_errors),
        "boundary_error_median": _over(np.median, boundary_errors),
        "boundary_standard_error_max": _over(np.max, standard_errors),
        "boundary_standard_error_median": _over(np.median, standard_errors),
        "rows_with_interval": len(with_interval),
        "rows_theory_in_interval": int(covered.sum()) if theory.known(boundary) else None,
        "boundary_resampled_fraction_min": _over(np.min, fractions),
        "slope_error_max": _over(np.max, slope_errors),
        "slope_error_median": _over(np.median, slope_errors),
        "points_away": len(away),
        "slope_error_max_away": _over(np.max, away),
        "slope_error_median_away": _over(np.median, away),
    }


def _over(reduce: Callable[[np.ndarray], Any], errors: np.ndarray) -> float | None:
    return _rounded(float(reduce(errors))) if errors.size else None


def _rounded(value: float) -> float:
    # Enough to compare, and few enough not to show a change in the last bits.
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
