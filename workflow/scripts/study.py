"""Measure a study: train what it needs, or take it from the tables of sweeps."""

from importlib import import_module

from job import run

from phase_diagram.datasets import Problem
from phase_diagram.files import stored_networks, tables
from phase_diagram.parameters.studies import KINDS
from phase_diagram.two_layer.native import matrix_library


def make(job) -> None:
    kind, section = job.params.kind, job.params.section
    matrix_library.use_all_vectors()
    study = import_module(f"phase_diagram.studies.{kind}")
    measured = study.measure(KINDS[kind](**section["study"]), **inputs(job, section))
    for name, columns in study.TABLES.items():
        tables.write_csv(measured[name][list(columns)], getattr(job.output, name))
    if "seconds" in measured:
        tables.write_csv(measured["seconds"], job.log.seconds)


def inputs(job, section) -> dict:
    """Read what the study is measured from."""
    files = {name: path for name, path in job.input.items() if name != "settings"}
    if "problem" in files:
        settings = {key: section[key] for key in section if key != "study"}
        return {"problem": Problem.read(files["problem"]), **settings}
    return {name: tables.read_csv(path, stored_networks.COLUMNS) for name, path in files.items()}


run(make, snakemake, collect_garbage=True)  # noqa: F821
