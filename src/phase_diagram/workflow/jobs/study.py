"""Compute the tables of a study, by training networks or from the tables of sweeps."""

from importlib import import_module
from typing import Any

from phase_diagram.datasets.problem import Problem
from phase_diagram.files import stored_networks, tables
from phase_diagram.parameters.studies import KINDS
from phase_diagram.two_layer.native import matrix_library
from phase_diagram.workflow.jobs.job import files


def make(job: Any) -> None:
    """Write the tables of the study, and the log `seconds` if it trained any network."""
    kind, section = job.params.kind, job.params.section
    matrix_library.use_all_vectors()
    study = import_module(f"phase_diagram.studies.{kind}")
    measured = study.measure(KINDS[kind](**section["study"]), **_inputs(job, section))
    for name, columns in study.TABLES.items():
        tables.write_csv(measured[name][list(columns)], getattr(job.output, name))
    if "seconds" in measured:
        tables.write_csv(measured["seconds"], job.log.seconds)


def _inputs(job: Any, section: dict[str, Any]) -> dict[str, Any]:
    """Read the inputs of the study."""
    named = files(job)
    if "problem" in named:
        borrowed = {key: section[key] for key in section if key != "study"}
        return {"problem": Problem.read(named["problem"]), **borrowed}
    return {name: tables.read_csv(path, stored_networks.COLUMNS) for name, path in named.items()}
