"""Implementation of `phase-diagram point`: train with a progress bar, and report."""

import json
import math
import sys
from collections import Counter
from contextlib import redirect_stdout
from typing import Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from phase_diagram.cli.options import memory_faults
from phase_diagram.cli.request import Request
from phase_diagram.datasets.load import load
from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import printable
from phase_diagram.fits import regression
from phase_diagram.plane import theory
from phase_diagram.sweeps import sweep
from phase_diagram.two_layer.native.compiled import where_worth_building

# Averaged over the networks that converged, and over all.
OF_CONVERGED, OF_ALL = ("rd", "condensation"), ("loss", "steps", "seconds")
# At finite widths slopes on the critical line differ from zero by hundredths, far more than their
# standard errors, which include only the scatter (docs/theory.md section 6).
NEAR_ZERO = 0.05
# Keys of a row that the table shows, with their headings.
HEADINGS = {
    "rd": "RD",
    "rd_standard_error": "std. error",
    "condensation": "condensed",
    "loss": "loss",
    "steps": "steps",
    "seconds": "seconds",
}


def measure(request: Request) -> dict[str, Any]:
    """Train all networks of a request.

    Returns
    -------
    dict
        dataset, activation, method, quadrature, first_rate, step_limit (None where not asked for),
        gamma, gamma_prime; rows: a dict per width with width, rd, rd_standard_error, condensation,
        condensation_standard_error, loss, steps, seconds, statuses; slope, slope_standard_error,
        theory. Numbers that do not exist, such as the slope over one width, are None.

    Raises
    ------
    InputError
        If the dataset is faulty or the networks do not fit the memory.
    """
    # Standard output is for the report only; output of libraries must not be mixed with it.
    with redirect_stdout(sys.stderr), memory_faults(request.width):
        problem = load(request.dataset)
        results = _train(problem, request)
    rows, slope, error = _statistics(results, request.width)
    point = request.gamma, request.gamma_prime
    known = theory.applies(request.activation)
    return {
        "dataset": request.dataset,
        "activation": request.activation,
        "method": request.method,
        "quadrature": request.quadrature,
        "first_rate": request.first_rate,
        "step_limit": request.step_limit,
        "gamma": request.gamma,
        "gamma_prime": request.gamma_prime,
        "rows": rows,
        "slope": _number(slope),
        "slope_standard_error": _number(error),
        "theory": float(theory.exponent(*point)) if known else None,
    }


def as_json(measured: dict[str, Any]) -> str:
    """Write the results as one line of JSON, without NaN."""
    return json.dumps(measured, allow_nan=False)


def show(measured: dict[str, Any]) -> None:
    """Print the results as a table on standard output."""
    console = Console()
    known = measured["theory"] is not None
    point = measured["gamma"], measured["gamma_prime"]
    regime = f" ({theory.regime(*point)})" if known else ""
    title = (
        f"{printable(measured['dataset'])}, gamma = {point[0]:g}, gamma_prime = {point[1]:g}"
        f"{regime}, {measured['method']}"
    )
    if measured["activation"] != "relu":
        title += f", {measured['activation']}"
    if measured["quadrature"]:
        title += f", {measured['quadrature']} quadrature neurons"
    # As text, because square brackets in a file's name are not markup.
    table = Table(title=Text(title), box=SIMPLE_HEAD, collapse_padding=True, pad_edge=False)
    for heading in ("width", *HEADINGS.values(), "ended"):
        # Numbers are never cut: where it is too narrow, how training ended takes more lines.
        number = heading != "ended"
        table.add_column(heading, justify="right" if number else "left", no_wrap=number)
    for row in measured["rows"]:
        table.add_row(
            f"{row['width']:.6g}" if row["width"] >= 10**9 else str(row["width"]),
            *(_text(row[key]) for key in HEADINGS),
            ", ".join(f"{count} {status}" for status, count in row["statuses"].items()),
        )
    console.print(table)
    if len(measured["rows"]) > 1:
        error = _text(measured["slope_standard_error"])
        console.print(f"slope S_w = {_text(measured['slope'])} (standard error {error})")
    if known:
        console.print(f"predicted S_w for m -> infinity: {_text(measured['theory'])}")
    else:
        console.print(
            f"There is no prediction for {measured['activation']}: theory is that of homogeneous "
            "activations, such as relu."
        )
    console.print(_meaning(measured))


def _meaning(measured: dict[str, Any]) -> str:
    """Explain the slope in a sentence, and how reliable it is."""
    slope, error = measured["slope"], measured["slope_standard_error"]
    if slope is None:
        return "For S_w give --width twice or more, at widths at which networks converge."
    if error is None:
        return "Whether S_w differs from zero takes three networks or more: --seeds, --width."
    if abs(slope) <= max(2 * error, NEAR_ZERO):
        return "S_w is about zero: RD hardly depends on the width (near the critical line)."
    if slope < 0:
        return "S_w < 0: wider networks move their input weights less (linear regime)."
    return "S_w > 0: wider networks move their input weights more (condensed regime)."


def _train(problem: Problem, request: Request) -> list[sweep.Result]:
    networks = [
        sweep.Network(request.gamma, request.gamma_prime, width, seed)
        for width in request.width
        for seed in range(request.seeds)
    ]
    training = sweep.train(problem, networks, request.training(), device=request.device)
    trained = sum(request.quadrature or network.width for network in networks)
    columns = (
        TextColumn("{task.fields[done]} of {task.fields[networks]} networks"),
        BarColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    results: list[sweep.Result] = []
    with (
        Progress(*columns, console=Console(stderr=True)) as progress,
        where_worth_building(len(problem.targets) * trained),
    ):
        # In neurons, not networks: a wide network takes many times as long as a narrow one.
        def neurons(network: sweep.Network) -> int:
            return request.quadrature or network.width

        total = sum(map(neurons, networks))
        task = progress.add_task("training", total=total, done=0, networks=len(networks))
        for result in training:
            results.append(result)
            progress.update(task, advance=neurons(result.network), done=len(results))
    return results


def _statistics(
    results: list[sweep.Result], widths: tuple[int, ...]
) -> tuple[list[dict[str, Any]], float, float]:
    """A row of averages for each width, and S_w with its standard error."""
    columns = {
        name: np.array([getattr(result, name) for result in results])
        for name in ("status", *OF_CONVERGED, *OF_ALL)
    }
    # Widths of quadrature neurons may be beyond NumPy's integers.
    network_widths = np.array([float(result.network.width) for result in results])
    used = regression.fitted(columns["status"], columns["rd"])
    rows = []
    for width in widths:
        at_width = network_widths == float(width)
        row: dict[str, Any] = {"width": width}
        for name in OF_CONVERGED:
            mean, error = regression.mean(columns[name][at_width & used])
            row |= {name: _number(mean), f"{name}_standard_error": _number(error)}
        row |= {name: _number(columns[name][at_width].mean()) for name in OF_ALL}
        statuses = Counter(map(str, columns["status"][at_width]))
        rows.append({**row, "statuses": dict(sorted(statuses.items()))})
    return rows, *regression.slope(np.log(network_widths[used]), np.log(columns["rd"][used]))


def _number(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
