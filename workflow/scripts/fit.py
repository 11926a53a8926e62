"""Fit the slopes of a sweep, find the boundary, and compare both with theory."""

from job import run

from phase_diagram import boundary, slopes, stored_networks, summary, tables


def make(job) -> None:
    sweep = tables.read_csv(job.input.sweep, stored_networks.COLUMNS)
    fitted = slopes.fit_slopes(sweep)
    crossings = boundary.find_boundary(fitted)
    tables.write_csv(fitted, job.output.slopes)
    tables.write_csv(crossings, job.output.boundary)
    summary.write_json(summary.summarise(sweep, fitted, crossings), job.output.metrics)


run(make, snakemake)  # noqa: F821
