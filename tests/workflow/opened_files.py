"""What the jobs of a run open, as watching/sitecustomize.py notes it."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

WATCHING = Path(__file__).parent / "watching"
NOTES = "opened"


@dataclass
class Job:
    """A job: its rule, what that declares, what was imported, read and written in the project."""

    rule: str = ""
    inputs: set[Path] = field(default_factory=set)
    outputs: set[Path] = field(default_factory=set)
    imported: set[Path] = field(default_factory=set)
    read: set[Path] = field(default_factory=set)
    written: set[Path] = field(default_factory=set)


def watching(project: Path) -> dict[str, str]:
    """Give the variables by which the Python processes of a project are watched.

    Python alone is watched, not what its extensions open by themselves: of the project's files
    they open none but those that Python hands to them by name.
    """
    notes = project.parent / NOTES
    notes.mkdir()
    return {
        "WATCHED_FILES": str(notes),
        "PYTHONPATH": f"{WATCHING}{os.pathsep}{project / 'src'}",
    }


def jobs(project: Path) -> list[Job]:
    """Give the jobs that were watched."""
    read = [_job(path, project) for path in sorted((project.parent / NOTES).glob("*.jsonl"))]
    return [job for job in read if job.rule]


def _job(notes: Path, project: Path) -> Job:
    def inside(*paths: str) -> set[Path]:
        of = [Path(path) for path in paths if Path(path).is_relative_to(project)]
        return {path.relative_to(project) for path in of}

    job = Job()
    for line in map(json.loads, notes.read_text().splitlines()):
        if "rule" in line:
            job.rule = line["rule"]
            job.inputs, job.outputs = inside(*line["inputs"]), inside(*line["outputs"])
        elif "modules" in line:
            job.imported = inside(*line["modules"])
        else:
            (job.written if line["writes"] else job.read).update(inside(line["path"]))
    return job
