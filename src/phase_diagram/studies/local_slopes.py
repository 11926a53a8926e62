"""How S_w at finite widths approaches the exponent of infinite width (docs/theory.md section 6).

Two sweeps of the same problem are used: one with quadrature neurons, whose widths may be
arbitrarily large, and one with random neurons. The local slope, from one width to the next, shows
the approach; extrapolation.py fits it.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from phase_diagram.fits import bootstrap, extrapolation, slopes
from phase_diagram.fits.extrapolation import INVERSE_LOG, PARAMETERS, POWER, Fit
from phase_diagram.plane import theory
from phase_diagram.studies.shared import selection

TABLES: dict[str, tuple[str, ...]] = {
    "local_slopes": (
        "source",
        "gamma",
        "gamma_prime",
        "width_from",
        "width_to",
        "slope",
        "slope_standard_error",
    ),
    "extrapolations": (
        "source",
        "gamma",
        "gamma_prime",
        "which",
        "chosen",
        "slope",
        "uncertainty",
        "theory",
        "amplitude",
        "rate",
        "residual",
        "width_from",
        "local_slopes",
        "standard_error_fit",
        "standard_error_seeds",
        "change_without_narrowest",
        "difference_of_forms",
    ),
}
# If the residuals of the two forms differ by less than this factor, the data cannot decide.
CLEARLY = 2.0
# Of a distribution over resamples: half of the central 68%, which is robust to a few bad fits.
CENTRAL = (0.1587, 0.8413)


def measure(
    study: Any, *, quadrature: pd.DataFrame, random: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Compute local slopes at some points, and extrapolate them to infinite width.

    Parameters
    ----------
    study : object
        With the attribute `points`, a sequence of (gamma, gamma_prime).
    quadrature, random : pandas.DataFrame
        Sweeps, a row per network. A point missing in one of them has no rows for that source.

    Returns
    -------
    dict
        `local_slopes`: a row per source ("quadrature", "random"), point and pair of neighbouring
        widths: the slope of the mean log RD between `width_from` and `width_to`, with its
        standard error over the seeds (bootstrap.py; NaN with one seed).

        `extrapolations`: a row per source, point and form (`which`, see extrapolation.py).
        `slope`: S at infinite width. `amplitude`, `rate`, `residual`: of the fit.
        `width_from`, `local_slopes`: narrowest width and number of local slopes in it.
        `chosen`: 1 for the form that is used, 0 for the other. It is the one with the smaller
        residual; with too few slopes for residuals, the power if it can be fitted.
        `uncertainty`: the root of the sum of the squares of those of the next four that are
        known. `standard_error_fit`: of S, from the residuals. `standard_error_seeds`: from the
        bootstrap, half the central 68%.
        `change_without_narrowest`: of S, when the narrowest local slope is left out; NaN where too
        few remain. `difference_of_forms`: the difference of S between the two forms, if their
        residuals differ by less than a factor of 2, else 0; with too few slopes for the power,
        the difference of S from the widest local slope. `theory`: the closed form. All numbers
        are dimensionless. The uncertainty does not include the error of the solver: if it drifts
        by 0.1% of RD over two decades of m, a local slope is off by 0.0002.
    """
    local, extrapolated = [], []
    for source, sweep in (("quadrature", quadrature), ("random", random)):
        for point in study.points:
            networks = selection.at(sweep, point)
            networks = networks[slopes.fitted(networks)]
            if networks["width"].nunique() < 2:
                continue
            # The nodes of one scrambling are the same at all widths; random neurons differ.
            width, central, resampled = _local_slopes(networks, shared=source == "quadrature")
            gamma, gamma_prime = (float(exponent) for exponent in point)
            key: dict[str, Any] = {"source": source, "gamma": gamma, "gamma_prime": gamma_prime}
            columns = {
                "width_from": width[:-1],
                "width_to": width[1:],
                "slope": central,
                "slope_standard_error": pd.DataFrame(resampled).std().to_numpy(),
            }
            local.append(pd.DataFrame(columns).assign(**key))
            forms = pd.DataFrame(_extrapolate(width, central, resampled))
            extrapolated.append(
                forms.assign(**key, theory=float(theory.exponent(gamma, gamma_prime)))
            )
    return {
        name: pd.concat(frames).reindex(columns=list(TABLES[name])).reset_index(drop=True)
        if frames
        else pd.DataFrame(columns=list(TABLES[name]))
        for name, frames in (("local_slopes", local), ("extrapolations", extrapolated))
    }


def _local_slopes(
    networks: pd.DataFrame, *, shared: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Widths (n + 1,), local slopes (n,), and those of resamples (b, n), b = 0 for one seed."""
    networks = networks.assign(width=networks["width"].astype(float), rd=np.log(networks["rd"]))
    plane = networks.pivot(index="width", columns="seed", values="rd").sort_index()
    width, log_rd = plane.index.to_numpy(), plane.to_numpy()
    step = np.diff(np.log(width))
    central = np.diff(np.nanmean(log_rd, axis=1)) / step
    if log_rd.shape[1] < 2:
        return width, central, np.empty((0, len(central)))
    counts = bootstrap.draw_counts(1 if shared else len(width), log_rd.shape[1])
    enlarged = bootstrap.enlarge_deviations(log_rd)
    known = np.isfinite(enlarged)
    total = np.sum(counts * np.where(known, enlarged, 0.0), axis=2)
    number = np.sum(counts * known, axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return width, central, np.diff(total / number, axis=1) / step


def _extrapolate(
    width: NDArray[np.float64], central: NDArray[np.float64], resampled: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """One row for each form; both are fitted to the same local slopes."""
    first = extrapolation.window(np.log(width), central)
    width, central, resampled = width[first:], central[first:], resampled[:, first:]
    log_width = np.log(width)
    resampled = resampled[np.isfinite(resampled).all(axis=1)]
    fits = {form: extrapolation.fit(form, log_width, central[None]) for form in PARAMETERS}
    rows = []
    for form, fitted in fits.items():
        without = extrapolation.fit(form, log_width[1:], central[None, 1:])
        of_resamples = extrapolation.fit(form, log_width, resampled).slope
        low, high = np.quantile(of_resamples, CENTRAL) if len(of_resamples) else (np.nan, np.nan)
        error = extrapolation.standard_error(form, log_width, central)
        errors = {
            "standard_error_fit": error if np.isfinite(error) else np.nan,
            "standard_error_seeds": (high - low) / 2,
            "change_without_narrowest": abs(without.slope[0] - fitted.slope[0]),
            "difference_of_forms": _difference(fits, central),
        }
        rows.append(
            {
                "which": form,
                "chosen": float(form == _chosen(fits)),
                "slope": fitted.slope[0],
                "uncertainty": np.sqrt(np.nansum(np.square(list(errors.values())))),
                "amplitude": fitted.amplitude[0],
                "rate": fitted.rate[0],
                "residual": fitted.residual[0],
                "width_from": width[0],
                "local_slopes": float(len(central)),
                **errors,
            }
        )
    return rows


def _chosen(fits: dict[str, Fit]) -> str:
    residuals = {form: fitted.residual[0] for form, fitted in fits.items()}
    if np.isfinite(list(residuals.values())).all():
        return min(residuals, key=lambda form: residuals[form])
    return POWER if np.isfinite(fits[POWER].slope[0]) else INVERSE_LOG


def _difference(fits: dict[str, Fit], central: NDArray[np.float64]) -> float:
    power, inverse_log = fits[POWER], fits[INVERSE_LOG]
    if not np.isfinite(power.slope[0]):
        return float(abs(inverse_log.slope[0] - central[-1]))
    smaller, larger = sorted([power.residual[0], inverse_log.residual[0]])
    told_apart = larger > CLEARLY * smaller  # false if one of them is NaN
    return 0.0 if told_apart else float(abs(power.slope[0] - inverse_log.slope[0]))
