"""RD as a function of the width at some points of the plane (Luo et al. 2021, figure 3 a to c)."""

from typing import Any

import numpy as np
import pandas as pd

from phase_diagram.errors import InputError
from phase_diagram.fits import slopes
from phase_diagram.plane import theory
from phase_diagram.studies.shared import selection

TABLES: dict[str, tuple[str, ...]] = {
    "distances": (
        "gamma",
        "gamma_prime",
        "width",
        "rd",
        "rd_standard_error",
        "networks",
        "converged",
    ),
    "fits": (
        "gamma",
        "gamma_prime",
        "regime",
        "slope",
        "slope_standard_error",
        "prefactor",
        "theory",
        "networks",
        "converged",
    ),
}


def measure(study: Any, *, experiment: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Average RD over the seeds at some points, and fit a power of the width to it.

    Parameters
    ----------
    study : object
        With the attribute `points`, a sequence of (gamma, gamma_prime).
    experiment : pandas.DataFrame
        The sweep, a row per network.

    Returns
    -------
    dict
        `distances`: a row per point and width, as of `slopes.relative_distances`. `fits`: a row
        per point, `slope` and so on as of `slopes.fit_slopes`, `regime` that of the limit
        (`theory.NO_REGIME` if theory gives none), and `prefactor`, RD = prefactor m^slope. Points
        are in the given order. All numbers are dimensionless.

    Raises
    ------
    InputError
        If the sweep has no network at one of the points.
    """
    distances, fits = [], []
    for point in study.points:
        networks = selection.at(experiment, point)
        if networks.empty:
            raise InputError(f"the sweep has no networks at (gamma, gamma_prime) = {tuple(point)}")
        distances.append(slopes.relative_distances(networks))
        fit = slopes.fit_slopes(networks)
        used = networks[slopes.fitted(networks)]
        log_width = np.log(used["width"].to_numpy(dtype=np.float64))
        log_rd = np.log(used["rd"].to_numpy(dtype=np.float64))
        intercept = np.mean(log_rd - fit["slope"].item() * log_width) if len(used) else np.nan
        regime = theory.regime(*point) if theory.known(fit) else theory.NO_REGIME
        fits.append(fit.assign(regime=regime, prefactor=np.exp(intercept)))
    tables = {"distances": pd.concat(distances), "fits": pd.concat(fits)}
    return {
        name: table[list(TABLES[name])].reset_index(drop=True) for name, table in tables.items()
    }
