"""A user's own data: a CSV file x1,...,xd,y, or an NPZ file with arrays inputs and targets."""

import csv
import io
import math
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import InputError
from phase_diagram.files.archive import read_archive

# float() alone would also accept 1_000 and digits of other scripts; here those are mistakes.
# No two parts that match digits are adjacent: on a long field the regular expression would try
# every division between them.
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_FAULTS_SHOWN = 20


def read_csv(path: Path) -> Problem:
    """Read a CSV file with the header x1,...,xd,y (d >= 1), one training point per line.

    Blank lines and spaces around a field are ignored. The constant-1 column is appended.

    Raises
    ------
    InputError
        One line per fault, with file, line, column and value: file missing, empty or not UTF-8,
        another header, no rows, a row too short or too long, a field that is no finite number.
    """
    faults: list[str] = []
    rows: list[list[float]] = []
    columns: list[str] = []
    # newline="": the csv module handles line ends.
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        for fields in reader:
            fields = [field.strip() for field in fields]
            place = f"{path}: line {reader.line_num}"
            if fields in ([], [""]):
                continue
            if not columns:
                columns = _checked_header(place, fields)
                continue
            row, row_faults = _numbers(columns, fields)
            rows.append(row)
            faults += (f"{place}: {fault}" for fault in row_faults)
    except csv.Error as fault:
        raise InputError(f"{path}: line {reader.line_num}: not a CSV file: {fault}") from fault
    if not columns:
        raise InputError(f"{path}: empty; expected a header x1,...,xd,y and at least one row")
    if not rows:
        raise InputError(f"{path}: no rows under the header; expected at least one")
    if len(faults) > _FAULTS_SHOWN:
        left_out = len(faults) - _FAULTS_SHOWN
        faults = [*faults[:_FAULTS_SHOWN], f"{path}: and {left_out} more faults"]
    if faults:
        raise InputError(faults)
    table = np.array(rows, dtype=np.float64)
    return Problem.from_features(path.stem, table[:, :-1], table[:, -1])


def read_npz(path: Path) -> Problem:
    """Read an NPZ file with the arrays inputs (n, d) and targets (n,), n, d >= 1.

    The constant-1 column is appended. Pickled objects are never loaded.

    Raises
    ------
    InputError
        One line per fault, with file, array, place and value: file missing or damaged, other
        arrays, wrong shapes or dtypes, a number that is not finite.
    """
    arrays = read_archive(path, ("inputs", "targets"))
    inputs, targets = arrays["inputs"], arrays["targets"]
    faults = [
        f"{path}: {name}: dtype {str(array.dtype)[:60]}; expected real numbers"
        for name, array in arrays.items()
        if array.dtype.kind not in "iuf"
    ]
    if inputs.ndim != 2 or 0 in inputs.shape:
        faults.append(f"{path}: inputs: shape {inputs.shape}; expected (n, d) with n, d >= 1")
    elif targets.shape != inputs.shape[:1]:
        faults.append(f"{path}: targets: shape {targets.shape}; expected {inputs.shape[:1]}")
    if not faults:
        for name, array in arrays.items():
            faults += (f"{path}: {name}{place}" for place in _not_finite(array))
    if faults:
        raise InputError(faults)
    return Problem.from_features(path.stem, inputs, targets)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise InputError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
    try:
        return content.decode("utf-8-sig")  # spreadsheets put a byte-order mark in front
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise InputError(f"{path}: line {line}: not UTF-8 text; save it as UTF-8") from fault


def _checked_header(place: str, fields: list[str]) -> list[str]:
    columns = [f"x{number}" for number in range(1, len(fields))] + ["y"]
    if len(fields) < 2 or fields != columns:
        shown = _shown(",".join(fields))
        raise InputError(f"{place}: header {shown}; expected x1,...,xd,y with d >= 1")
    return columns


def _numbers(columns: list[str], fields: list[str]) -> tuple[list[float], list[str]]:
    if len(fields) != len(columns):
        return [], [f"{len(fields)} fields; expected {len(columns)} ({columns[0]} to y)"]
    row, faults = [], []
    for column, field in zip(columns, fields, strict=True):
        value = float(field) if _NUMBER.fullmatch(field) else math.nan
        if not math.isfinite(value):
            reason = "not finite" if _NOT_FINITE.fullmatch(field) else "not a number"
            if math.isinf(value):
                reason = "too large for a 64-bit float"
            faults.append(f"column {column}: {_shown(field)} is {reason}; expected a finite number")
        row.append(value)
    return row, faults


def _not_finite(array: NDArray) -> list[str]:
    with np.errstate(over="ignore"):
        values = array.astype(np.float64)
    places = np.argwhere(~np.isfinite(values))
    lines = [
        f"[{', '.join(map(str, place))}] is {values[tuple(place)]}; expected a finite number"
        for place in places[:_FAULTS_SHOWN]
    ]
    if len(places) > _FAULTS_SHOWN:
        lines.append(f": and {len(places) - _FAULTS_SHOWN} more such places")
    return lines


def _shown(text: str) -> str:
    # repr keeps the message on one line, whatever the field contains.
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
