"""From slopes of RD to regimes, with the names of theory.regime."""

import math

from scipy.special import stdtrit  # type: ignore[import-untyped]

# Names of the regimes in the terms "lazy" and "rich".
MEANINGS = {
    "linear": "lazy",
    "critical": "between lazy and rich",
    "condensed": "rich",
    "undecided": "more widths or seeds needed",
    "undefined": "",
}
# A slope whose whole interval is below this in size counts as zero: RD changes by
# less than an eighth per decade of width. Finite widths alone make such slopes: -0.026 +- 0.006 on
# the boundary itself, by `phase-diagram point --dataset four_points --gamma 1 --gamma-prime 0
# --width 60 --width 250 --width 1000 --seeds 2`.
MARGIN = 0.05


def interval(
    slope: float, standard_error: float, networks: int, confidence: float
) -> tuple[float, float]:
    """Student's t interval of a slope, from its standard_error over so many networks.

    `confidence` is its coverage probability, such as 0.95; NaN if there is no interval.
    """
    if networks < 3 or not math.isfinite(standard_error):
        return math.nan, math.nan
    half = float(stdtrit(networks - 2, (1.0 + confidence) / 2.0)) * standard_error
    return slope - half, slope + half


def regime(low: float, high: float, margin: float = MARGIN) -> str:
    """Name the regime that an interval (low, high) of the slope of log RD against log width allows.

    Returns
    -------
    str
        "critical" where the interval lies within `margin` of zero; else "linear" where it is
        below zero, "condensed" where it is above, and "undecided" where it holds zero, or where
        there is none.
    """
    if low >= -margin and high <= margin:
        return "critical"
    if high < 0.0:
        return "linear"
    return "condensed" if low > 0.0 else "undecided"


def verdict(regimes: dict[str, str]) -> str:
    """Summarise the regimes of the parameters in one line.

    Parameters
    ----------
    regimes : dict
        Of each parameter by its name; "undefined" ones do not count.
    """
    known = {name: named for name, named in regimes.items() if named != "undefined"}
    if not known:
        return "undefined: no parameter has a relative distance"
    kinds = sorted(set(known.values()), key=list(MEANINGS).index)
    if len(kinds) == 1:
        return f"{kinds[0]} ({MEANINGS[kinds[0]]}): every parameter"
    clauses = (
        f"{kind} ({MEANINGS[kind]}): {', '.join(name for name in known if known[name] == kind)}"
        for kind in kinds
    )
    return "; ".join(clauses)
