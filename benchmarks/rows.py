"""The one tidy table of all measurements: a row is one number."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

from phase_diagram.files.atomic import atomic_path
from phase_diagram.plane import theory

UNITS = {
    "seconds": "s",
    "seconds_per_step": "s",
    "seconds_first": "s",
    "peak_memory": "bytes",
    "card_memory": "bytes",
    "rate": "GFLOP/s",
    "date": "yyyymmdd",
}
"""Of quantities that have one; all others are counts, or numbers without a dimension."""


class Row(NamedTuple):
    """One measured number.

    Attributes
    ----------
    row : str
        The part of the benchmark, a name of `benchmarks.PARTS`.
    dataset : str
        "four_points", "mnist" (45 images), or "mnist_N" with N images; may be empty.
    gamma, gamma_prime : float or None
    width : int or None
    method : str
        The method measured.
    quantity : str
        What was measured.
    value : float
    unit : str
    """

    row: str
    dataset: str
    gamma: float | None
    gamma_prime: float | None
    width: int | None
    method: str
    quantity: str
    value: float
    unit: str


class Key(NamedTuple):
    """The fields common to all rows of one run by one method."""

    dataset: str
    gamma: float | None
    gamma_prime: float | None
    width: int | None
    method: str

    @property
    def wedge(self) -> str:
        """The piece of the exponent map it lies in; nothing for a run that is of no point."""
        if self.gamma is None or self.gamma_prime is None:
            return ""
        return str(theory.wedge(self.gamma, self.gamma_prime))


def rows_of(part: str, key: Key, values: Mapping[str, float | None]) -> Iterator[Row]:
    """Give a row for each number of one run; None: there is no such number."""
    for quantity, value in values.items():
        if value is not None:
            yield Row(part, *key, quantity, float(value), UNITS.get(quantity, ""))


def runs(rows: Iterable[Row], *parts: str) -> dict[Key, dict[str, float]]:
    """Put the rows of some parts together again, run by run.

    Returns
    -------
    dict
        From each run to its numbers by quantity, in the order in which they were measured. Where
        two parts have made the same run, the numbers of the later.
    """
    together: dict[Key, dict[str, float]] = {}
    for row in rows:
        if row.row in parts and row.quantity != "date":
            together.setdefault(Key(*row[1:6]), {})[row.quantity] = row.value
    return together


def write(rows: Iterable[Row], path: Path) -> None:
    """Write the table, whole or not at all."""
    with atomic_path(path) as temporary, temporary.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row._fields)
        for row in rows:
            writer.writerow(["" if value is None else value for value in row])


def read(path: Path) -> list[Row]:
    """Read the table; one that is not there yet is empty."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return [_row(record) for record in csv.DictReader(file)]


def _row(record: dict[str, str]) -> Row:
    gamma, gamma_prime = (
        float(record[name]) if record[name] else None for name in ("gamma", "gamma_prime")
    )
    return Row(
        record["row"],
        record["dataset"],
        gamma,
        gamma_prime,
        int(record["width"]) if record["width"] else None,
        record["method"],
        record["quantity"],
        float(record["value"]),
        record["unit"],
    )


def lower_median(values: Iterable[tuple[float, bool]]) -> tuple[float, bool]:
    """Take a median over numbers of which some are lower bounds only.

    Parameters
    ----------
    values : iterable of (float, bool)
        A number, and whether it is exact.

    Returns
    -------
    value, exact : float, bool
        The median with each bound taken for the number itself, which is a bound too: a larger
        number in its place can only raise it. Exact only where there are no bounds.
    """
    values = list(values)
    return median(value for value, _ in values), all(exact for _, exact in values)
