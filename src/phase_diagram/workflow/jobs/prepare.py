"""Load the dataset of an experiment and write it as a problem to train on."""

from typing import Any

from phase_diagram import datasets


def make(job: Any) -> None:
    """Write the output `problem`."""
    section = dict(job.params.section)
    datasets.load(section.pop("dataset"), **section).save(job.output.problem)
