"""Compare measured slopes with the closed form in each wedge of the exponent map."""

import numpy as np
import pandas as pd

from phase_diagram.plane import theory

ON_KINKS = "kinks"
COLUMNS = (
    "wedge",
    "points",
    "error_median",
    "error_max",
    "points_away",
    "error_median_away",
    "error_max_away",
)
# Finite widths smooth the kinks up to about this distance (docs/theory.md section 6).
AWAY = 0.1


def errors(slopes: pd.DataFrame) -> pd.DataFrame:
    """Return the error and the wedge of each slope, and whether it is away from the kinks.

    Parameters
    ----------
    slopes : pandas.DataFrame
        From `phase_diagram.fits.slopes.fit_slopes`: gamma, gamma_prime, slope, theory.

    Returns
    -------
    pandas.DataFrame
        A row per grid point that has a slope and a theory: gamma, gamma_prime; `error`, slope minus
        theory, dimensionless; `wedge`, one of `theory.WEDGES`, or "kinks" for a point on a kink of
        its row; `away`, True where each kink of the row is at least 0.1 away in gamma.
    """
    known = np.isfinite(slopes["slope"]) & np.isfinite(slopes["theory"])
    measured = slopes[known].reset_index(drop=True)
    distance = np.array(
        [
            np.abs(gamma - np.array(theory.kinks(gamma_prime))).min()
            for gamma, gamma_prime in zip(measured["gamma"], measured["gamma_prime"], strict=True)
        ]
    )
    wedge = theory.wedge(measured["gamma"], measured["gamma_prime"]).astype(object)
    return measured[["gamma", "gamma_prime"]].assign(
        error=measured["slope"] - measured["theory"],
        wedge=np.where(distance <= theory.TOLERANCE, ON_KINKS, wedge),
        away=distance >= AWAY - theory.TOLERANCE,
    )


def compare(slopes: pd.DataFrame) -> pd.DataFrame:
    """Compare the slopes of each wedge with the closed form.

    Parameters
    ----------
    slopes : pandas.DataFrame
        From `phase_diagram.fits.slopes.fit_slopes`.

    Returns
    -------
    pandas.DataFrame
        A row for each of `theory.WEDGES`, and one, "kinks", for the points on a kink, which are
        in no wedge. `points`: those with a slope. `error_median`, `error_max`: of their
        |slope - theory|, dimensionless. `points_away`, `error_median_away`, `error_max_away`: the
        same for the points at least 0.1 in gamma from each kink of their row. NaN without points.
    """
    with_errors = errors(slopes)
    rows = []
    for wedge in (*theory.WEDGES, ON_KINKS):
        inside = with_errors[with_errors["wedge"] == wedge]
        row: list[str | float] = [wedge]
        for points in (inside, inside[inside["away"]]):
            size = points["error"].abs()
            row += [len(points), size.median(), size.max()]
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))
