"""Records of what results were made from, as JSON files with hashes of contents."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phase_diagram.files import hashes
from phase_diagram.files.json_files import read_json, write_json

__all__ = ["read_json", "read_record", "record", "write_json"]


def record(
    parameters: Mapping[str, Any],
    inputs: Mapping[str, str | Path],
    outputs: Mapping[str, str | Path],
) -> dict[str, Any]:
    """Describe what results are made from, using the files as they are now.

    Parameters
    ----------
    parameters : mapping
        The parameters that affect the results, as JSON.
    inputs, outputs : mapping from str to path
        Files by their names in the rules; the record of the code is among the inputs. Files that
        do not exist are left out.
    """
    return {
        "parameters": dict(parameters),
        "inputs": _sums(inputs),
        "outputs": _sums(outputs),
    }


def read_record(path: str | Path) -> dict[str, Any] | None:
    """Read a record; None if it is missing or damaged."""
    content = read_json(path)
    sections = ("parameters", "inputs", "outputs")
    complete = isinstance(content, dict) and all(
        isinstance(content.get(section), dict) for section in sections
    )
    return content if complete else None


def _sums(files: Mapping[str, str | Path]) -> dict[str, str]:
    return {name: hashes.file_sha256(path) for name, path in files.items() if Path(path).is_file()}
