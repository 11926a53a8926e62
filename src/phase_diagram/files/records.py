"""Records of what results were made from, which lie beside them; contents decide, never ages.

A record holds the settings of a stage (parameters, code, files of the user's) and the sha256 of
what it read and wrote. The settings that hold now are a JSON file too; what it says of other
stages is no part of a record.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from phase_diagram.errors import InputError
from phase_diagram.files.atomic import atomic_path
from phase_diagram.files.hashes import files_sha256

# The results that new ones replace, and the records of the stages before.
ABOUT_OTHERS = ("instead_of", "origins")


def read_json(path: str | Path) -> Any:
    """Read a JSON file; None if it is missing or damaged."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_json(path: str | Path, value: Any) -> None:
    """Write a JSON file, whole or not at all, equal values as equal bytes.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def record(
    settings: Mapping[str, Any], inputs: Iterable[str | Path], outputs: Iterable[str | Path]
) -> dict[str, Any]:
    """Say what results are made from, by the files as they are now.

    Parameters
    ----------
    settings : mapping
        Of their stage, as JSON.
    inputs, outputs : iterable of path
        Files that do not exist are left out.
    """
    return {
        "settings": _own(settings),
        "inputs": files_sha256(inputs),
        "outputs": files_sha256(outputs),
    }


def refuse_others(origins: Mapping[str, str], *, complete: bool) -> None:
    """See that results to start from are those that parameters and code ask for.

    Snakemake makes them anew where they are not; but not if the rules of one stage are run by
    themselves, and not what somebody puts into the folder while it runs.

    Parameters
    ----------
    origins : mapping from str to str
        The record of each stage before, and the file of the settings that hold for it now.
    complete : bool
        Whether a missing record is a fault too.

    Raises
    ------
    InputError
        A line for each file that is not what its record says, and for each record of other
        settings.
    """
    faults = []
    for made_from, settings in origins.items():
        found = read_json(made_from)
        if found is None:
            if complete or Path(made_from).exists():
                faults.append(f"{made_from}: missing or damaged; results without it are not used")
        elif not _is_record(found) or found["settings"] != _own(read_json(settings) or {}):
            faults.append(f"{made_from}: tells of other parameters or other code than hold now")
        else:
            known = {**found["inputs"], **found["outputs"]}
            faults += [
                f"{path}: is not the file that {made_from} tells of"
                for path, sha256 in files_sha256(known).items()
                if sha256 != known[path]
            ]
    if faults:
        raise InputError(f"{fault}; run snakemake to make it anew" for fault in faults)


def _own(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if key not in ABOUT_OTHERS}


def _is_record(value: Any) -> bool:
    parts = ("settings", "inputs", "outputs")
    return isinstance(value, dict) and all(isinstance(value.get(part), dict) for part in parts)
