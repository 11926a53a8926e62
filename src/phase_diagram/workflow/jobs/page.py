"""Build the explorer's page."""

from pathlib import Path
from typing import Any

from phase_diagram.explorer.page import build
from phase_diagram.workflow.jobs.job import looks


def make(job: Any) -> None:
    """Write the output `page`."""
    packs = {
        experiment: Path(job.input[f"{experiment}_pack"]).read_bytes()
        for experiment in job.params.section["experiments"]
    }
    build.write(job.output.page, packs, looks(job))
