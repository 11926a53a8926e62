"""Draw the figures of a study from its tables."""

from importlib import import_module
from typing import Any

from phase_diagram.figures.drawing.save import save
from phase_diagram.files import tables
from phase_diagram.workflow.jobs.job import files, looks


def make(job: Any) -> None:
    """Write each figure as PNG and PDF."""
    figures = import_module(f"phase_diagram.figures.{job.params.kind}")
    contents = {name: tables.read_csv(path) for name, path in files(job).items()}
    drawn = figures.draw(contents, looks(job), job.wildcards.study.replace("_", " "))
    for name in figures.FIGURES:
        for ending in ("png", "pdf"):
            save(drawn[name], getattr(job.output, f"{name}_{ending}"))
