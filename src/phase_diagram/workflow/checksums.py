"""Checksums of results in a file SHA256SUMS, in the format of the command sha256sum."""

from collections.abc import Iterable
from pathlib import Path

from phase_diagram.files import hashes
from phase_diagram.files.atomic import atomic_path

NAME = "SHA256SUMS"


def write(folder: Path, paths: Iterable[Path]) -> Path:
    """Write the sha256 of files to folder/SHA256SUMS; `sha256sum -c` there verifies them.

    Parameters
    ----------
    folder : path
    paths : iterable of path
        Files in the folder or below.

    Returns
    -------
    pathlib.Path
        The file that was written.
    """
    sums = {path.relative_to(folder).as_posix(): hashes.file_sha256(path) for path in paths}
    with atomic_path(folder / NAME) as temporary:
        lines = (f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items()))
        temporary.write_text("".join(lines), encoding="utf-8")
    return folder / NAME


def read(path: Path) -> dict[str, str]:
    """Read a file written by `write`: the sha256 of each file, by its name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: sha256 for sha256, name in (line.split("  ", 1) for line in lines)}
