"""Draw the figures of a study from its tables."""

from importlib import import_module

from job import looks, run

from phase_diagram.figures.drawing.save import save
from phase_diagram.files import tables


def make(job) -> None:
    figures = import_module(f"phase_diagram.figures.{job.params.kind}")
    read = {name: tables.read_csv(path) for name, path in job.input.items() if name != "settings"}
    title = job.wildcards.study.replace("_", " ")
    drawn = figures.draw(read, looks(job), title)
    for name in figures.FIGURES:
        for ending in ("png", "pdf"):
            save(drawn[name], getattr(job.output, f"{name}_{ending}"))


run(make, snakemake)  # noqa: F821
