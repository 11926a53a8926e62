"""Tables as CSV files: written atomically and reproducibly, read with every fault reported."""

import csv
import io
import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phase_diagram.errors import InputError
from phase_diagram.files.atomic import atomic_path
from phase_diagram.files.decimals import whole

__all__ = ["atomic_path", "read_csv", "write_csv"]

# A quantity has one type in every table of the project; what is not listed here is a float.
TEXTS = (
    *("experiment", "activation", "status", "reason", "wedge", "initialisation", "phase", "regime"),
    *("kernel", "triple", "sharing", "source", "which"),
    *("alpha_formula", "beta1_formula", "beta2_formula", "kappa_formula", "kappa_prime_formula"),
)
INTEGERS = (
    *("width", "seed", "steps", "evaluations", "index"),
    *("networks", "converged", "crossings"),
)
TYPES: dict[str, type] = {**dict.fromkeys(TEXTS, str), **dict.fromkeys(INTEGERS, int)}
# Widths of a quadrature reach beyond 2^63; a column with such a width is float64 in memory.
LARGE = ("width",)
INT64_MAX = np.iinfo(np.int64).max
DTYPES = {str: "str", int: "int64", float: "float64"}
ACCEPTED = {str: "text", int: "an integer", float: "a number, or nothing for a missing value"}


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write a table as CSV; equal tables give equal bytes, and reading restores floats exactly.

    Floats are written as the shortest text that reads back to the same float64, a missing value
    as an empty field, lines end in a line feed, the index is left out. Widths are written as
    integers, whatever their type in memory. The file is written atomically.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table; its columns keep their order.
    path : path
        The file to be made or replaced.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    digits = {
        name: frame[name].map(whole).astype(object)
        for name in LARGE
        if name in frame and frame[name].dtype == np.float64
    }
    with atomic_path(path) as temporary:
        frame.assign(**digits).to_csv(
            temporary, index=False, lineterminator="\n", na_rep="", encoding="utf-8"
        )


def read_csv(path: str | os.PathLike[str], columns: Iterable[str] | None = None) -> pd.DataFrame:
    """Read a table written by `write_csv`, and refuse one that is damaged.

    Parameters
    ----------
    path : path
        The file.
    columns : iterable of str, optional
        The columns wanted; others in the file are left out. None: all columns.

    Returns
    -------
    pandas.DataFrame
        These columns in this order: str for TEXTS, int64 for INTEGERS, float64 for all others (an
        empty field is NaN), and for `width` where one of the widths is beyond int64.

    Raises
    ------
    InputError
        If the file is missing or unreadable, does not end in a line feed (it was cut off), has a
        row with too few or too many fields, lacks a column or has it twice, or has a value of the
        wrong type.
    """
    path = Path(path)
    header, rows = _records(path)
    faults = []
    frame = {}
    for column in dict.fromkeys(header) if columns is None else columns:
        if header.count(column) != 1:
            faults.append(
                _fault(path, f"column {column!r} occurs {header.count(column)} times, expected 1")
            )
            continue
        position = header.index(column)
        type_ = TYPES.get(column, float)
        values: list[Any] = []
        for number, row in enumerate(rows, start=2):
            try:
                values.append(_convert(row[position], type_, large=column in LARGE))
            except (ValueError, OverflowError):
                faults.append(
                    _fault(
                        path,
                        f"row {number}: {column} is {row[position]!r}, expected {ACCEPTED[type_]}",
                    )
                )
                # One fault per column is enough to show what is wrong.
                break
        dtype = DTYPES[type_]
        if column in LARGE and any(value > INT64_MAX for value in values):
            dtype = DTYPES[float]
        frame[column] = pd.Series(values, dtype=dtype)
    if faults:
        raise InputError(faults)
    return pd.DataFrame(frame)


def _records(path: Path) -> tuple[list[str], list[list[str]]]:
    # pandas.read_csv fills a short row with missing values, and a long one shifts its columns, so
    # the rows are parsed by the standard library and counted here.
    try:
        # newline="" keeps line feeds inside quoted fields as they are.
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; run snakemake to make it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(_fault(path, f"cannot be read ({error})")) from None
    if not text.endswith("\n"):
        raise InputError(_fault(path, "is empty" if not text else "is cut off in its last line"))
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise InputError(_fault(path, f"is not a CSV table ({error})")) from None
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(
                _fault(path, f"row {number} has {len(row)} fields, expected {len(header)}")
            )
    return header, rows


def _convert(text: str, type_: type, *, large: bool) -> str | int | np.int64 | float:
    if large:
        value = int(text)
        float(value)  # refuses numbers beyond this type
        return value
    if type_ is int:
        return np.int64(text)  # refuses numbers beyond the column's type
    if type_ is float:
        return float(text) if text else math.nan
    return text


def _fault(path: Path, reason: str) -> str:
    return f"{path}: {reason}; delete the file and run snakemake again"
