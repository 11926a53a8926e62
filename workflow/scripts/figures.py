"""Draw the figures of an experiment from its tables."""

from job import looks, run

from phase_diagram import boundary, slopes, tables, wedges
from phase_diagram.figures import condensation, exponents, phase_plane
from phase_diagram.figures.save import save


def make(job) -> None:
    chosen = looks(job), job.wildcards.experiment.replace("_", " ")
    fitted = tables.read_csv(job.input.slopes, slopes.COLUMNS)
    crossings = tables.read_csv(job.input.boundary, boundary.COLUMNS)
    distances = tables.read_csv(job.input.relative_distances, slopes.DISTANCE_COLUMNS)
    compared = tables.read_csv(job.input.wedges, wedges.COLUMNS)
    for name, figure in {
        "phase_diagram": phase_plane.draw(fitted, crossings, *chosen),
        "exponents": exponents.draw(fitted, compared, *chosen),
        "condensation": condensation.draw(distances, *chosen),
    }.items():
        for ending in ("png", "pdf"):
            save(figure, getattr(job.output, f"{name}_{ending}"))


run(make, snakemake)  # noqa: F821
