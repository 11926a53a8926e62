"""Table 1 of Luo et al. (2021): common initialisations and their places on the phase diagram.

Nothing is trained. At a finite width the constant factors of an initialisation, and the input
dimension where it occurs, move it away from its limit: kappa = 2/sqrt(m d) of He is
m^-1/2 only if log m is large relative to log(d/4). The table has both places.
"""

import math
from typing import Any, Final, NamedTuple, Protocol

import pandas as pd

from phase_diagram.plane import scaling, theory


class Formulas(NamedTuple):
    """The scales of an initialisation as formulas in the width m and the input dimension d."""

    alpha: str
    beta1: str
    beta2: str
    kappa: str
    kappa_prime: str


# As in the paper, in Python's notation; tests evaluate them.
FORMULAS: Final = {
    "lecun": Formulas("1", "sqrt(1/m)", "sqrt(1/d)", "1/sqrt(m*d)", "sqrt(d/m)"),
    "he": Formulas("1", "sqrt(2/m)", "sqrt(2/d)", "2/sqrt(m*d)", "sqrt(d/m)"),
    "ntk": Formulas("sqrt(m)", "1", "1", "1/sqrt(m)", "1"),
    "xavier": Formulas(
        "1",
        "sqrt(2/(m+1))",
        "sqrt(2/(m+d))",
        "2/sqrt((m+1)*(m+d))",
        "sqrt((m+d)/(m+1))",
    ),
    "mean_field": Formulas("m", "1", "1", "1/m", "1"),
    "e_et_al": Formulas("1", "beta", "1", "beta", "beta"),
}

COLUMNS = (
    "initialisation",
    "width",
    "dimension",
    *(f"{scale}_formula" for scale in Formulas._fields),
    *Formulas._fields,
    "gamma",
    "gamma_prime",
    "gamma_limit",
    "gamma_prime_limit",
    "regime",
)
TABLES: dict[str, tuple[str, ...]] = {"initialisations": COLUMNS}


class Initialisations(Protocol):
    """Settings of the study: as in params.yaml, studies.initialisations."""

    @property
    def width(self) -> int:
        """The finite width m."""

    @property
    def dimension(self) -> int:
        """The input dimension d, which some initialisations need."""


def measure(study: Initialisations) -> dict[str, pd.DataFrame]:
    """Place the named initialisations at a finite width and in the limit.

    Parameters
    ----------
    study : Initialisations
        `width`, m, at least 2, and `dimension`, d, at least 1, the entry for the bias included.

    Returns
    -------
    dict
        `initialisations`: a row per initialisation, in the order of scaling.LABELS.
        `alpha_formula` to `kappa_prime_formula`: text, in m, d and, for E et al. (2020), beta.
        `alpha` to `kappa_prime`: their values. `gamma`, `gamma_prime`: at this width, of
        kappa = m^-gamma and kappa_prime = m^-gamma_prime. `gamma_limit`, `gamma_prime_limit`:
        as m grows. `regime`: that of the limit. All numbers are dimensionless. For E et al. beta
        is free, so everything that depends on it is NaN: it is the line gamma = gamma_prime, all
        of which is in the linear regime.

    Raises
    ------
    InputError
        If width or dimension is not acceptable.
    """
    rows = [_row(name, study.width, study.dimension) for name in scaling.LABELS]
    return {"initialisations": pd.DataFrame(rows, columns=list(COLUMNS))}


def _row(name: str, width: int, dimension: int) -> tuple[Any, ...]:
    if name in scaling.NAMED_LIMITS:
        place = scaling.initialisation(name, width, dimension)
        limit = scaling.NAMED_LIMITS[name]
        numbers: tuple[float, ...] = (
            *(place.alpha, place.beta1, place.beta2, place.kappa, place.kappa_prime),
            *(place.gamma, place.gamma_prime, *limit),
        )
        regime = theory.regime(*limit)
    else:
        line = scaling.initialisation(name, width, dimension, beta=1.0)
        numbers = (line.alpha, math.nan, line.beta2, *[math.nan] * 6)
        # No point of the line gamma = gamma_prime comes near the boundary, where gamma is 1 for
        # gamma_prime <= 0 and gamma_prime + 1 above.
        regime = "linear"
    return (name, width, dimension, *FORMULAS[name], *numbers, regime)
