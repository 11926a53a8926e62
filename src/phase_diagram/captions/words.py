"""Numbers and lists of a caption as words, and tables as reStructuredText."""

import math
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

MOST_ROWS = 45  # of a table that is shown completely
CELL_DIGITS = 4
EXPONENT = re.compile(r"e\+?(-?)0*(\d)")
SPECIAL = re.compile(r"([\\*`|_])")


def number(value: float, digits: int = 3) -> str:
    """Write a value with three significant digits (or `digits`), an integer with all digits.

    Examples
    --------
    >>> number(0.01443), number(4032), number(1806.3), number(1e30), number(float("nan"))
    ('0.0144', '4,032', '1,806', '1e30', 'none')
    """
    if value is None or math.isnan(value):
        return "none"
    if math.isfinite(value) and (value == round(value) or abs(value) >= 1e3) and abs(value) < 1e7:
        return f"{round(value):,}"
    return EXPONENT.sub(r"e\1\2", f"{value:.{digits}g}")


def plus_minus(value: float, error: float) -> str:
    """Write a value with its standard error, if it has one, to the error's second digit.

    Examples
    --------
    >>> plus_minus(-0.49188, 0.0176), plus_minus(0.25, float("nan"))
    ('-0.492 ± 0.018', '0.25')
    """
    if math.isnan(error) or error <= 0:
        return number(value)
    decimals = 1 - math.floor(math.log10(error))
    if not 0 <= decimals <= 6:
        return f"{number(value)} ± {error:.2g}"
    return f"{value:.{decimals}f} ± {error:.{decimals}f}"


def count(amount: int, singular: str, plural: str | None = None) -> str:
    """Write a number of things, with the noun in singular or plural.

    Examples
    --------
    >>> count(1, "row"), count(21, "row"), count(0, "study", "studies")
    ('1 row', '21 rows', 'no studies')
    """
    amount_of = "no" if amount == 0 else f"{amount:,}"
    return f"{amount_of} {singular if amount == 1 else plural or f'{singular}s'}"


def listing(words: Iterable[str]) -> str:
    """Join words by commas and "and"."""
    *before, last = list(words) or ["none"]
    return f"{', '.join(before)} and {last}" if before else last


def point(gamma: float, gamma_prime: float) -> str:
    """Write a point (gamma, gamma_prime) of the plane."""
    return f"({number(gamma)}, {number(gamma_prime)})"


def axis(values: Iterable[float]) -> str:
    """Write the values along an axis: evenly spaced ones as a range.

    Examples
    --------
    >>> axis([0.5, 0.6, 0.7, 0.8]), axis([0.75, 1.0, 1.5])
    ('0.5 to 0.8 in steps of 0.1 (4 values)', '0.75, 1 and 1.5')
    """
    numbers = sorted(values)
    steps = [after - before for before, after in pairwise(numbers)]
    if len(numbers) > 3 and max(steps) - min(steps) < 1e-9 * max(map(abs, numbers)):
        first, last, step = (number(value) for value in (numbers[0], numbers[-1], steps[0]))
        return f"{first} to {last} in steps of {step} ({len(numbers)} values)"
    return listing(map(number, numbers))


def escape(text: str) -> str:
    """Escape characters that are special in reStructuredText."""
    return SPECIAL.sub(r"\\\1", text)


def cell(value: Any) -> str:
    """Write a value of a table; a missing one is left empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return escape(str(value)) if isinstance(value, str) else number(float(value), CELL_DIGITS)


def table(frame: pd.DataFrame, heads: Mapping[str, str] | None = None) -> str:
    """Write a table; if it is long, its first rows and the number of the others.

    Parameters
    ----------
    frame : pandas.DataFrame
    heads : mapping from str to str, optional
        Columns that are shown, with their headings; by default all, with their names.

    Returns
    -------
    str
        A list-table, and a line below it where rows were left out.
    """
    heads = heads or {name: name.replace("_", " ") for name in frame.columns}
    shown = frame if len(frame) <= MOST_ROWS else frame.head(MOST_ROWS)
    rows = [[escape(head) for head in heads.values()]]
    rows += [[cell(value) for value in row] for row in shown[list(heads)].astype(object).to_numpy()]
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        lines += [f"   {'*' if place == 0 else ' '} - {text}" for place, text in enumerate(row)]
    left_out = len(frame) - len(shown)
    if left_out:
        lines += ["", f"And {count(left_out, 'more row')} in the file."]
    return "\n".join(lines) if len(frame) else "The table is empty."


def sentence(clauses: str) -> str:
    """Begin with a capital letter and end with a full stop."""
    return f"{clauses[:1].upper()}{clauses[1:]}."


def paragraphs(*texts: str) -> str:
    """Join the parts that are not empty."""
    return "\n\n".join(text for text in texts if text)
