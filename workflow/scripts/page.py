"""Put the explorer's page together."""

from pathlib import Path

from job import looks, run

from phase_diagram.explorer.page import build


def make(job) -> None:
    packs = {
        experiment: Path(job.input[f"{experiment}_pack"]).read_bytes()
        for experiment in job.params.section["experiments"]
    }
    build.write(job.output.page, packs, looks(job))


run(make, snakemake)  # noqa: F821
