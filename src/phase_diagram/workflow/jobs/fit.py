"""Fit the slopes of a sweep, find the boundary, and compare both with theory."""

from typing import Any

from phase_diagram.files import stored_networks, tables
from phase_diagram.files.json_files import write_json
from phase_diagram.fits import boundary, slopes, summary, wedges


def make(job: Any) -> None:
    """Write the tables of fits, and a summary of them."""
    sweep = tables.read_csv(job.input.sweep, stored_networks.COLUMNS)
    fitted = slopes.fit_slopes(sweep)
    crossings = boundary.find_boundary(fitted, sweep)
    tables.write_csv(fitted, job.output.slopes)
    tables.write_csv(crossings, job.output.boundary)
    tables.write_csv(slopes.relative_distances(sweep), job.output.relative_distances)
    tables.write_csv(wedges.compare(fitted), job.output.wedges)
    write_json(job.output.metrics, summary.summarise(sweep, fitted, crossings), indent=2)
