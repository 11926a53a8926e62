"""Gather the batches of a sweep into one tidy table."""

from pathlib import Path

import pandas as pd
from job import run

from phase_diagram.files import stored_networks, tables
from phase_diagram.sweeps import runs
from phase_diagram.sweeps.batches import Batch


def make(job) -> None:
    batches = [Batch(**batch) for batch in job.params.batches]
    files = [Path(file) for file in job.input.tables]
    found = runs.Run(job.wildcards.experiment, job.params.fingerprint, files[0].parents[1])
    networks = runs.collect(found, zip(batches, files, strict=True))
    frame = pd.DataFrame(networks, columns=list(stored_networks.COLUMNS))
    tables.write_csv(frame, job.output.sweep)


run(make, snakemake)  # noqa: F821
