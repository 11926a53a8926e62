"""Time runs alternately, A B A B ..., so that a slow minute of the machine affects all."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Timed(NamedTuple, Generic[T]):
    """The median wall time of a run, and the result of its last repetition."""

    seconds: float
    result: T


@dataclass(frozen=True)
class Own:
    """The result of a run that took its time itself, in a process of its own."""

    seconds: float
    result: Any


def side_by_side(
    runs: Mapping[str, Callable[[], T | Own]], *, rounds: int = 5, budget: float = 10.0
) -> dict[str, Timed[T]]:
    """Time runs in turns.

    Parameters
    ----------
    runs : mapping of str to callable
        By name. The first is run once beforehand, untimed, for what happens only once (compiled
        code is loaded, memory is asked for), and once more at the end, so that what comes after
        it stands between two of its timings. One that gives an `Own` is taken at its word.
    rounds : int
        How often at most each is run.
    budget : float
        Seconds after which no further round is begun. There is always one.

    Returns
    -------
    dict of str to Timed
    """
    first = next(iter(runs))
    runs[first]()
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    results: dict[str, T] = {}

    def run(name: str) -> None:
        began = time.perf_counter()
        result = runs[name]()
        took = time.perf_counter() - began
        if isinstance(result, Own):
            took, result = result.seconds, result.result
        results[name] = result
        seconds[name].append(took)

    with _no_garbage_collection():
        began = time.perf_counter()
        for _ in range(rounds):
            for name in runs:
                run(name)
            if time.perf_counter() - began > budget:
                break
        run(first)
    return {name: Timed(median(seconds[name]), results[name]) for name in runs}


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    # Searching all of torch for cycles now and then is no part of what is timed; as in timeit.
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Deadline:
    """A time after which a run gives up: falling short of it is a result as well.

    Parameters
    ----------
    seconds : float
        From now on.
    """

    def __init__(self, seconds: float) -> None:
        self.end = time.perf_counter() + seconds

    def passed(self) -> bool:
        """Say whether time is up."""
        return time.perf_counter() > self.end

    def check(self) -> None:
        """Stop a solver that only asks for right-hand sides.

        Raises
        ------
        TimeoutError
            If time is up.
        """
        if self.passed():
            raise TimeoutError
