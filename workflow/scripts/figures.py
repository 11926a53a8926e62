"""Draw the phase diagram of an experiment from its tables."""

from job import run

from phase_diagram import boundary, slopes, tables
from phase_diagram.figures import phase_plane
from phase_diagram.figures.save import save
from phase_diagram.parameters import FigureSettings


def make(job) -> None:
    figure = phase_plane.draw(
        tables.read_csv(job.input.slopes, slopes.COLUMNS),
        tables.read_csv(job.input.boundary, boundary.COLUMNS),
        FigureSettings(**job.params.section),
        job.wildcards.experiment.replace("_", " "),
    )
    for path in (job.output.png, job.output.pdf):
        save(figure, path)


run(make, snakemake)  # noqa: F821
