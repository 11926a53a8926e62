"""What is built once on a machine: where it is kept, and whether it is wanted."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Give the folder: PHASE_DIAGRAM_CACHE, or one in the user's cache."""
    chosen = os.environ.get("PHASE_DIAGRAM_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "phase_diagram"


def may_build() -> bool:
    """Whether compiled code may be built and used; PHASE_DIAGRAM_COMPILE=0 does without."""
    return os.environ.get("PHASE_DIAGRAM_COMPILE") != "0"
