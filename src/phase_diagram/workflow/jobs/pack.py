"""Pack the data that the explorer's page shows for an experiment."""

from typing import Any

from phase_diagram.explorer import pack
from phase_diagram.explorer.stored_views import Views
from phase_diagram.files import stored_networks, tables
from phase_diagram.fits import boundary, slopes


def make(job: Any) -> None:
    """Write the output `pack`."""
    packed = pack.pack(
        job.wildcards.experiment,
        Views.read(job.input.views),
        tables.read_csv(job.input.slopes, slopes.COLUMNS),
        tables.read_csv(job.input.boundary, boundary.COLUMNS),
        tables.read_csv(job.input.relative_distances, slopes.DISTANCE_COLUMNS),
        tables.read_csv(job.input.sweep, stored_networks.COLUMNS),
    )
    pack.write(job.output.pack, packed)
