"""Draw the figures of an experiment from its tables."""

from pathlib import Path
from typing import Any

from phase_diagram.figures import experiment
from phase_diagram.figures.drawing.save import save
from phase_diagram.workflow.jobs.job import looks


def make(job: Any) -> None:
    """Write each figure as PNG and PDF."""
    folder = Path(job.input.slopes).parent
    for name in experiment.TABLES:
        contents = experiment.read(folder, name)
        figure = experiment.draw(name, contents, looks(job), job.wildcards.experiment)
        for ending in ("png", "pdf"):
            save(figure, getattr(job.output, f"{name}_{ending}"))
