"""Convert between the scales of an initialisation and its coordinates on the phase diagram.

(alpha, beta1, beta2)  <->  (kappa, kappa_prime)  <->  (gamma, gamma_prime) at a finite width m:
kappa = beta1 beta2 / alpha = m^-gamma, kappa_prime = beta1 / beta2 = m^-gamma_prime
(Luo et al. 2021; docs/theory.md section 1).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Final

from phase_diagram.errors import InputError

# (gamma, gamma_prime) as the width grows (Luo et al. 2021, Table 1). The initialisation of
# E et al. (2020) is missing on purpose: its beta is free, so it is the whole line
# gamma = gamma_prime and no single point.
NAMED_LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "lecun": (0.5, 0.5),
    "he": (0.5, 0.5),
    "ntk": (0.5, 0.0),
    "xavier": (1.0, 0.0),
    "mean_field": (1.0, 0.0),
}

# Names as they are written in figures and tables.
LABELS: Final[Mapping[str, str]] = {
    "lecun": "LeCun",
    "he": "He",
    "ntk": "NTK",
    "xavier": "Xavier",
    "mean_field": "mean-field",
    "e_et_al": "E et al.",
}

ALIASES: Final[Mapping[str, str]] = {"glorot": "xavier"}


@dataclass(frozen=True)
class Scaling:
    """One initialisation at one width, in all three coordinates; every field is dimensionless.

    Attributes
    ----------
    alpha, beta1, beta2 : float
        Divisor of the output; standard deviations of output weights a and input weights w.
    kappa, kappa_prime : float
        beta1 beta2 / alpha and beta1 / beta2.
    gamma, gamma_prime : float
        -log kappa / log m and -log kappa_prime / log m at the finite width m.
    """

    alpha: float
    beta1: float
    beta2: float
    kappa: float
    kappa_prime: float
    gamma: float
    gamma_prime: float


def kappas(gamma: float, gamma_prime: float, width: int) -> tuple[float, float]:
    """Give (kappa, kappa_prime) = (width^-gamma, width^-gamma_prime).

    Raises
    ------
    InputError
        If an exponent is not finite, the width is not an integer of at least 2, or a result
        does not fit a float.
    """
    faults = [*_width_faults(width), *_faults({"gamma": gamma, "gamma_prime": gamma_prime})]
    _refuse(faults)
    kappa, kappa_prime = _power(width, -gamma), _power(width, -gamma_prime)
    _refuse(_range_faults({"kappa": kappa, "kappa_prime": kappa_prime}))
    return kappa, kappa_prime


def exponents(kappa: float, kappa_prime: float, width: int) -> tuple[float, float]:
    """Give (gamma, gamma_prime) = (-log kappa, -log kappa_prime) / log width.

    Raises
    ------
    InputError
        If kappa or kappa_prime is not finite and above 0, or the width is no integer >= 2.
    """
    _refuse(
        [
            *_width_faults(width),
            *_faults({"kappa": kappa, "kappa_prime": kappa_prime}, positive=True),
        ]
    )
    # Adding 0.0 turns the -0.0 of kappa = 1 into 0.0, which is what a reader expects to see.
    return (
        -math.log(kappa) / math.log(width) + 0.0,
        -math.log(kappa_prime) / math.log(width) + 0.0,
    )


def from_scales(alpha: float, beta1: float, beta2: float, width: int) -> Scaling:
    """Locate an initialisation given by its three scales at a finite width.

    Parameters
    ----------
    alpha, beta1, beta2 : float
        Divisor of the output, standard deviations of a and of w; finite and above 0.
    width : int
        Number m of hidden neurons, at least 2.

    Raises
    ------
    InputError
        With one line per value that is not acceptable.
    """
    scales = {"alpha": alpha, "beta1": beta1, "beta2": beta2}
    _refuse([*_faults(scales, positive=True), *_width_faults(width)])
    alpha, beta1, beta2 = float(alpha), float(beta1), float(beta2)
    kappa, kappa_prime = beta1 * beta2 / alpha, beta1 / beta2
    _refuse(_range_faults({"kappa": kappa, "kappa_prime": kappa_prime}))
    return Scaling(alpha, beta1, beta2, kappa, kappa_prime, *exponents(kappa, kappa_prime, width))


def from_exponents(gamma: float, gamma_prime: float, width: int, *, beta2: float = 1.0) -> Scaling:
    """Return scales whose coordinates are (gamma, gamma_prime) at a finite width.

    Two exponents leave one of the three scales free: `beta2`. The normalised dynamics, and
    so every relative distance, do not depend on it (docs/theory.md section 1).

    Raises
    ------
    InputError
        If a value is not acceptable or a scale does not fit a float.
    """
    _refuse(
        [
            *_faults({"gamma": gamma, "gamma_prime": gamma_prime}),
            *_width_faults(width),
            *_faults({"beta2": beta2}, positive=True),
        ]
    )
    kappa, kappa_prime = kappas(gamma, gamma_prime, width)
    beta1 = kappa_prime * beta2
    alpha = beta1 * beta2 / kappa
    _refuse(_range_faults({"alpha": alpha, "beta1": beta1}))
    return Scaling(alpha, beta1, float(beta2), kappa, kappa_prime, float(gamma), float(gamma_prime))


def canonical_name(name: str) -> str:
    """Return the spelling used in NAMED_LIMITS: "Mean-Field" -> "mean_field", "glorot" -> "xavier".

    Raises
    ------
    InputError
        If no initialisation has this name.
    """
    plain = name.strip().lower().replace("-", "_") if isinstance(name, str) else ""
    plain = ALIASES.get(plain, plain)
    if plain not in LABELS:
        known = ", ".join([*LABELS, *ALIASES])
        raise InputError(f"name: {name!r}: must be one of {known}")
    return plain


def initialisation(
    name: str, width: int, dimension: int | None = None, *, beta: float | None = None
) -> Scaling:
    """Locate a named initialisation at a finite width (Luo et al. 2021, Table 1).

    Parameters
    ----------
    name : str
        "lecun", "he", "ntk", "xavier" (also "glorot"), "mean_field" (also "mean-field") or
        "e_et_al" (E et al. 2020).
    width : int
        Number m of hidden neurons, at least 2.
    dimension : int, optional
        Input dimension d, at least 1; needed by lecun, he and xavier, unused by the others.
    beta : float, optional
        Standard deviation of the output weights, finite and above 0; needed by e_et_al,
        refused by the others.

    Raises
    ------
    InputError
        With one line per unknown name, missing argument or value that is not acceptable.

    Examples
    --------
    >>> initialisation("ntk", width=10_000).gamma
    0.5
    """
    faults: list[str] = []
    try:
        name = canonical_name(name)
    except InputError as error:
        faults += error.faults
    faults += _width_faults(width)
    if dimension is not None:
        faults += _integer_faults("dimension", dimension, 1)
    elif name in ("lecun", "he", "xavier"):
        faults.append(f"dimension: missing: {name} needs an integer of at least 1")
    if beta is not None and name != "e_et_al" and not faults:
        faults.append(f"beta: {beta!r}: must be left out, only e_et_al has one")
    elif beta is not None:
        faults += _faults({"beta": beta}, positive=True)
    elif name == "e_et_al":
        faults.append("beta: missing: e_et_al needs a finite number above 0")
    _refuse(faults)

    m, d, b = float(width), float(dimension or 1), float(beta or 1.0)
    alpha, beta1, beta2 = {
        "lecun": (1.0, math.sqrt(1 / m), math.sqrt(1 / d)),
        "he": (1.0, math.sqrt(2 / m), math.sqrt(2 / d)),
        "ntk": (math.sqrt(m), 1.0, 1.0),
        "xavier": (1.0, math.sqrt(2 / (m + 1)), math.sqrt(2 / (m + d))),
        "mean_field": (m, 1.0, 1.0),
        "e_et_al": (1.0, b, 1.0),
    }[name]
    return from_scales(alpha, beta1, beta2, width)


def _power(base: int, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf


def _refuse(faults: list[str]) -> None:
    if faults:
        raise InputError(faults)


def _faults(values: Mapping[str, object], *, positive: bool = False) -> list[str]:
    accepted = "a finite number above 0" if positive else "a finite number"
    return [
        f"{key}: {value!r}: must be {accepted}"
        for key, value in values.items()
        if not _is_finite(value) or (positive and not value > 0)  # type: ignore[operator]
    ]


def _is_finite(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer too large for a float
        return False


def _width_faults(width: object) -> list[str]:
    return _integer_faults("width", width, 2)


def _integer_faults(key: str, value: object, minimum: int) -> list[str]:
    accepted = (
        isinstance(value, Integral)
        and not isinstance(value, bool)
        and int(value) >= minimum
        and _is_finite(value)
    )
    return [] if accepted else [f"{key}: {value!r}: must be an integer of at least {minimum}"]


def _range_faults(values: Mapping[str, float]) -> list[str]:
    return [
        f"{key}: {value!r}: must be above 0 and finite; choose less extreme scales or exponents"
        for key, value in values.items()
        if not (math.isfinite(value) and value > 0.0)
    ]
