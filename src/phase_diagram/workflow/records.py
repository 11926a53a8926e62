"""Contents decide: results are compared with the record of what they were made from.

Snakemake knows the inputs and parameters of its own last execution, which need not be what DVC
has put into the folder since, and in a fresh clone it knows nothing but ages.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from phase_diagram.files import records

SECOND = 10**9  # nanoseconds


def write_settings(
    settings: Path,
    described: dict[str, Any],
    inputs: list[Path],
    outputs: list[Path],
    made_from: Path,
    origins: dict[str, str],
) -> bool:
    """Write the settings of a stage, so that Snakemake sees whether its results fit them.

    Results whose record agrees with the settings, with the files they were made from and with
    themselves are made younger than these, if they are not; all others are made older than the
    settings, which are written anew.

    Parameters
    ----------
    settings : path
        The file to be written; left alone if it says the same already.
    described : dict
        All that decides the results beside the inputs, as JSON.
    inputs, outputs : list of path
        Files the results are made from, and the results.
    made_from : path
        The record, written by the job that made the results.
    origins : dict from str to str
        The records of the stages before, each with the file of its settings: the job refuses to
        start from results that do not fit them (scripts/job.py).

    Returns
    -------
    bool
        Whether all results are there and fit.
    """
    found = records.read_json(made_from)
    fits = found == records.record(described, inputs, outputs)
    wanted = {**described, "origins": origins}
    if not fits and any(path.exists() for path in (*outputs, made_from)):
        wanted["instead_of"] = found
    # Not left as they are for results that do not fit: those may be younger than the settings.
    if "instead_of" in wanted or records.read_json(settings) != wanted:
        records.write_json(settings, wanted)
    if fits:
        _make_younger([*outputs, made_from], [settings, *inputs])
    else:
        _make_older([*outputs, made_from], settings)
    return fits and all(path.exists() for path in outputs)


def _make_younger(outputs: list[Path], inputs: list[Path]) -> None:
    if not all(path.exists() for path in outputs):
        return
    youngest = max(path.stat().st_mtime_ns for path in inputs)
    if any(path.stat().st_mtime_ns < youngest for path in outputs):
        # A file that may not be touched is made again: more work, nothing wrong.
        with suppress(OSError):
            for path in outputs:
                os.utime(path)


def _make_older(outputs: list[Path], settings: Path) -> None:
    age = settings.stat().st_mtime_ns - SECOND
    for path in outputs:
        if path.exists() and path.stat().st_mtime_ns > age:
            with suppress(OSError):  # what may not be touched cannot be made anew either
                os.utime(path, ns=(age, age))
