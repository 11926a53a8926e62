"""What the processes of a run open, as watching/sitecustomize.py has noted it."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from small_project import Ended, Project

WATCHING = Path(__file__).parent / "watching"


@dataclass
class Process:
    """A Python process: its command, what it imported, read and wrote, and its job, if any."""

    command: list[str]
    imported: set[Path] = field(default_factory=set)
    read: set[Path] = field(default_factory=set)
    written: set[Path] = field(default_factory=set)
    job: dict[str, Any] | None = None


def watch(project: Project, folder: Path, *command: str) -> tuple[Ended, list[Process]]:
    """Run a command in a project and say what its processes opened below the project's folder.

    Python alone is watched, not what its extensions open by themselves: of the project's files
    they open none but those that Python hands to them by name.
    """
    folder.mkdir()
    project.environment |= {
        "WATCHED_FILES": str(folder),
        "PYTHONPATH": f"{WATCHING}{os.pathsep}{project.path('src')}",
    }
    ended = project.run(*command)
    return ended, [_process(path, project.folder) for path in sorted(folder.glob("*.jsonl"))]


def _process(path: Path, project: Path) -> Process:
    first, *lines = [json.loads(line) for line in path.read_text().splitlines()]
    process = Process(first["command"])
    for line in lines:
        if "rule" in line:
            process.job = line
        elif "modules" in line:
            files = (Path(file) for file in line["modules"])
            process.imported = {
                file.relative_to(project) for file in files if file.is_relative_to(project)
            }
        elif "path" in line and Path(line["path"]).is_relative_to(project):
            opened = process.written if line["writes"] else process.read
            opened.add(Path(line["path"]).relative_to(project))
    return process
