"""Gather the batches of a sweep into one tidy table."""

from pathlib import Path
from typing import Any

import pandas as pd

from phase_diagram.files import stored_networks, tables
from phase_diagram.sweeps import runs
from phase_diagram.sweeps.batches import Batch


def make(job: Any) -> None:
    """Write the output `sweep`."""
    batches = [Batch(**batch) for batch in job.params.batches]
    files = [Path(file) for file in job.input.tables]
    run = runs.Run(job.wildcards.experiment, job.params.fingerprint, files[0].parents[1])
    networks = runs.collect(run, zip(batches, files, strict=True))
    frame = pd.DataFrame(networks, columns=list(stored_networks.COLUMNS))
    tables.write_csv(frame, job.output.sweep)
