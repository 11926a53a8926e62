"""Write NPZ files reproducibly to the byte, and read them strictly."""

import io
import os
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phase_diagram.errors import InputError
from phase_diagram.files.atomic import atomic_path

MAXIMUM_BYTES = 2**30
"""Of one array: far more than training can use. A small file may claim to unpack to any size."""

_NAMES_SHOWN = 10


def write_archive(path: str | os.PathLike[str], arrays: Mapping[str, ArrayLike]) -> None:
    """Write named arrays of any shape to an NPZ file, atomically and without pickles.

    Equal arrays give equal bytes, whenever and on whatever system they are written.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, array in arrays.items():
            # Date and system go into the file, so both are fixed. Stored, not deflated: deflated
            # bytes differ between versions of zlib.
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o644 << 16
            with archive.open(member, "w", force_zip64=True) as stream:
                # Little-endian: native byte order would differ on a big-endian machine.
                array = np.asarray(array)
                array = array.astype(array.dtype.newbyteorder("<"), copy=False)
                np.lib.format.write_array(stream, array, version=(1, 0), allow_pickle=False)


def read_archive(path: str | os.PathLike[str], names: Sequence[str]) -> dict[str, NDArray]:
    """Read exactly the named arrays, of any shape, from an NPZ file, verifying their checksums.

    Raises
    ------
    InputError
        If the file is missing, is not a whole NPZ file, holds other arrays than `names`, or an
        array of Python objects, or one of more than MAXIMUM_BYTES.
    """
    path = Path(path)
    arrays = {}
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.namelist())
            if members != sorted(f"{name}.npy" for name in names):
                held = ", ".join(name.removesuffix(".npy")[:40] for name in members[:_NAMES_SHOWN])
                held += ", ..." if len(members) > _NAMES_SHOWN else ""
                raise InputError(
                    f"{path}: holds {held or 'nothing'}; expected the arrays {', '.join(names)}"
                )
            for name in names:
                size = archive.getinfo(f"{name}.npy").file_size
                if size > MAXIMUM_BYTES:
                    raise InputError(
                        f"{path}: {name}: {size} bytes; expected at most {MAXIMUM_BYTES}"
                    )
                # The whole member first: its checksum is verified at its end, and a damaged
                # header must not be believed before.
                stream = io.BytesIO(archive.read(f"{name}.npy"))
                arrays[name] = _read_array(path, name, stream)
    except InputError:
        raise
    except OSError as fault:
        raise InputError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
    except Exception as fault:
        # On damaged files zipfile, its decompressors and NumPy's reading of a header (as a Python
        # expression) raise a dozen types of exceptions, which differ between versions.
        reason = " ".join(str(fault).split())[:100] or type(fault).__name__
        raise InputError(f"{path}: damaged, or not an NPZ file: {reason}") from fault
    return arrays


def _read_array(path: Path, name: str, stream: io.BytesIO) -> NDArray:
    try:
        with warnings.catch_warnings(action="ignore"):  # of headers by old NumPy
            return np.lib.format.read_array(stream, allow_pickle=False)
    except ValueError as fault:
        if "allow_pickle" not in str(fault):
            raise
        raise InputError(f"{path}: {name}: an array of Python objects; expected numbers") from fault
