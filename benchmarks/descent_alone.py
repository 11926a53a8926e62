"""Run the authors' procedure in a separate process, with an unmodified torch.

    python -m benchmarks.descent_alone DATASET GAMMA GAMMA_PRIME WIDTH SECONDS

prints one JSON object, the fields of `Descent`. This project's change of torch's matrix library
(matrix_library.py) affects a whole process, so the comparison needs another one.
"""

import json
import sys
import time
from typing import NamedTuple

from benchmarks import alone, authors, automatic, cases
from benchmarks.cases import Case, Run

WARM_UP = 0.2  # seconds of descent before that which is timed
ONE_STEP = 1.0  # seconds in which steps by automatic differentiation are timed


class Descent(NamedTuple):
    """What training by descent gave and took.

    Attributes
    ----------
    seconds : float
        Of descent as it is written in authors.py.
    step : float
        Seconds of one step as it is written in automatic.py.
    run : Run
    """

    seconds: float
    step: float
    run: Run


def measure(case: Case, limit: float) -> Descent:
    """Descend in a new process, on one thread, for `limit` seconds at most."""
    arguments = (case.dataset, case.gamma, case.gamma_prime, case.width, limit)
    seconds, step, run = alone.run("benchmarks.descent_alone", *arguments)
    return Descent(seconds, step, Run(*run))


def main(dataset: str, gamma: str, gamma_prime: str, width: str, limit: str) -> None:
    """Descend and print."""
    start = cases.start(Case(dataset, float(gamma), float(gamma_prime), int(width)))
    authors.descend(start, seconds=WARM_UP)
    began = time.perf_counter()
    run = authors.descend(start, seconds=float(limit))
    seconds = time.perf_counter() - began
    step = automatic.seconds_per_step(start, ONE_STEP)
    print(json.dumps(Descent(seconds, step, run)))


if __name__ == "__main__":
    main(*sys.argv[1:])
