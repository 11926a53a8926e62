"""The original files of MNIST, in the folder layout of torchvision."""

import gzip
import hashlib
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phase_diagram.errors import InputError

IMAGE_COUNT = 60000
PIXEL_COUNT = 28 * 28

# Name without .gz: sha256 of the uncompressed file, bytes before the data.
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

_LARGEST = 16 + IMAGE_COUNT * PIXEL_COUNT

SHA256 = "edc0d1098aa497be14ace79ddd5171e5a3dcf9c4d196c015389203eb3ba1f59b"
"""Of all 60000 images and labels, as Digits.sha256 takes it."""


class Unavailable(Exception):
    """A source of MNIST is not there (as opposed to: there, but damaged). The text says why."""


class Digits(NamedTuple):
    """The first training images in original order: images (n, 784) uint8, labels (n,) uint8."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def sha256(self) -> str:
        """Return the hexadecimal sha256 of the images' bytes followed by the labels'."""
        return hashlib.sha256(self.images.tobytes() + self.labels.tobytes()).hexdigest()


def read(folder: Path) -> Digits:
    """Read and verify the training images and labels, plain or compressed (.gz).

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
    found = {name: _find(folder, name) for name in FILES}
    missing = [name for name, path in found.items() if path is None]
    if len(missing) == len(FILES):
        raise Unavailable("not there")
    if missing:
        raise InputError(
            f"{folder / missing[0]}: missing, while the other file is there; "
            "put it (or its .gz) beside it, or delete the other to have both fetched"
        )
    images, labels = (_verified(path, name) for name, path in found.items() if path is not None)
    return Digits(images.reshape(-1, PIXEL_COUNT), labels)


def _find(folder: Path, name: str) -> Path | None:
    for path in (folder / name, folder / f"{name}.gz"):
        # A link that leads nowhere is a fault to report, not a file that was never there.
        if path.exists() or path.is_symlink():
            return path
    return None


def _verified(path: Path, name: str) -> NDArray[np.uint8]:
    expected, offset = FILES[name]
    advice = "delete it to have it fetched again, or put the original file there"
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            # No more than that, for a small file may unpack to any size.
            content = file.read(_LARGEST + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        raise InputError(f"{path}: damaged: not a whole gzip file ({fault}); {advice}") from fault
    except OSError as fault:
        raise InputError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise InputError(
            f"{path}: damaged: sha256 of its {len(content)} uncompressed bytes is {found}, "
            f"expected {expected}; {advice}"
        )
    # The sha256 vouches for the header too: what follows it are the pixels or labels.
    return np.frombuffer(content, dtype=np.uint8, offset=offset)
