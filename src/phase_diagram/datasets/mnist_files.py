"""The original files of MNIST in torchvision's folders: read, verified, or downloaded first."""

import gzip
import hashlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phase_diagram.errors import InputError

IMAGE_COUNT = 60000
PIXEL_COUNT = 28 * 28
# Original file, without .gz: sha256 of what it holds uncompressed, bytes before the data.
FILES = {
    "train-images-idx3-ubyte": (
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        16,
    ),
    "train-labels-idx1-ubyte": (
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        8,
    ),
}
ANSWER_SECONDS = 5.0
"""Time for a mirror's first answer; without a network connection, this is the whole delay."""
SILENCE_SECONDS = 20.0
"""Longest pause of a mirror during a download."""

_LARGEST = 16 + IMAGE_COUNT * PIXEL_COUNT
_ASK = "import sys, urllib.request as r; r.urlopen(r.Request(sys.argv[1], method='HEAD'))"


class Unavailable(Exception):
    """A source of MNIST is missing (rather than damaged). The message says why."""


class Digits(NamedTuple):
    """The first training images in original order: images (n, 784) uint8, labels (n,) uint8."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def sha256(self) -> str:
        """Return the hexadecimal sha256 of the images' bytes followed by the labels'."""
        return hashlib.sha256(self.images.tobytes() + self.labels.tobytes()).hexdigest()


def read(folder: Path) -> Digits:
    """Read and verify the original training images and labels, plain or compressed (.gz).

    They are parsed here, not by torchvision, which cannot be imported everywhere. The sha256 is
    verified, so everything after the header is pixels or labels.

    Parameters
    ----------
    folder : path
        torchvision's MNIST/raw.

    Raises
    ------
    Unavailable
        If neither file is there.
    InputError
        If one of them is missing, unreadable or damaged.
    """
    paths = {name: _find(folder, name) for name in FILES}
    missing = [name for name, path in paths.items() if path is None]
    if len(missing) == len(FILES):
        raise Unavailable("not there")
    if missing:
        raise InputError(
            f"{folder / missing[0]}: missing, while the other file is there; "
            "put it (or its .gz) beside it, or delete the other to have both fetched"
        )
    images, labels = (_verified(path, name) for name, path in paths.items() if path is not None)
    return Digits(images.reshape(-1, PIXEL_COUNT), labels)


def _find(folder: Path, name: str) -> Path | None:
    for path in (folder / name, folder / f"{name}.gz"):
        # A broken link is reported as a fault, not taken for a missing file.
        if path.exists() or path.is_symlink():
            return path
    return None


def _verified(path: Path, name: str) -> NDArray[np.uint8]:
    expected, offset = FILES[name]
    advice = "delete it to have it fetched again, or put the original file there"
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            # Read no more than this: a small file may unpack to any size.
            content = file.read(_LARGEST + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        raise InputError(f"{path}: damaged: not a whole gzip file ({fault}); {advice}") from fault
    except OSError as fault:
        raise InputError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != expected:
        raise InputError(
            f"{path}: damaged: sha256 of its {len(content)} uncompressed bytes is {sha256}, "
            f"expected {expected}; {advice}"
        )
    return np.frombuffer(content, dtype=np.uint8, offset=offset)


def download(data_directory: Path) -> Digits:
    """Have torchvision download MNIST into `data_directory`, and read and verify it.

    The files are downloaded to a temporary folder and moved to MNIST/raw when they are verified:
    an interrupted download leaves nothing that would later look like a damaged file.

    Raises
    ------
    Unavailable
        If torchvision does not import, no mirror answers, or the download fails.
    """
    # torchvision's compiled part wants the CUDA build of torch: beside a CPU-only torch the
    # import fails, and with a RuntimeError, not an ImportError.
    try:
        from torchvision.datasets import MNIST  # type: ignore[import-untyped]
    except Exception as fault:
        reason = " ".join(str(fault).split())
        raise Unavailable(f"torchvision cannot be imported here: {reason}") from fault
    mirrors = [mirror for mirror in MNIST.mirrors if _answers(f"{mirror}{MNIST.resources[0][0]}")]
    if not mirrors:
        raise Unavailable(f"no mirror answered within {ANSWER_SECONDS:g} s")

    # torchvision names its folder after the class, so the name has to stay.
    dataset_class = type("MNIST", (MNIST,), {"mirrors": mirrors})
    try:
        data_directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".mnist-", dir=data_directory) as scratch:
            with _socket_timeout(SILENCE_SECONDS):
                dataset_class(scratch, train=True, download=True)
            digits = read(Path(scratch) / "MNIST" / "raw")
            _move(Path(scratch) / "MNIST" / "raw", data_directory / "MNIST" / "raw")
    except (OSError, EOFError, RuntimeError, ValueError, http.client.HTTPException) as fault:
        reason = " ".join(str(fault).split()) or type(fault).__name__
        raise Unavailable(f"failed: {reason}") from fault
    except InputError as fault:
        raise Unavailable("what came is not MNIST: its sha256 is another") from fault
    return digits


def _answers(url: str) -> bool:
    # In a separate process, which can be ended: looking up a host name has no time limit.
    try:
        asked = subprocess.run(
            [sys.executable, "-c", _ASK, url],
            timeout=ANSWER_SECONDS,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


@contextmanager
def _socket_timeout(seconds: float) -> Iterator[None]:
    # torchvision passes no timeout to urllib, so the default for new sockets is the only way in.
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _move(source: Path, target: Path) -> None:
    if not target.exists():
        # In one rename, so that an incomplete layout is never left.
        target.parent.mkdir(exist_ok=True)
        os.replace(source, target)
        return
    for path in source.iterdir():
        os.replace(path, target / path.name)
