"""The cache folder of compiled code, and whether compiled code is to be used."""

import os
import stat
from pathlib import Path

BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path:
    """Return the cache folder: PHASE_DIAGRAM_CACHE, or one in the user's cache."""
    override = os.environ.get("PHASE_DIAGRAM_CACHE")
    if override:
        return Path(override)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "phase_diagram"


def own_cache_folder() -> Path:
    """Return the cache folder, created if missing, in which only this user may write.

    Raises
    ------
    OSError
        If it belongs to another user, or cannot be created.
    """
    folder = cache_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user, who could have put code there")
    if status.st_mode & BY_OTHERS:
        folder.chmod(status.st_mode & ~BY_OTHERS)
    return folder


def may_build() -> bool:
    """Whether compiled code may be built and used; PHASE_DIAGRAM_COMPILE=0 turns it off."""
    return os.environ.get("PHASE_DIAGRAM_COMPILE") != "0"
