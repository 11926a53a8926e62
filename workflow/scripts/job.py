"""What the scripts of all rules share."""

import gc
import os
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from phase_diagram.errors import InputError
from phase_diagram.files import records

USER_FAULT = 2
MACHINE_FAULT = 1
# The settings stand in the record as they are, with the sha256 of a user's data files. Tables of
# batches are sealed. Of the prepared data the settings tell.
NOT_COMPARED = ("settings", "files", "tables", "prepared")

# From here on, because imports come next. Most jobs end within seconds, and nearly all that they
# make lives as long: searching it for cycles took a fifth of the time of a job that draws.
gc.disable()


def run(make: Callable[[Any], None], job: Any, *, collect_garbage: bool = False) -> None:
    """Make a job's results; faults of input or machine end it with lines, not a traceback.

    Parameters
    ----------
    make : callable
        Does the work, given the job.
    job : snakemake.iocontainers.Snakemake
        The object that Snakemake puts into a script: inputs, outputs, params.
    collect_garbage : bool
        For jobs that train, which may be long: cycles must not keep tensors alive.
    """
    if collect_garbage:
        gc.freeze()  # what was imported stays
        gc.enable()
    try:
        settings = read_settings(job)
        # DVC compares contents itself, and may have put there only what a stage needs.
        complete = "DVC_STAGE" not in os.environ
        records.refuse_others(settings.get("origins", {}), complete=complete)
        make(job)
        if settings:
            write_record(job, settings)
    except InputError as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        sys.exit(USER_FAULT)
    except OSError as error:  # a full disk, a folder that may not be written to
        print(
            f"error: {error.filename or job.output[0]}: {error.strerror or error}", file=sys.stderr
        )
        sys.exit(MACHINE_FAULT)


def looks(job: Any) -> SimpleNamespace:
    """Give the settings of the figures, which were checked when the parameters were read.

    A namespace of them, not `FigureSettings`: pydantic takes a quarter of the time that a job
    needs before it draws.
    """
    return SimpleNamespace(**job.params.section)


def read_settings(job: Any) -> dict[str, Any]:
    """Read the settings of a job's stage.

    A job of a batch has none: what it makes lies in a folder that is named after its settings.
    """
    if not hasattr(job.input, "settings"):
        return {}
    settings: dict[str, Any] | None = records.read_json(job.input.settings)
    if settings is None:
        raise InputError(f"{job.input.settings}: missing or damaged; run snakemake again")
    return settings


def write_record(job: Any, settings: dict[str, Any]) -> None:
    """Write down what the results were made from: `records.write_settings` compares it."""
    inputs = [path for name, path in job.input.items() if name not in NOT_COMPARED]
    outputs = [path for path in job.output if path != job.output.made_from]
    records.write_json(job.output.made_from, records.record(settings, inputs, outputs))
