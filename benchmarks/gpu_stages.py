"""What is trained on a GPU, in which order, and how a stage is timed."""

import random
import time
from typing import NamedTuple

import torch

from benchmarks import cases
from benchmarks.rows import Key, Row, rows_of
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training


class Stage(NamedTuple):
    """Networks of one width on so many images of MNIST.

    Attributes
    ----------
    images, width : int
    gammas, gamma_primes : tuple of float
    seeds : int
    limit : float
        Seconds, of which the largest batch may take a part more.
    sample : int
        How many the processor trains as well.
    batch_size : int or None
        As in `sweep.train`.
    """

    images: int
    width: int
    gammas: tuple[float, ...]
    gamma_primes: tuple[float, ...]
    seeds: int
    limit: float
    sample: int
    batch_size: int | None = None

    @property
    def label(self) -> str:
        """The dataset's name in the table."""
        return "mnist" if self.images == cases.IMAGES else f"mnist_{self.images}"

    def networks(self) -> list[sweep.Network]:
        """Give all networks, seed by seed; the first of a seed are a sample of the plane."""
        points = [(gamma, other) for gamma in self.gammas for other in self.gamma_primes]
        random.Random(0).shuffle(points)  # noqa: S311
        return [
            sweep.Network(*point, self.width, seed)
            for seed in range(self.seeds)
            for point in points
        ]

    def sampled(self) -> list[sweep.Network]:
        """Give those that the processor trains as well."""
        return self.networks()[: self.sample]


def _even(first: float, last: float, count: int) -> tuple[float, ...]:
    return tuple(round(first + (last - first) * k / (count - 1), 10) for k in range(count))


GRID = (_even(0.5, 2.0, 16), _even(-1.0, 1.0, 21))
PLANE = (_even(0.5, 2.0, 7), _even(-1.0, 1.0, 7))

STAGES = (
    Stage(45, 1_000, *GRID, 3, 60.0, 32),
    Stage(45, 10_000, *GRID, 3, 60.0, 16),
    Stage(45, 100_000, *GRID, 3, 90.0, 6),
    # In small batches, so that the limit can be kept: eigenproblems of 1,000 x 1,000 take long.
    Stage(1_000, 10_000, *PLANE, 1, 120.0, 1, 7),
    Stage(45, 1_000_000, *GRID, 3, 400.0, 2),
)
"""Largest last: what does not fit the time is then missing from one width alone."""


def time_stage(stage: Stage, device: str, end: float) -> list[Row]:
    """Train a stage until its limit, or until `end` on the clock.

    Returns
    -------
    list of Row
        Of the stage, and of each network of its sample.
    """
    training = Training(tolerance=cases.TOLERANCES["mnist"])
    problem, chosen = cases.problem("mnist", stage.images), stage.networks()
    began = time.perf_counter()
    # What happens once is no part of it. At the largest width drawing neurons would take longest.
    first = [network._replace(width=min(network.width, 100_000)) for network in chosen[:2]]
    list(sweep.train(problem, first, training, device=device))
    warm = time.perf_counter()
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    results, end = [], min(end, warm + stage.limit)
    options = {"device": device, "batch_size": stage.batch_size}
    for result in sweep.train(problem, chosen, training, **options):  # type: ignore[arg-type]
        results.append(result)
        if time.perf_counter() > end:
            break
    tried = sum(result.evaluations - 1 for result in results) / 2
    values = {
        "seconds": time.perf_counter() - warm,
        "seconds_first": warm - began,
        "asked": len(chosen),
        "networks": len(results),
        "converged": sum(result.status == "converged" for result in results),
        "steps_tried": tried,
        "peak_memory": torch.cuda.max_memory_allocated() if device == "cuda" else 0.0,
    }
    rows = list(rows_of("gpu", Key(stage.label, None, None, stage.width, device), values))
    sampled = set(stage.sampled())
    for result in results:
        if result.network in sampled:
            rows += network_rows(stage.label, result, device)
    return rows


def network_rows(label: str, result: sweep.Result, method: str) -> list[Row]:
    """Give the numbers of one network of a sample, of seed 0."""
    values: dict[str, float | None] = {
        "seconds": result.seconds if method == "cpu" else None,  # in a batch it is not its own
        "rd": result.rd,
        "steps": result.steps,
        "finished": result.status == "converged",
    }
    gamma, gamma_prime, width, _ = result.network
    return list(rows_of("gpu", Key(label, gamma, gamma_prime, width, method), values))
