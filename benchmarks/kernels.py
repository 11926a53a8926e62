"""The inner loops against the machine's limit: floating-point rates of one right-hand side."""

import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor

from benchmarks import markdown
from benchmarks.peers import velocity_for
from benchmarks.rows import Key, Row, rows_of, runs
from benchmarks.timing import side_by_side
from phase_diagram.two_layer.equations.network import Network

TITLE = "Against the machine's limit"

SHAPES: dict[tuple[int, int], tuple[int, ...]] = {
    (4, 2): (1_000, 10_000, 100_000),
    (45, 45): (1_000, 10_000),
}
"""Samples and dimensions, and the widths at which each is measured."""

COMPILED, EAGER, PRODUCTS = "compiled", "torch, operation by operation", "bare matrix products"
PEAK = "multiply-adds alone"
PEAK_SOURCE = Path(__file__).parent / "peak.cpp"

# Seconds that one timing of an evaluation should take: it is repeated so often.
ONE_TIMING = 0.02


def measure(shapes: dict[tuple[int, int], tuple[int, ...]] = SHAPES) -> list[Row]:
    """Measure the peak, then each shape."""
    peak = multiply_add_peak()
    rows = list(rows_of("kernels", Key("", None, None, None, PEAK), {"rate": peak}))
    for (samples, dimension), widths in shapes.items():
        for width in widths:
            rows += _measure_one(samples, dimension, width, peak)
    return rows


def multiply_add_peak() -> float | None:
    """Give the rate of independent multiply-adds on one thread in GFLOP/s; None: no compiler."""
    compiler = shutil.which("c++") or shutil.which("g++")
    if compiler is None:
        return None
    options = ("-O3", "-march=native", "-ffp-contract=fast")
    with TemporaryDirectory() as folder:
        program = str(Path(folder) / "peak")
        subprocess.run([compiler, *options, str(PEAK_SOURCE), "-o", program], check=True)
        done = subprocess.run([program], check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def operations(samples: int, dimension: int, width: int) -> int:
    """Count those of one right-hand side: two products with the inputs, output, da/dt, gates."""
    return (4 * samples * dimension + 6 * samples) * width


def _measure_one(samples: int, dimension: int, width: int, peak: float | None) -> list[Row]:
    generator = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=torch.float64, generator=generator)

    one = torch.ones(1, dtype=torch.float64)
    network = Network(normal(samples, dimension), normal(samples), one, one)
    a, w, gate = normal(1, width), normal(1, dimension, width), normal(samples, width)
    velocity = velocity_for(network)
    there, back = torch.empty(samples, width).double(), torch.empty(dimension, width).double()

    def products() -> None:
        torch.mm(network.inputs, w[0], out=there)
        torch.mm(network.inputs.T, gate, out=back)

    evaluations: dict[str, Callable[[], Any]] = {
        COMPILED: partial(velocity, network, a, w),
        EAGER: partial(network.velocity, a, w),
        PRODUCTS: products,
    }
    seconds = _times(evaluations)
    bare = 4 * samples * dimension * width / seconds[PRODUCTS]
    rows: list[Row] = []
    for method, took in seconds.items():
        done = operations(samples, dimension, width) if method != PRODUCTS else bare * took
        rate = done / took / 1e9
        key = Key(f"n = {samples}, d = {dimension}", None, None, width, method)
        values = {
            "seconds": took,
            "operations": done,
            "rate": rate,
            "share_of_peak": rate / peak if peak else None,
            "share_of_products": 1e9 * rate / bare,
        }
        rows += rows_of("kernels", key, values)
    return rows


def _times(evaluations: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Seconds of one evaluation by each, from as many as ONE_TIMING takes."""
    first = side_by_side(evaluations, rounds=3)
    counts = {name: max(1, round(ONE_TIMING / timed.seconds)) for name, timed in first.items()}

    def repeated(name: str) -> None:
        for _ in range(counts[name]):
            evaluations[name]()

    timed = side_by_side({name: partial(repeated, name) for name in evaluations}, rounds=15)
    return {name: timed[name].seconds / counts[name] for name in evaluations}


def section(rows: list[Row]) -> str:
    """Give rates and shares."""
    found = runs(rows, "kernels")
    if not found:
        return "Not measured yet."
    peak = next((values.get("rate") for key, values in found.items() if key.method == PEAK), None)
    table = [
        (
            key.dataset,
            f"{key.width:,}",
            key.method,
            markdown.seconds(values["seconds"]),
            f"{values['rate']:.3g}",
            markdown.percent(values.get("share_of_peak")),
            markdown.percent(values["share_of_products"]),
        )
        for key, values in found.items()
        if key.width is not None
    ]
    limit = "" if peak is None else f" Multiply-adds that wait for nothing run at {peak:.3g}."
    return "\n\n".join(
        [
            "One right-hand side (da/dt, dw/dt) of all neurons in float64 on one thread; GFLOP/s, "
            f"of 4 n d + 6 n operations per neuron.{limit} Targets: 40% of that at n = 4, d = 2, "
            "m = 100,000; 70% of the rate of bare products of the same shapes at n = d = 45.",
            markdown.table(
                ("", "m", "", "time", "GFLOP/s", "of the peak", "of bare products"), table
            ),
        ]
    )
