"""Load the dataset of an experiment and write it as a problem to train on."""

from typing import Any

from phase_diagram.datasets.load import load


def make(job: Any) -> None:
    """Write the output `problem`."""
    section = dict(job.params.section)
    load(section.pop("dataset"), **section).save(job.output.problem)
