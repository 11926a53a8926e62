"""What the scripts of all rules share."""

import gc
import json
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from phase_diagram.atomic import atomic_path
from phase_diagram.errors import InputError
from phase_diagram.fingerprint import files_sha256

USER_FAULT = 2
# The settings stand in the record as they are, with the sha256 of a user's data files. Tables of
# batches are sealed.
NOT_COMPARED = ("settings", "files", "tables")

# From here on, because imports come next. Most jobs end within seconds, and nearly all that they
# make lives as long: searching it for cycles took a fifth of the time of a job that draws.
gc.disable()


def run(make: Callable[[Any], None], job: Any, *, collect_garbage: bool = False) -> None:
    """Make a job's results; a fault of the user's input ends it with lines, not a traceback.

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
        make(job)
        if hasattr(job.output, "made_from"):
            write_record(job)
    except InputError as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        sys.exit(USER_FAULT)


def looks(job: Any) -> SimpleNamespace:
    """Give the settings of the figures, which were checked when the parameters were read.

    A namespace of them, not `FigureSettings`: pydantic takes a quarter of the time that a job
    needs before it draws.
    """
    return SimpleNamespace(**job.params.section)


def write_record(job: Any) -> None:
    """Write down what the results were made from: `records.write_settings` reads it."""
    with open(job.input.settings, encoding="utf-8") as file:
        settings = json.load(file)
    settings.pop("instead_of", None)  # tells of the results that these replace
    inputs = [path for name, path in job.input.items() if name not in NOT_COMPARED]
    record = {
        "settings": settings,
        "inputs": files_sha256(inputs),
        "outputs": files_sha256(path for path in job.output if path != job.output.made_from),
    }
    with atomic_path(job.output.made_from) as temporary:
        temporary.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
