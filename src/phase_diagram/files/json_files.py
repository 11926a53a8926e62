"""JSON files: written atomically; equal values give equal bytes."""

import json
import os
from pathlib import Path
from typing import Any

from phase_diagram.files.atomic import atomic_path


def read_json(path: str | os.PathLike[str]) -> Any:
    """Read a JSON file; None if it is missing or damaged."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_json(path: str | os.PathLike[str], value: Any, *, indent: int = 1) -> None:
    """Write a JSON file atomically, with sorted keys.

    Raises
    ------
    ValueError
        If a number is NaN or infinite, which JSON cannot hold.
    OSError
        If the file cannot be written.
    """
    text = json.dumps(value, indent=indent, sort_keys=True, allow_nan=False)
    with atomic_path(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
