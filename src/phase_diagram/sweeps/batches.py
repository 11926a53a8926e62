"""The networks of an experiment, divided into batches of grid points: the jobs of a sweep."""

from collections.abc import Sequence
from dataclasses import dataclass

from phase_diagram.files.hashes import sha256_of

Point = tuple[float, float]


@dataclass(frozen=True)
class Batch:
    """A batch: some grid points with all their networks.

    Parameters
    ----------
    points : tuple of (gamma, gamma_prime)
    widths : tuple of int
        Numbers of hidden neurons.
    seeds : int
        Seeds 0 to seeds - 1.
    """

    points: tuple[Point, ...]
    widths: tuple[int, ...]
    seeds: int

    @property
    def name(self) -> str:
        """A hash of the contents: two batches have the same name only if they are equal."""
        return sha256_of([self.points, self.widths, self.seeds])[:12]

    def networks(self) -> list[tuple[float, float, int, int]]:
        """Return (gamma, gamma_prime, width, seed) of each network, point by point."""
        return [
            (gamma, gamma_prime, width, seed)
            for gamma, gamma_prime in self.points
            for width in self.widths
            for seed in range(self.seeds)
        ]


def split(
    points: Sequence[Point], widths: Sequence[int], seeds: int, points_per_job: int
) -> list[Batch]:
    """Divide a grid into batches of at most `points_per_job` points, in the order given.

    All `widths` and all seeds from 0 to `seeds` - 1 of a point are in its batch.
    """
    return [
        Batch(tuple(points[start : start + points_per_job]), tuple(widths), seeds)
        for start in range(0, len(points), points_per_job)
    ]
