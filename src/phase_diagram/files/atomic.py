"""Write a file whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def atomic_path(path: str | os.PathLike[str], *, durable: bool = True) -> Iterator[Path]:
    """Give a temporary sibling of `path` to write to; it becomes `path` when the block ends well.

    A reader sees the old file or the whole new one, never a part of it, whatever happens to the
    writer in between. Missing parent folders are made.

    Parameters
    ----------
    path : path
        The file to be made or replaced.
    durable : bool
        Whether the file is on the disk when the block has ended. If not, a power cut (nothing
        less: not a killed process) may leave a damaged file under the name. A third to a
        half of the time that a small file takes; for files whose reader notices damage.

    Yields
    ------
    pathlib.Path
        An empty file in the same folder and with the same suffix (the writers of NumPy, pandas
        and matplotlib choose or extend a format by it). It is removed if the block raises.

    Raises
    ------
    OSError
        If the folder cannot be made or written to, the disk is full, or `path` is a folder; it
        names `path`.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may write the same file at once; each needs a sibling of its own. It is made
    # by open, not by tempfile, so that it gets the permissions of any other new file.
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
        # A disk that cannot be written to may not let a file be removed either; what is told is
        # why it was not written.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(temporary)):
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        raise
    if durable:
        # Some network file systems cannot sync a folder; the file is whole all the same.
        with suppress(OSError):
            _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
