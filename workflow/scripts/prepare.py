"""Load the dataset of an experiment and write it as a problem to train on."""

from job import run

from phase_diagram import datasets


def make(job) -> None:
    chosen = dict(job.params.section)
    datasets.load(chosen.pop("dataset"), **chosen).save(job.output.problem)


run(make, snakemake)  # noqa: F821
