"""A training problem: inputs with their constant-1 column, and one target for each."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phase_diagram.errors import InputError
from phase_diagram.files.archive import read_archive, write_archive

_ARRAYS = ("name", "inputs", "targets")


@dataclass(frozen=True, eq=False)
class Problem:
    """What a network is trained on.

    Parameters
    ----------
    name : str
        "four_points", "three_points", "mnist", or the stem of a user's file.
    inputs : array_like, shape (n, d)
        One input per row, the constant 1 last, so that the bias is the last input weight
        (docs/theory.md section 1; d counts it).
    targets : array_like, shape (n,)

    Raises
    ------
    ValueError
        If the shapes do not fit together, a number is not finite or the last column is not 1.
    """

    name: str
    inputs: NDArray[np.float64]
    targets: NDArray[np.float64]

    def __post_init__(self) -> None:
        inputs = np.ascontiguousarray(self.inputs, dtype=np.float64)
        targets = np.ascontiguousarray(self.targets, dtype=np.float64)
        if inputs.ndim != 2 or 0 in inputs.shape:
            raise ValueError(f"inputs: shape {inputs.shape}, expected (n, d) with n, d >= 1")
        if targets.shape != inputs.shape[:1]:
            raise ValueError(f"targets: shape {targets.shape}, expected {inputs.shape[:1]}")
        if not (np.isfinite(inputs).all() and np.isfinite(targets).all()):
            raise ValueError("inputs and targets must be finite")
        if not (inputs[:, -1] == 1.0).all():
            raise ValueError("the last column of inputs must be the constant 1")
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "targets", targets)

    @classmethod
    def from_features(cls, name: str, features: ArrayLike, targets: ArrayLike) -> Self:
        """Build a problem, appending the constant 1 to `features` (n, d - 1); `targets` (n,)."""
        features = np.asarray(features, dtype=np.float64)
        return cls(name, np.column_stack([features, np.ones(len(features))]), np.asarray(targets))

    def sha256(self) -> str:
        """Return the hexadecimal sha256 of the shape, the inputs and the targets.

        The name is left out: it does not change a training run.
        """
        digest = hashlib.sha256(np.array(self.inputs.shape, dtype="<i8").tobytes())
        for array in (self.inputs, self.targets):
            digest.update(array.astype("<f8", copy=False).tobytes())
        return digest.hexdigest()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write an NPZ file atomically; equal problems give equal bytes.

        Raises
        ------
        OSError
            If the folder cannot be written to.
        """
        write_archive(path, dict(zip(_ARRAYS, (self.name, self.inputs, self.targets), strict=True)))

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read a problem from a file written by `save`.

        Raises
        ------
        InputError
            If the file is missing or damaged, or is not such a file.
        """
        path = Path(path)
        arrays = read_archive(path, _ARRAYS)
        try:
            name = arrays["name"]
            if name.shape != () or name.dtype.kind != "U":
                raise ValueError(f"name: shape {name.shape}, dtype {name.dtype}, expected a text")
            for key in _ARRAYS[1:]:
                if arrays[key].dtype.kind != "f":
                    raise ValueError(f"{key}: dtype {arrays[key].dtype}, expected float64")
            return cls(str(name), arrays["inputs"], arrays["targets"])
        except ValueError as fault:
            raise InputError(f"{path}: not a prepared problem: {fault}") from fault
