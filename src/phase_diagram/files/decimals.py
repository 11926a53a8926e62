"""Numbers as people write them: the integer that a float stands for."""

from decimal import Decimal


def whole(value: float) -> int:
    """Return the integer that was meant by a float, read from its shortest decimal text.

    The float nearest to 10**23 is 99999999999999991611392, which nobody means by 1e23.

    Parameters
    ----------
    value : float
        Finite, without a fraction.

    Returns
    -------
    int
        Of any size.
    """
    return int(Decimal(repr(value)))
