"""Decide by contents which results are out of date, and tell Snakemake by file times.

Snakemake decides by file times and by its own records of the last run, which may differ from what
DVC has put into the folder since; in a fresh clone it has file times only. Each rule therefore has
a settings file among its inputs: it is made newer than results that are out of date, and older
than results that match their records.
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
    """Write the settings file of a stage, so that Snakemake reruns it if it is out of date.

    Parameters
    ----------
    settings : path
        The file to be written; unchanged if results are up to date and its content is the same.
    parameters : mapping
        The parameters that affect the results, as JSON.
    inputs, outputs : mapping from str to path
        Files that the results are made from, the record of the code among them, and the results.
    made_from : path
        The record, written by the job that made the results.

    Returns
    -------
    bool
        Whether all results exist and are up to date.
    """
    fits = records.read_json(made_from) == records.record(parameters, inputs, outputs)
    contents: dict[str, Any] = {"parameters": dict(parameters)}
    if not fits and any(path.exists() for path in (*outputs.values(), made_from)):
        # New contents each time: Snakemake takes an input whose contents it has recorded for
        # unchanged, however new the file is.
        contents["made_anew_since"] = time.time_ns()
    if records.read_json(settings) != contents:
        records.write_json(settings, contents)
    if fits:
        _make_younger([*outputs.values(), made_from], [settings, *inputs.values()])
    return fits and all(path.exists() for path in outputs.values())


def _make_younger(results: list[Path], inputs: list[Path]) -> None:
    if not all(path.exists() for path in results):
        return
    youngest = max(path.stat().st_mtime_ns for path in inputs if path.exists())
    if any(path.stat().st_mtime_ns < youngest for path in results):
        # If the file's time cannot be set, the stage is rerun: more work, but correct.
        with suppress(OSError):
            for path in results:
                os.utime(path)
