"""What all jobs share: how they end, and the record of what their results were made from."""

import gc
import sys
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from phase_diagram.errors import InputError
from phase_diagram.files import records

USER_FAULT = 2
MACHINE_FAULT = 1
# Settings say what the record says. Tables of batches are sealed by their fingerprint.
NOT_RECORDED = ("settings", "tables")

# From here on, because imports come next. Most jobs end within seconds, and nearly all that they
# make lives as long: searching it for cycles took a fifth of the time of a job that draws.
gc.disable()


def run(name: str, job: Any, *, collect_garbage: bool = False) -> None:
    """Make a job's results; faults of input or machine end it with lines, not a traceback.

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
        gc.freeze()  # what was imported stays
        gc.enable()
    try:
        import_module(f"phase_diagram.workflow.jobs.{name}").make(job)
        if hasattr(job.output, "made_from"):
            record(job)
    except InputError as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        sys.exit(USER_FAULT)
    except OSError as error:  # a full disk, a folder that may not be written to
        print(
            f"error: {error.filename or job.output[0]}: {error.strerror or error}", file=sys.stderr
        )
        sys.exit(MACHINE_FAULT)


def files(job: Any) -> dict[str, str]:
    """Give the inputs that a job's results are made from, by their names; not its code."""
    named = job.input.items()
    return {name: path for name, path in named if name not in (*NOT_RECORDED, "code")}


def looks(job: Any) -> Any:
    """Give the settings of the figures, which were checked when the parameters were read.

    A namespace of them, not `FigureSettings`: pydantic takes a quarter of the time that a job
    needs before it draws.
    """
    return SimpleNamespace(**job.params.section)


def record(job: Any) -> None:
    """Write down what the results were made from: `workflow.records` compares it.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    outputs = {name: path for name, path in job.output.items() if name != "made_from"}
    inputs = {"code": job.input.code, **files(job)}
    section = getattr(job.params, "section", {})
    records.write_json(job.output.made_from, records.record(section, inputs, outputs))
