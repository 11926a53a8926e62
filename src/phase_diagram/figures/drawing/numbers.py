"""Numbers as words of a figure."""


def mathtext(value: float) -> str:
    """Write a value in mathtext, where minus signs are no hyphens: whole, or with four digits.

    Examples
    --------
    >>> mathtext(1000.0), mathtext(1e6), mathtext(0.00112877)
    ('$1000$', '$10^{6}$', '$0.001129$')
    """
    if value == round(value) and abs(value) < 1e5:
        return f"${value:.0f}$"
    # From 1e5 on, as below 1e-4, a power of ten is easier to read than zeros.
    text = f"{value:.3e}" if abs(value) >= 1e5 else f"{value:#.4g}"
    factor, _, exponent = text.partition("e")
    if exponent:
        power = rf"10^{{{int(exponent)}}}"
        text = power if float(factor) == 1.0 else rf"{factor}\times {power}"
    return f"${text}$"
