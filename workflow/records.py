"""Contents decide: results are compared with the record of what they were made from.

Snakemake knows the inputs and parameters of its own last execution, which need not be what DVC
has put into the folder since, and in a fresh clone it knows nothing but ages.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from phase_diagram import fingerprint
from phase_diagram.atomic import atomic_path


def write_settings(
    settings: Path,
    described: dict[str, Any],
    inputs: list[Path],
    outputs: list[Path],
    made_from: Path,
) -> None:
    """Write the settings of a stage, so that Snakemake sees whether its results fit them.

    Results whose record agrees with the settings, with the files they were made from and with
    themselves are made younger than these, if they are not; for all others the settings change.

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
    """
    record = _read_json(made_from)
    expected = {
        "settings": described,
        "inputs": fingerprint.files_sha256(inputs),
        "outputs": fingerprint.files_sha256(outputs),
    }
    fits = record == expected
    wanted = dict(described)
    if not fits and any(path.exists() for path in (*outputs, made_from)):
        wanted["instead_of"] = record
    if _read_json(settings) != wanted:
        with atomic_path(settings) as temporary:
            temporary.write_text(json.dumps(wanted, indent=1, sort_keys=True) + "\n")
    if fits:
        _make_younger([*outputs, made_from], [settings, *inputs])


def _make_younger(outputs: list[Path], inputs: list[Path]) -> None:
    if not all(path.exists() for path in outputs):
        return
    youngest = max(path.stat().st_mtime_ns for path in inputs)
    if any(path.stat().st_mtime_ns < youngest for path in outputs):
        # A file that may not be touched is made again: more work, nothing wrong.
        with suppress(OSError):
            for path in outputs:
                os.utime(path)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
