"""The scales of a network, and whether training with them stays in the range of 64-bit floats."""

import math

# Largest power of ten of a scale or a rate: the solver squares them.
DECADES = 150


def scale(width: float, exponent: float) -> float:
    """Return width^-exponent; infinite if it overflows."""
    try:
        return float(width) ** -exponent
    except OverflowError:
        return math.inf


def has_room(kappa: float, kappa_prime: float, multiplicity: float) -> bool:
    """Return whether the squares of a network's scales and rates stay within 64-bit floats.

    Parameters
    ----------
    kappa, kappa_prime, multiplicity : float
        As in network.py.
    """

    def fits(value: float) -> bool:
        return 10.0**-DECADES < value < 10.0**DECADES

    return (
        fits(kappa)
        and fits(kappa_prime)
        and fits(kappa * multiplicity)
        and fits(kappa / kappa_prime)
        and fits(kappa * kappa_prime)
    )
