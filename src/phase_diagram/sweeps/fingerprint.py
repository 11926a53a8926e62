"""The fingerprint of trained networks: the data, the settings and the code that decide them."""

from dataclasses import asdict
from pathlib import Path

from phase_diagram.files.hashes import (
    PACKAGE,
    ROOT,
    code_sha256,
    module_path,
    sha256_of,
    sources_of,
)
from phase_diagram.training import Training

# All that `sweep` imports decides the numbers of a trained network, and so do the modules that
# store it; a change in one of them makes every stored network worthless. Not so these: problems
# enter a fingerprint by their contents, and the others only write files and messages.
STORING_MODULES = ("sweeps.runs", "files.stored_networks")
OUTSIDE_TRAINING = ("__init__", "errors", "files", "datasets")


def training_sources() -> list[Path]:
    """List the source files that decide the numbers of a trained network."""
    sources = [
        path
        for path in sources_of(module_path(f"{PACKAGE}.sweeps.sweep"))
        if path.relative_to(ROOT).with_suffix("").parts[0] not in OUTSIDE_TRAINING
    ]
    return sources + [module_path(f"{PACKAGE}.{name}") for name in STORING_MODULES]


def training_fingerprint(problem_sha256: str, training: Training) -> str:
    """Return the fingerprint of all networks trained on one problem in one way.

    The grid, the widths and the seeds are left out: each network is stored by itself, so that a
    larger grid trains only what is new.

    Parameters
    ----------
    problem_sha256 : str
        From `Problem.sha256()`.
    training : Training

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return sha256_of(
        {
            "problem": problem_sha256,
            "training": asdict(training),
            "code": code_sha256(training_sources()),
        }
    )
