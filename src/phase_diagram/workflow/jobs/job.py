"""Common code of all jobs: error messages, and the record of what results were made from."""

import gc
import sys
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from phase_diagram.errors import InputError, tell
from phase_diagram.files import records

# Left out of records: settings repeat the record; tables of batches contain a fingerprint.
NOT_RECORDED = ("settings", "tables")

# Set before the imports below. Most jobs end within seconds, and nearly all their objects live as
# long: searching them for cycles took a fifth of the time of a job that draws.
gc.disable()


def run(name: str, job: Any, *, collect_garbage: bool = False) -> None:
    """Run a job; faults of input or machine end it with clear lines, not a traceback.

    Parameters
    ----------
    name : str
        The module of this package whose `make` does the work.
    job : snakemake.iocontainers.Snakemake
        The object that Snakemake puts into a script: inputs, outputs, params.
    collect_garbage : bool
        For jobs that train, which may be long: cycles must not keep tensors alive.
    """
    if collect_garbage:
        gc.freeze()  # imported objects stay
        gc.enable()
    try:
        import_module(f"phase_diagram.workflow.jobs.{name}").make(job)
        if hasattr(job.output, "made_from"):
            record(job)
    except (InputError, OSError) as error:
        sys.exit(tell(error, job.output[0]))


def files(job: Any) -> dict[str, str]:
    """Return the inputs of a job that its results depend on, by name, without its code."""
    named = job.input.items()
    return {name: path for name, path in named if name not in (*NOT_RECORDED, "code")}


def looks(job: Any) -> Any:
    """Return the settings of the figures, which were checked when the parameters were read.

    As a namespace, not as `FigureSettings`: importing pydantic takes a quarter of the time before
    a job draws.
    """
    return SimpleNamespace(**job.params.section)


def record(job: Any) -> None:
    """Record what the results were made from, for comparison by `workflow.records`.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    outputs = {name: path for name, path in job.output.items() if name != "made_from"}
    inputs = {"code": job.input.code, **files(job)}
    section = getattr(job.params, "section", {})
    records.write_json(job.output.made_from, records.record(section, inputs, outputs))
