"""Compare result tables with those of another machine: are they equal up to rounding?"""

import csv
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RELATIVE = 1e-6
# Numbers below this share of the largest in their column may be rounding: a slope that is zero.
FLOOR = 1e-9
# Columns that contain only rounding: zero according to theory.
ROUNDING = ("rd_difference_max", "slope_difference")


def deviation(result: Path, reference: Path) -> tuple[float, str]:
    """Return the largest relative difference of two tables, or of two summaries.

    Parameters
    ----------
    result, reference : path
        CSV or JSON files.

    Returns
    -------
    float, str
        The largest difference, infinite where anything but numbers differs, and its place.
    """
    worst, place = 0.0, ""
    try:
        for name, ours, theirs in _columns(result, reference):
            scale = max((abs(value) for value in (*ours, *theirs) if _finite(value)), default=0.0)
            for row, (value, expected) in enumerate(zip(ours, theirs, strict=True), start=2):
                difference = 0.0 if name in ROUNDING else _difference(value, expected, scale)
                if difference > worst:
                    worst, place = difference, f"{name}, row {row}"
    except (OSError, ValueError) as error:
        return math.inf, str(error)
    return worst, place


def _columns(result: Path, reference: Path) -> Iterator[tuple[str, list[Any], list[Any]]]:
    if result.suffix == ".json":
        summary, expected = (
            json.loads(path.read_text(encoding="utf-8")) for path in (result, reference)
        )
        if list(summary) != list(expected):
            raise ValueError("other keys")
        yield from ((key, [summary[key]], [expected[key]]) for key in summary)
        return
    tables = []
    for path in (result, reference):
        with path.open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.reader(file, strict=True)))
    (header, *ours), (other_header, *theirs) = tables
    if header != other_header or len(ours) != len(theirs):
        raise ValueError("other columns or another number of rows")
    for place, name in enumerate(header):
        yield name, [_value(row[place]) for row in ours], [_value(row[place]) for row in theirs]


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _difference(value: Any, expected: Any, scale: float) -> float:
    if value == expected:
        return 0.0
    if not (_finite(value) and _finite(expected)):
        return math.inf
    return abs(value - expected) / max(abs(value), abs(expected), FLOOR * scale)
