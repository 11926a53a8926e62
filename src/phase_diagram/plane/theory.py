"""The theoretical phase diagram: regimes, their boundary, and the exponents in closed form.

The regimes and the boundary are those of Luo et al. (2021); the exponents are this project's,
derived by scaling arguments in docs/theory.md section 5. Both hold for homogeneous activations.
"""

from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phase_diagram.activations import ACTIVATIONS

if TYPE_CHECKING:
    import pandas

# A point is critical only on the boundary itself, and on a kink only at the kink. This distance in
# gamma allows for the rounding of values such as 1 + 0.1 * 3, which are within 1e-15 of their
# decimal.
TOLERANCE = 1e-9

# The pieces on which the exponent is linear, in the order in which docs/theory.md gives them.
WEDGES = ("lazy", "linear_upper", "condensed_joint", "condensed_input")


# Used instead of a regime if theory does not apply.
NO_REGIME = "not predicted"


def applies(activation: str) -> bool:
    """Return whether regimes, boundary and exponents are valid for an activation.

    They are if it is homogeneous: otherwise kappa and kappa_prime do not determine the dynamics,
    and the scaling arguments fail (docs/theory.md section 13).

    Parameters
    ----------
    activation : str
        A key of `activations.ACTIVATIONS`.
    """
    return ACTIVATIONS[activation].homogeneous


def known(table: "pandas.DataFrame") -> bool:
    """Return whether theory applies to the networks of a table.

    Parameters
    ----------
    table : pandas.DataFrame
        Of slopes or of a boundary, which are fitted with a column `theory`: NaN throughout where
        theory does not apply to the activation.
    """
    return bool(table["theory"].notna().any())


def boundary(gamma_prime: ArrayLike) -> NDArray[np.float64]:
    """Return the gamma at which the theoretical boundary crosses each row of the plane.

    The boundary is gamma = 1 for gamma_prime <= 0 and gamma = 1 + gamma_prime above
    (Luo et al. 2021; docs/theory.md section 2).

    Parameters
    ----------
    gamma_prime : array_like, any shape
        Exponent of kappa_prime, dimensionless.

    Returns
    -------
    ndarray of float64, shape of `gamma_prime`
        The critical gamma. NaN where `gamma_prime` is NaN.
    """
    return np.asarray(1.0 + np.maximum(np.asarray(gamma_prime, dtype=np.float64), 0.0))


def exponent(gamma: ArrayLike, gamma_prime: ArrayLike) -> NDArray[np.float64]:
    """Predict S_w, the exponent of the relative distance: RD(theta_w) ~ m^S_w for large m.

    Continuous, piecewise linear, and zero exactly on the boundary: negative in the linear
    regime, positive in the condensed one (docs/theory.md section 5).

    For gamma < 1/2 the random initial output grows with the width and dominates; the same
    scaling argument then gives -1/2 - 2 max(gamma_prime, 0) for random networks. Quadrature
    neurons, which start at zero output, are not affected.

    Parameters
    ----------
    gamma, gamma_prime : array_like, any shapes that broadcast
        Exponents of kappa and kappa_prime, dimensionless.

    Returns
    -------
    ndarray of float64, the broadcast shape (0-dimensional for two scalars)
        Predicted slope of log RD against log m. NaN where either exponent is NaN.
    """
    gamma, gamma_prime = np.broadcast_arrays(
        np.asarray(gamma, dtype=np.float64), np.asarray(gamma_prime, dtype=np.float64)
    )
    with np.errstate(invalid="ignore"):  # infinity minus infinity: NaN is the right answer
        # The distance is taken from boundary(), not regrouped, so that it is exactly zero there.
        beyond_diagonal = gamma - (1.0 + gamma_prime)
        linear = np.maximum(gamma, 0.5) - 1.0 - 2.0 * np.maximum(gamma_prime, 0.0)
        slopes = np.select(
            [
                np.isnan(gamma) | np.isnan(gamma_prime),
                gamma <= 1.0,
                gamma_prime >= gamma - 1.0,
                gamma_prime >= 1.0 - gamma,
            ],
            [np.nan, linear, 2.0 * beyond_diagonal, 0.5 * beyond_diagonal],
            default=gamma - 1.0,
        )
    return np.asarray(slopes, dtype=np.float64)


@overload
def regime(gamma: float, gamma_prime: float) -> str: ...
@overload
def regime(gamma: ArrayLike, gamma_prime: ArrayLike) -> str | NDArray[np.str_]: ...
def regime(gamma: ArrayLike, gamma_prime: ArrayLike) -> str | NDArray[np.str_]:
    """Name the regime of each point of the plane (Luo et al. 2021; docs/theory.md section 2).

    Parameters
    ----------
    gamma, gamma_prime : array_like, any shapes that broadcast
        Exponents of kappa and kappa_prime, dimensionless.

    Returns
    -------
    str for two scalars, otherwise ndarray of str of the broadcast shape
        "linear", "critical" (within 1e-9 of the boundary in gamma) or "condensed";
        "undefined" where either exponent is NaN.
    """
    with np.errstate(invalid="ignore"):
        beyond = np.asarray(gamma, dtype=np.float64) - boundary(gamma_prime)
    names = np.select(
        [np.isnan(beyond), np.abs(beyond) <= TOLERANCE, beyond < 0.0],
        ["undefined", "critical", "linear"],
        default="condensed",
    )
    return str(names) if names.ndim == 0 else names


def kinks(gamma_prime: float) -> tuple[float, ...]:
    """Return the gammas at which the exponent bends along one row of the plane.

    gamma = 1/2, above which the initial output does not matter, in every row. Beyond it, for
    gamma_prime >= 0, gamma = 1 and gamma = 1 + gamma_prime; for gamma_prime < 0, gamma =
    1 - gamma_prime alone: there the exponent passes through the boundary, gamma = 1, in one
    straight line (docs/theory.md section 5).

    Parameters
    ----------
    gamma_prime : float
        Exponent of kappa_prime, dimensionless.

    Returns
    -------
    tuple of float
        Ascending, without repetition; empty where `gamma_prime` is NaN.
    """
    if np.isnan(gamma_prime):
        return ()
    if gamma_prime < 0.0:
        return 0.5, 1.0 - gamma_prime
    return (0.5, 1.0, 1.0 + gamma_prime) if gamma_prime > 0.0 else (0.5, 1.0)


def wedge(gamma: ArrayLike, gamma_prime: ArrayLike) -> NDArray[np.str_]:
    """Name the piece of the exponent map that each point of the plane lies in.

    Parameters
    ----------
    gamma, gamma_prime : array_like, any shapes that broadcast
        Exponents of kappa and kappa_prime, dimensionless.

    Returns
    -------
    ndarray of str, the broadcast shape
        One of `WEDGES`: "lazy" where gamma < 1; beyond, "linear_upper" where gamma_prime >=
        gamma - 1, "condensed_joint" (a and w grow together) where |gamma_prime| < gamma - 1, and
        "condensed_input" (w alone) where gamma_prime <= 1 - gamma. Wedges share their edges, and
        a point on one is given to either. "undefined" where an exponent is NaN.
    """
    gamma, gamma_prime = np.broadcast_arrays(
        np.asarray(gamma, dtype=np.float64), np.asarray(gamma_prime, dtype=np.float64)
    )
    return np.select(
        [
            np.isnan(gamma) | np.isnan(gamma_prime),
            gamma < 1.0 - TOLERANCE,
            gamma_prime >= gamma - 1.0,
            gamma_prime > 1.0 - gamma,
        ],
        ["undefined", "lazy", "linear_upper", "condensed_joint"],
        default="condensed_input",
    )
