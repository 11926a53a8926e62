"""The scales of a network, and whether 64-bit floats have room for training with them."""

import math

# Powers of ten that a scale or a rate may have: the solver squares them.
DECADES = 150


def scale(width: float, exponent: float) -> float:
    """Give width^-exponent; infinite where it is beyond all floats."""
    try:
        return float(width) ** -exponent
    except OverflowError:
        return math.inf


def has_room(kappa: float, kappa_prime: float, multiplicity: float) -> bool:
    """Say whether the scales of a network, and the rates made of them, can be squared.

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
