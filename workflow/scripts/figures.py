"""Draw the figures of an experiment from its tables."""

from pathlib import Path

from job import looks, run

from phase_diagram.figures import experiment
from phase_diagram.figures.drawing.save import save


def make(job) -> None:
    folder = Path(job.input.slopes).parent
    for name in experiment.TABLES:
        contents = experiment.read(folder, name)
        figure = experiment.draw(name, contents, looks(job), job.wildcards.experiment)
        for ending in ("png", "pdf"):
            save(figure, getattr(job.output, f"{name}_{ending}"))


run(make, snakemake)  # noqa: F821
