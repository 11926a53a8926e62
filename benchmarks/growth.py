"""How time grows with width, samples and grid points; memory of the widest network."""

import time
from collections.abc import Iterable

import numpy as np

from benchmarks import cases, markdown, memory
from benchmarks.cases import OURS, Case
from benchmarks.rows import Key, Row, rows_of, runs
from benchmarks.timing import side_by_side
from phase_diagram.fits import regression
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training

TITLE = "Growth"

POINT = (1.0, 0.0)
"""On the critical line, so that the number of steps does not depend on the width."""

WIDTHS = {
    "four_points": (1_000, 10_000, 100_000, 1_000_000),
    "mnist": (1_000, 10_000, 100_000),
}
WIDEST = Case("mnist", *POINT, 1_000_000)
"""For the memory, in a process of its own."""

# Sizes up to which the error is measured too, for which the reference takes ten times as long;
# beyond, a network is trained only once.
CHECKED = {"four_points": 1_000_000, "mnist": 10_000}
IMAGES = (45, 100, 200, 400, 1000)
IMAGES_CHECKED = 200
IMAGES_WIDTH = 1000
GRID_POINTS = (1, 4, 16, 64)
GRID_WIDTH = 10_000

MEMORY_TARGET = 3e9


def measure() -> list[Row]:
    """Measure all four."""
    return [
        *measure_widths(WIDTHS),
        *measure_images(IMAGES),
        *measure_grid(GRID_POINTS),
        *measure_memory(WIDEST),
    ]


def measure_widths(widths: dict[str, tuple[int, ...]]) -> list[Row]:
    """Time one network of each width."""
    return [
        row
        for dataset, values in widths.items()
        for width in values
        for row in _timed(Case(dataset, *POINT, width), width <= CHECKED[dataset])
    ]


def measure_images(counts: Iterable[int], width: int = IMAGES_WIDTH) -> list[Row]:
    """Time one network on each number of images of MNIST."""
    return [
        row
        for images in counts
        for row in _timed(Case("mnist", *POINT, width, images), images <= IMAGES_CHECKED)
    ]


def _timed(case: Case, checked: bool) -> list[Row]:
    start = cases.reduced(case)
    cases.flow(start, step_limit=1)  # loads what is compiled, or builds it
    values: dict[str, float | None]
    if checked:
        (timed,) = side_by_side({OURS: lambda: cases.flow(start)}, rounds=3, budget=3.0).values()
        run, seconds = timed.result, timed.seconds
        values = cases.numbers(case, run, seconds)
    else:
        began = time.perf_counter()
        run = cases.flow(start)
        seconds = time.perf_counter() - began
        values = {"seconds": seconds, "finished": run.finished, "rd": run.rd, "steps": run.steps}
    values["seconds_per_step"] = seconds / max(run.steps, 1)
    return list(rows_of("growth", Key(case.label, *POINT, case.width, OURS), values))


def measure_grid(counts: Iterable[int], width: int = GRID_WIDTH) -> list[Row]:
    """Time sweeps of more and more grid points, all else being equal: the same point again."""
    training = Training(tolerance=cases.TOLERANCES["four_points"])
    rows: list[Row] = []
    for count in counts:
        networks = [sweep.Network(*POINT, width, cases.SEED)] * count
        began = time.perf_counter()
        done = list(sweep.train(cases.problem("four_points"), networks, training, device="cpu"))
        values = {"seconds": time.perf_counter() - began, "networks": len(done)}
        key = Key("four_points", *POINT, width, f"sweep of {count}")
        rows += rows_of("growth", key, values)
    return rows


def measure_memory(case: Case) -> list[Row]:
    """Train the widest network in a process of its own."""
    key = Key(case.label, case.gamma, case.gamma_prime, case.width, "sweep in a process")
    return list(rows_of("growth", key, memory.measure(case)))


def section(rows: list[Row]) -> str:
    """Give the times, fitted slopes in log-log, and what they mean."""
    found = runs(rows, "growth")
    ours = {key: values for key, values in found.items() if key.method == OURS}
    parts = [
        f"At (gamma, gamma') = ({POINT[0]:g}, {POINT[1]:g}), one thread. Slopes are those of least "
        "squares of log time per step against the logarithm of what grows."
    ]
    for dataset in WIDTHS:
        chosen = {
            key.width: values
            for key, values in ours.items()
            if key.dataset == dataset and key.width is not None
        }
        parts += _table(f"{dataset}, width m", chosen)
    images = {
        int(key.dataset.partition("_")[2] or cases.IMAGES): values
        for key, values in ours.items()
        if key.dataset.startswith("mnist") and key.width == IMAGES_WIDTH
    }
    parts += _table(f"MNIST, m = {IMAGES_WIDTH:,}, images n", dict(sorted(images.items())))
    parts += [_grid(found), _memory(found), EXPLANATION]
    return "\n\n".join(part for part in parts if part)


EXPLANATION = (
    "**What to expect.** A step is two passes over m neurons and one kernel matrix: time per step "
    "grows as m once the arrays are large; below, what a step costs beside the arithmetic (calls "
    "into torch, an eigenvalue problem of n x n) is the larger part, and the slope over all widths "
    "is below 1. In the number of images the passes and the kernel are products of (n, d) with "
    "(d, m), d = min(n, 785), and (n, m) with (m, n): n² m per step, a slope of 2; to it comes n³ "
    "for the eigenvalues, which at n = 1,000 = m is as much. Grid points are trained one at a "
    "time: a straight line of slope 1."
)


def _table(title: str, chosen: dict[int, dict[str, float]]) -> list[str]:
    if not chosen:
        return []
    slope = _slope([(size, values["seconds_per_step"]) for size, values in chosen.items()])
    table = [
        (
            f"{size:,}",
            markdown.seconds(values["seconds"]),
            f"{values['steps']:.0f}",
            markdown.seconds(values["seconds_per_step"]),
            markdown.percent(values.get("rd_error")),
        )
        for size, values in chosen.items()
    ]
    header = (title, "time", "steps", "per step", "error in RD")
    last = _slope([(size, v["seconds_per_step"]) for size, v in list(chosen.items())[-2:]])
    return [
        markdown.table(header, table),
        f"Slope **{slope:.2f}**, between the last two {last:.2f}.",
    ]


def _grid(found: dict[Key, dict[str, float]]) -> str:
    sweeps = {
        int(values["networks"]): values["seconds"]
        for values in found.values()
        if "networks" in values
    }
    if not sweeps:
        return ""
    table = [
        (f"{count}", markdown.seconds(seconds), markdown.seconds(seconds / count))
        for count, seconds in sweeps.items()
    ]
    header = (f"grid points (four points, m = {GRID_WIDTH:,})", "time", "per point")
    slope = _slope(list(sweeps.items()))
    return "\n\n".join([markdown.table(header, table), f"Slope **{slope:.2f}**."])


def _memory(found: dict[Key, dict[str, float]]) -> str:
    for key, values in found.items():
        if "peak_memory" in values:
            return (
                f"**Memory: {values['peak_memory'] / 1e9:.2f} GB** at the peak of a process that "
                f"trains {key.dataset} with m = {key.width:,} (target "
                f"{MEMORY_TARGET / 1e9:.0f} GB), in {markdown.seconds(values['seconds'])} and "
                f"{values['steps']:.0f} steps."
            )
    return ""


def _slope(pairs: list[tuple[float, float]]) -> float:
    """Least squares of log y on log x."""
    x, y = np.log(np.array(pairs, dtype=np.float64)).T
    return regression.slope(x, y)[0]
