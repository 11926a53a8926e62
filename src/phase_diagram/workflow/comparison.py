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


def deviation(here: Path, there: Path) -> tuple[float, str]:
    """Return the largest relative difference of two tables, or of two summaries.

    Parameters
    ----------
    here, there : path
        CSV or JSON files.

    Returns
    -------
    float, str
        The largest difference, infinite where anything but numbers differs, and its place.
    """
    worst, place = 0.0, ""
    try:
        for name, ours, theirs in _columns(here, there):
            scale = max((abs(value) for value in (*ours, *theirs) if _finite(value)), default=0.0)
            for row, (mine, other) in enumerate(zip(ours, theirs, strict=True), start=2):
                found = 0.0 if name in ROUNDING else _difference(mine, other, scale)
                if found > worst:
                    worst, place = found, f"{name}, row {row}"
    except (OSError, ValueError) as error:
        return math.inf, str(error)
    return worst, place


def _columns(here: Path, there: Path) -> Iterator[tuple[str, list[Any], list[Any]]]:
    if here.suffix == ".json":
        mine, other = (json.loads(path.read_text(encoding="utf-8")) for path in (here, there))
        if list(mine) != list(other):
            raise ValueError("other keys")
        yield from ((key, [mine[key]], [other[key]]) for key in mine)
        return
    tables = []
    for path in (here, there):
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


def _difference(mine: Any, other: Any, scale: float) -> float:
    if mine == other:
        return 0.0
    if not (_finite(mine) and _finite(other)):
        return math.inf
    return abs(mine - other) / max(abs(mine), abs(other), FLOOR * scale)
