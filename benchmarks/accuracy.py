"""Accuracy: RD at the default tolerance compared with small steps, at points of all wedges."""

import csv
from pathlib import Path

from benchmarks import cases, markdown, reference_check
from benchmarks.cases import OURS, Case
from benchmarks.rows import Key, Row, rows_of, runs

TITLE = "Accuracy: the error in RD at the default tolerance"

WIDTH = 1000
TARGET = 0.01


def measure(
    points: tuple[tuple[float, float], ...] = cases.POINTS, width: int = WIDTH
) -> list[Row]:
    """Train both datasets at each point at the default tolerance and in small steps."""
    rows: list[Row] = []
    for dataset in cases.TOLERANCES:
        for point in points:
            case = Case(dataset, *point, width)
            run = cases.flow(cases.reduced(case))
            key = Key(dataset, *point, width, OURS)
            rows += rows_of("accuracy", key, cases.numbers(case, run))
    return rows


def section(rows: list[Row]) -> str:
    """Give the largest errors, then point by point."""
    found = runs(rows, "accuracy")
    if not found:
        return "Not measured yet."
    errors = [values.get("rd_error", float("nan")) for values in found.values()]
    within = sum(error <= TARGET for error in errors)
    table = [
        (
            key.dataset,
            f"({key.gamma:g}, {key.gamma_prime:g})",
            key.wedge,
            f"{values['rd']:.4g}" if "rd" in values else "not converged",
            markdown.percent(values.get("rd_error")),
            f"{values['steps']:.0f}",
        )
        for key, values in found.items()
    ]
    return "\n\n".join(
        [
            "RD of the default flow against the same flow with a step error smaller by a factor of "
            f"{cases.TIGHTER}, m = {WIDTH:,}. Within {TARGET:.0%} at **{within} of {len(errors)}** "
            f"points; the largest error is **{markdown.percent(max(errors))}**.",
            _check(reference_check.RESULTS),
            markdown.table(("dataset", "(gamma, gamma')", "wedge", "RD", "error", "steps"), table),
        ]
    )


def _check(path: Path) -> str:
    """Say how the reference itself was checked."""
    command = "`.venv/bin/python -m benchmarks.reference_check`"
    if not path.exists():
        return f"The reference has not been held against gradient descent: {command} does."
    with path.open(newline="") as file:
        records = list(csv.DictReader(file))
    worst = max(records, key=lambda record: float(record["difference"]))
    return (
        f"The reference itself, against gradient descent with tiny steps ({command}, "
        f"benchmarks/{path.name}): at {len(records)} points, RD differs by at most "
        f"{markdown.percent(float(worst['difference']))} ({worst['dataset']}, "
        f"({worst['gamma']}, {worst['gamma_prime']}))."
    )
