"""The work behind `phase-diagram point`: check the request, train with a progress bar, report."""

import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Annotated, Any

import pandas as pd
import torch
from pydantic import BeforeValidator, ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from phase_diagram import datasets, slopes, sweep, theory
from phase_diagram.errors import InputError
from phase_diagram.parameters import Dataset, Exponent, Method, Seeds, Tolerance, check_width
from phase_diagram.validation import Section, distinct, faults, refuse

MAXIMUM_WIDTHS = 1000


def _check_device(value: Any) -> str | None:
    if value is None:
        return None
    if value not in ("cpu", "cuda"):
        raise refuse("cpu or cuda")
    if value == "cuda" and not torch.cuda.is_available():
        raise refuse("cpu: this machine has no CUDA device that torch can use")
    return str(value)


class Request(Section):
    """One point of the plane; each field is the option of the same name."""

    dataset: Dataset
    gamma: Exponent
    gamma_prime: Exponent
    width: Annotated[
        tuple[int, ...],
        BeforeValidator(
            distinct(check_width, "given 1 to 1000 times", minimum=1, maximum=MAXIMUM_WIDTHS)
        ),
    ]
    seeds: Seeds
    method: Method
    tolerance: Tolerance
    device: Annotated[str | None, BeforeValidator(_check_device)]


def default_tolerance(dataset: str) -> float:
    """Give the mean squared error at which the paper's authors stop (docs/theory.md section 4)."""
    return 1e-4 if dataset == "mnist" else 1e-6


def request(options: dict[str, Any]) -> Request:
    """Check the options of the command.

    Raises
    ------
    InputError
        With one line per fault, which names the option.
    """
    try:
        return Request.model_validate(options)
    except ValidationError as error:
        # Of a repeated option the value tells which one is meant, so its position is left out.
        lines = faults(error, lambda keys: f"--{str(keys[0]).replace('_', '-')}")
        raise InputError(lines) from None


def measure(request: Request) -> dict[str, Any]:
    """Train all networks of a request.

    Returns
    -------
    dict
        dataset, method, gamma, gamma_prime; rows: a dict per width with width, rd,
        rd_standard_error, loss, steps, seconds, statuses; slope, slope_standard_error, theory.
        Numbers that do not exist, such as the slope over one width, are None.

    Raises
    ------
    InputError
        If the dataset is faulty or the networks do not fit the memory.
    """
    # Standard output is the report's alone; what a library prints meanwhile must not mix with it.
    with redirect_stdout(sys.stderr), _memory_faults(request):
        problem = datasets.load(request.dataset)
        results = _train(problem, request)
    frame = pd.DataFrame([_row(request.dataset, result) for result in results])
    fit = slopes.fit_slopes(frame).iloc[0]
    return {
        "dataset": request.dataset,
        "method": request.method,
        "gamma": request.gamma,
        "gamma_prime": request.gamma_prime,
        "rows": _rows(frame, request.width),
        "slope": _number(fit["slope"]),
        "slope_standard_error": _number(fit["slope_standard_error"]),
        "theory": float(theory.exponent(request.gamma, request.gamma_prime)),
    }


def as_json(measured: dict[str, Any]) -> str:
    """Write what was measured as one line of JSON; there is no NaN in it."""
    return json.dumps(measured, allow_nan=False)


def show(measured: dict[str, Any]) -> None:
    """Print what was measured as a table on standard output."""
    console = Console()
    regime = theory.regime(measured["gamma"], measured["gamma_prime"])
    title = (
        f"{measured['dataset']}, gamma = {measured['gamma']:g}, "
        f"gamma_prime = {measured['gamma_prime']:g} ({regime}), {measured['method']}"
    )
    table = Table(title=Text(title))  # as text: square brackets in a file's name are no markup
    for heading in ("width", "RD", "std. error", "loss", "steps", "seconds", "ended"):
        table.add_column(heading, justify="left" if heading == "ended" else "right")
    for row in measured["rows"]:
        table.add_row(
            str(row["width"]),
            *(_text(row[key]) for key in ("rd", "rd_standard_error", "loss", "steps", "seconds")),
            ", ".join(f"{count} {status}" for status, count in row["statuses"].items()),
        )
    console.print(table)
    if len(measured["rows"]) > 1:
        error = _text(measured["slope_standard_error"])
        console.print(f"slope S_w = {_text(measured['slope'])} (standard error {error})")
    console.print(f"predicted S_w for m -> infinity: {_text(measured['theory'])}")


def _train(problem: datasets.Problem, request: Request) -> list[sweep.Result]:
    networks = [
        sweep.Network(request.gamma, request.gamma_prime, width, seed)
        for width in request.width
        for seed in range(request.seeds)
    ]
    training = sweep.train(
        problem,
        networks,
        method=request.method,
        tolerance=request.tolerance,
        device=request.device,
    )
    columns = (
        TextColumn("{task.fields[done]} of {task.fields[networks]} networks"),
        BarColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    results: list[sweep.Result] = []
    with Progress(*columns, console=Console(stderr=True)) as progress:
        # Measured in neurons, not networks: a wide one takes many times as long as a narrow one.
        neurons = sum(network.width for network in networks)
        task = progress.add_task("training", total=neurons, done=0, networks=len(networks))
        for result in training:
            results.append(result)
            progress.update(task, advance=result.network.width, done=len(results))
    return results


@contextmanager
def _memory_faults(request: Request) -> Iterator[None]:
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        # torch reports a failed allocation as a RuntimeError, on the CPU and on a GPU.
        if isinstance(error, RuntimeError) and "memory" not in str(error):
            raise
        largest = max(request.width)
        raise InputError(
            f"--width: {largest}: must be smaller, the network does not fit the memory"
        ) from None


def _row(experiment: str, result: sweep.Result) -> dict[str, Any]:
    fields = result._asdict()
    return {"experiment": experiment, **fields.pop("network")._asdict(), **fields}


def _rows(frame: pd.DataFrame, widths: tuple[int, ...]) -> list[dict[str, Any]]:
    averages = slopes.relative_distances(frame).set_index("width")
    rows = []
    for width in widths:
        networks = frame[frame["width"] == width]
        rows.append(
            {
                "width": width,
                "rd": _number(averages.loc[width, "rd"]),
                "rd_standard_error": _number(averages.loc[width, "rd_standard_error"]),
                **{
                    key: _number(networks[key].mean(skipna=False))
                    for key in ("loss", "steps", "seconds")
                },
                "statuses": dict(sorted(Counter(networks["status"]).items())),
            }
        )
    return rows


def _number(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
