"""Write files atomically: a file is complete or absent, never partial."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def atomic_path(path: str | os.PathLike[str], *, durable: bool = True) -> Iterator[Path]:
    """Give a temporary file to write to, which is renamed to `path` if the block raises no error.

    A reader sees the old file or the complete new one, never a part of it, even if the writer is
    killed. Missing parent folders are created.

    Parameters
    ----------
    path : path
        The file to be created or replaced.
    durable : bool
        Whether the file is on the disk when the block has ended. If not, writing a small file
        takes a third to a half of the time, but a power cut (not a killed process) may leave a
        damaged file under the name; for files whose reader detects damage.

    Yields
    ------
    pathlib.Path
        An empty file in the same folder and with the same suffix (the writers of NumPy, pandas
        and matplotlib choose or extend a format by it). It is removed if the block raises.

    Raises
    ------
    OSError
        If the folder cannot be created or written to, the disk is full, or `path` is a folder;
        the error names `path`.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may write the same file at once, so each has its own temporary file. It is
    # created by open, not by tempfile, so that it gets the permissions of any other new file.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial{path.suffix}")
    try:
        temporary.open("xb").close()
        yield temporary
        # The data has to be on the disk before the name is, or a power cut leaves an empty file
        # under the final name.
        if durable:
            _flush(temporary)
        os.replace(temporary, path)
    except BaseException as error:
        # On a read-only disk the file cannot be removed either; the error reported is
        # why it was not written.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(temporary)):
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        raise
    if durable:
        # Some network file systems cannot sync a folder; the file is complete nevertheless.
        with suppress(OSError):
            _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
