"""Peak memory of training one network, measured in a separate process.

    python -m benchmarks.memory DATASET GAMMA GAMMA_PRIME WIDTH

prints one JSON object: seconds, steps, evaluations, rd, and the peak in bytes, what Python and
torch take for themselves included.
"""

import json
import resource
import sys

import torch

from benchmarks import alone, cases
from benchmarks.cases import Case
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training


def measure(case: Case) -> dict[str, float]:
    """Train a network by the same path as a sweep, in a new process; its numbers."""
    arguments = (case.dataset, case.gamma, case.gamma_prime, case.width)
    numbers: dict[str, float] = alone.run("benchmarks.memory", *arguments)
    return numbers


def main(dataset: str, gamma: str, gamma_prime: str, width: str) -> None:
    """Train one network and print its numbers."""
    torch.set_num_threads(1)
    network = sweep.Network(float(gamma), float(gamma_prime), int(width), cases.SEED)
    training = Training(tolerance=cases.TOLERANCES[dataset])
    (result,) = sweep.train(cases.problem(dataset), [network], training, device="cpu")
    # Kilobytes on Linux, bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    numbers = {
        "seconds": result.seconds,
        "steps": result.steps,
        "evaluations": result.evaluations,
        "rd": result.rd,
        "finished": result.status == "converged",
        "peak_memory": unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    print(json.dumps(numbers))


if __name__ == "__main__":
    main(*sys.argv[1:])
