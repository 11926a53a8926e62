"""Contents decide: results are compared with the record of what they were made from.

Snakemake decides by ages, and by what it knows of its own last execution, which need not be what
DVC has put into the folder since; in a fresh clone it knows nothing but ages. A settings file among
the inputs of each rule translates: it is younger than results that do not fit, and older than
results that do.
"""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from phase_diagram.files import records


def write_settings(
    settings: Path,
    parameters: Mapping[str, Any],
    inputs: Mapping[str, Path],
    outputs: Mapping[str, Path],
    made_from: Path,
) -> bool:
    """Write the settings of a stage, so that Snakemake sees whether its results fit them.

    Parameters
    ----------
    settings : path
        The file to be written; left alone where results fit and it says the same already.
    parameters : mapping
        Those that decide the results, as JSON.
    inputs, outputs : mapping from str to path
        Files that the results are made from, the record of the code among them, and the results.
    made_from : path
        The record, written by the job that made the results.

    Returns
    -------
    bool
        Whether all results are there and fit.
    """
    fits = records.read_json(made_from) == records.record(parameters, inputs, outputs)
    wanted: dict[str, Any] = {"parameters": dict(parameters)}
    if not fits and any(path.exists() for path in (*outputs.values(), made_from)):
        # Another content each time: Snakemake takes an input of the contents that it remembers for
        # unchanged, however young it is.
        wanted["made_anew_since"] = time.time_ns()
    if records.read_json(settings) != wanted:
        records.write_json(settings, wanted)
    if fits:
        _make_younger([*outputs.values(), made_from], [settings, *inputs.values()])
    return fits and all(path.exists() for path in outputs.values())


def _make_younger(results: list[Path], inputs: list[Path]) -> None:
    if not all(path.exists() for path in results):
        return
    youngest = max(path.stat().st_mtime_ns for path in inputs if path.exists())
    if any(path.stat().st_mtime_ns < youngest for path in results):
        # A file that may not be touched is made again: more work, nothing wrong.
        with suppress(OSError):
            for path in results:
                os.utime(path)
