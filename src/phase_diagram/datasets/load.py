"""Load training data by name: a built-in dataset, or the user's own file."""

import os
from pathlib import Path

from phase_diagram.datasets.four_points import four_points, three_points
from phase_diagram.datasets.mnist import mnist
from phase_diagram.datasets.problem import Problem
from phase_diagram.datasets.tabular import read_csv, read_npz
from phase_diagram.errors import InputError
from phase_diagram.parameters.dataset_names import BUILT_IN, SUFFIXES


def load(
    name_or_path: str | os.PathLike[str],
    *,
    mnist_images: int = 45,
    data_directory: str | os.PathLike[str] = Path("data/raw"),
) -> Problem:
    """Load a training problem by its name, or from the user's own file.

    Parameters
    ----------
    name_or_path : str or path
        "four_points", "three_points", "mnist", or the path of a CSV file (header x1,...,xd,y) or an
        NPZ file (arrays inputs and targets). The constant-1 column is appended here in every case.
    mnist_images : int
        How many of the first training images of MNIST to take; used for "mnist" alone.
    data_directory : path
        Folder in which the files of MNIST are looked for, or into which they are downloaded.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        If there is no such dataset, or its file is missing or faulty.
    """
    name = os.fspath(name_or_path)
    if name == "four_points":
        return four_points()
    if name == "three_points":
        return three_points()
    if name == "mnist":
        return mnist(mnist_images, Path(data_directory))
    path = Path(name)
    match path.suffix.lower():
        case ".csv":
            return read_csv(path)
        case ".npz":
            return read_npz(path)
    raise InputError(
        f"dataset: {name!r}: expected one of {', '.join(BUILT_IN)}, "
        f"or the path of a file ending in {' or '.join(SUFFIXES)}"
    )
