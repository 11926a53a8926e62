"""Files of finished networks, one per row, with checksums that reveal damage and other runs."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from phase_diagram.errors import InputError
from phase_diagram.files.atomic import atomic_path


class StoredNetwork(NamedTuple):
    """A finished network, a row of the tidy table of a sweep."""

    experiment: str
    gamma: float
    gamma_prime: float
    width: int
    seed: int
    rd: float
    loss: float
    steps: int
    evaluations: int
    time_normalised: float
    status: str
    reason: str
    condensation: float
    activation: str


TYPES = StoredNetwork.__annotations__
COLUMNS = StoredNetwork._fields
# The seal is a hash of the rest of its row. With the full fingerprint, of which the folder's name
# contains only the beginning, a row can be verified wherever it is.
HEADER = (*COLUMNS, "fingerprint", "seal")
SEAL_DIGITS = 16


def network_key(network: StoredNetwork) -> tuple[float, float, int, int]:
    """Return what identifies a network within its experiment; tables are sorted by it."""
    return (network.gamma_prime, network.gamma, network.width, network.seed)


def write(
    path: Path, networks: Iterable[StoredNetwork], fingerprint: str, *, durable: bool = True
) -> None:
    """Write networks, sorted; the file is written atomically.

    Parameters
    ----------
    path : path
        The file to be made or replaced.
    networks : iterable of StoredNetwork
    fingerprint : str
        Of the run they belong to, 64 digits.
    durable : bool
        See `atomic.atomic_path`; the seals reveal a damaged file in any case.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for network in sorted(networks, key=network_key):
        fields = [
            repr(float(value)) if isinstance(value, float) else str(value) for value in network
        ]
        fields.append(fingerprint)
        writer.writerow([*fields, _seal(fields)])
    with atomic_path(path, durable=durable) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")


def read(path: Path, experiment: str, fingerprint: str) -> list[StoredNetwork]:
    """Read networks, and refuse a file that has been changed or damaged.

    Parameters
    ----------
    path : path
        A file from `write`.
    experiment, fingerprint : str
        What each row must belong to.

    Returns
    -------
    list of StoredNetwork
        In the file's order; `rd` and `loss` may be NaN where training diverged.

    Raises
    ------
    InputError
        If the file cannot be read, is cut off, or has a row that was changed after it was
        written, belongs to another run or experiment, or appears twice.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    except (csv.Error, ValueError):
        raise InputError(f"{path}: is not a table of networks") from None
    if tuple(header) != HEADER or not text.endswith("\n"):
        raise InputError(f"{path}: is cut off, or is not a table of networks")
    networks = [_parse(row, path, number, fingerprint) for number, row in enumerate(rows, start=2)]
    if any(network.experiment != experiment for network in networks):
        raise InputError(f"{path}: holds networks of another experiment than {experiment!r}")
    if len({network_key(network) for network in networks}) != len(networks):
        raise InputError(f"{path}: holds a network twice")
    return networks


def _parse(row: Sequence[str], path: Path, number: int, fingerprint: str) -> StoredNetwork:
    if len(row) != len(HEADER) or row[-1] != _seal(row[:-1]):
        raise InputError(f"{path}: row {number} is damaged")
    if row[-2] != fingerprint:
        raise InputError(
            f"{path}: row {number} has the fingerprint {row[-2][:12]}, expected {fingerprint[:12]}"
        )
    # The seal is right, so each field was written by `write` from a value of this type.
    return StoredNetwork(
        *(convert(text) for convert, text in zip(TYPES.values(), row[:-2], strict=True))
    )


def _seal(fields: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()[:SEAL_DIGITS]
