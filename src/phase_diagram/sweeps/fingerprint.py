"""The fingerprint of trained networks: a hash of the data, settings and code they depend on."""

from dataclasses import asdict
from functools import cache

from phase_diagram.files.hashes import code_sha256, sha256_of
from phase_diagram.training import Training

CODE = (
    "activations.py",
    "training.py",
    "flow",
    "observables",
    "two_layer",
    "sweeps/runs.py",
    "sweeps/sweep.py",
    "files/stored_networks.py",
)
"""The code that affects the numbers of a trained network, or how they are stored.

A change there invalidates every stored network. Problems enter a fingerprint by their contents, so
the code that reads data is not listed; neither is code that only writes files and messages.
"""


def training_fingerprint(problem_sha256: str, training: Training) -> str:
    """Return the fingerprint of all networks trained on one problem in one way.

    The grid, the widths and the seeds are left out: each network is stored separately, so a larger
    grid trains only the new networks.

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
    return sha256_of({"problem": problem_sha256, "training": asdict(training), "code": _code()})


@cache
def _code() -> str:
    return sha256_of(code_sha256(*CODE))
