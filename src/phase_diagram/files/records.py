"""JSON files, and records of what results were made from; contents decide, never ages."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phase_diagram.files import hashes
from phase_diagram.files.atomic import atomic_path


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
    parameters: Mapping[str, Any],
    inputs: Mapping[str, str | Path],
    outputs: Mapping[str, str | Path],
) -> dict[str, Any]:
    """Say what results are made from, by the files as they are now.

    Parameters
    ----------
    parameters : mapping
        Those that decide the results, as JSON.
    inputs, outputs : mapping from str to path
        Files by their names in the rules; the record of the code is among the inputs. Of a
        file that does not exist nothing is said.
    """
    return {
        "parameters": dict(parameters),
        "inputs": _sums(inputs),
        "outputs": _sums(outputs),
    }


def read_record(path: str | Path) -> dict[str, Any] | None:
    """Read a record; None if it is missing or damaged."""
    content = read_json(path)
    parts = ("parameters", "inputs", "outputs")
    whole = isinstance(content, dict) and all(isinstance(content.get(part), dict) for part in parts)
    return content if whole else None


def _sums(files: Mapping[str, str | Path]) -> dict[str, str]:
    return {name: hashes.file_sha256(path) for name, path in files.items() if Path(path).is_file()}
