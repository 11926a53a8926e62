"""What is built once on a machine: where it is kept, and whether it is wanted."""

import os
import stat
from pathlib import Path

BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path:
    """Give the folder: PHASE_DIAGRAM_CACHE, or one in the user's cache."""
    chosen = os.environ.get("PHASE_DIAGRAM_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "phase_diagram"


def own_cache_folder() -> Path:
    """Give the folder, made where it is missing, in which nobody else may put code to be run.

    Raises
    ------
    OSError
        If it belongs to somebody else, or cannot be made.
    """
    folder = cache_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user, who could have put code there")
    if found.st_mode & BY_OTHERS:
        folder.chmod(found.st_mode & ~BY_OTHERS)
    return folder


def may_build() -> bool:
    """Whether compiled code may be built and used; PHASE_DIAGRAM_COMPILE=0 does without."""
    return os.environ.get("PHASE_DIAGRAM_COMPILE") != "0"
