"""Compare the reference of all errors, the flow in small steps, with gradient descent.

    .venv/bin/python -m benchmarks.reference_check

writes benchmarks/reference_check.csv. This is done once, not in each benchmark: descent that small
takes half a minute for a network of four points, and minutes for MNIST. It is plain descent (an
Euler step of the flow's equations, gates open or closed), with a rate that follows the largest
eigenvalue of the kernel at hand, since one that suits the end of training would be far too small
for its beginning.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import torch

from benchmarks import cases
from benchmarks.cases import Case, Start
from benchmarks.plain import Plain
from phase_diagram.files.atomic import atomic_path

RESULTS = Path(__file__).with_name("reference_check.csv")

WIDTH = 1000
MNIST_POINTS = ((0.5, 0.0), (1.0, 0.5), (1.0, 0.0), (1.5, 0.0), (1.5, -1.0))
CASES = (
    *(Case("four_points", *point, WIDTH) for point in cases.POINTS),
    *(Case("mnist", *point, WIDTH) for point in MNIST_POINTS),
)

# Learning rates in units of 1 / lambda_max, and at most this relative change of all output or all
# input weights in a step. The error of descent is in proportion to them, which two tell.
SHARES = (0.04, 0.02)
# Steps for which a rate is kept: over them the kernel changes by little.
KEPT = 10


class Small(NamedTuple):
    """RD by descent in small steps, and their number."""

    rd: float
    steps: int


def descend(start: Start, share: float) -> Small:
    """Train by gradient descent in steps of `share`, see SHARES."""
    plain, a_0, w_0 = Plain.of(start), start.a[0], start.w[0]
    delta_a, delta_w = torch.zeros_like(a_0), torch.zeros_like(w_0)
    steps, rate = 0, 0.0
    while True:
        a, w = a_0 + delta_a, w_0 + delta_w
        hidden = plain.hidden(w)
        error = plain.error(hidden, a)
        if float(error.square().mean()) < start.tolerance:
            return Small(float(delta_w.norm()) / start.norm, steps)
        gradient_a = plain.gradient_a(hidden, error)
        gradient_w = plain.gradient_w(hidden, error, a)
        if steps % KEPT == 0:
            change = max(gradient_a.norm() / a.norm(), gradient_w.norm() / w.norm())
            rate = share / max(plain.fastest(hidden, a), float(change))
        delta_a.sub_(gradient_a, alpha=rate)
        delta_w.sub_(gradient_w, alpha=rate)
        steps += 1


def compare(case: Case) -> dict[str, object]:
    """Return one record of the table: the reference, descent, and their difference.

    `rd_extrapolated` is descent's RD continued linearly to steps of size zero, `difference` the
    relative one between it and the reference.
    """
    coarse, fine = (descend(cases.reduced(case), share) for share in SHARES)
    ratio = SHARES[1] / SHARES[0]
    extrapolated = (fine.rd - ratio * coarse.rd) / (1 - ratio)
    reference = cases.reference(case)
    return {
        "dataset": case.label,
        "gamma": case.gamma,
        "gamma_prime": case.gamma_prime,
        "width": case.width,
        "rd_reference": reference,
        "rd_coarse": coarse.rd,
        "rd_fine": fine.rd,
        "rd_extrapolated": extrapolated,
        "difference": abs(reference / extrapolated - 1),
        "steps_fine": fine.steps,
    }


def main() -> None:
    """Check all cases and write the table."""
    torch.set_num_threads(1)
    records = []
    for case in CASES:
        records.append(compare(case))
        print(*records[-1].values(), flush=True)
    with atomic_path(RESULTS) as temporary, temporary.open("w", newline="") as file:
        writer = csv.DictWriter(file, records[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


if __name__ == "__main__":
    main()
