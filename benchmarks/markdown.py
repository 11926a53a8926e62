"""Tables and numbers of the report."""

import math
from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percent(share: float | None) -> str:
    """Write a share with two digits; a missing one as nothing."""
    if share is None:
        return ""
    if math.isnan(share):
        return "not a number"
    return f"{100 * share:.2g}%" if abs(share) < 1 else f"{100 * share:,.0f}%"


def seconds(value: float) -> str:
    """Write a time with three digits, in the unit that suits it."""
    if value < 1e-3:
        return f"{1e6 * value:.3g} µs"
    return f"{1e3 * value:.3g} ms" if value < 1 else f"{value:.3g} s"


def at_least(text: str, exact: bool) -> str:
    """Mark a lower bound."""
    return text if exact else f"≥ {text}"


def factor(value: float) -> str:
    """Write a ratio with two or three digits."""
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"
