"""A whole phase diagram of MNIST on a GPU, where there is one, and the ratio to the CPU."""

import time
from collections.abc import Sequence

import torch

from benchmarks import cases, markdown
from benchmarks.rows import Key, Row, rows_of, runs
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training

TITLE = "A GPU"

GAMMAS = tuple(round(0.5 + 0.1 * step, 1) for step in range(16))
GAMMA_PRIMES = tuple(round(-1.0 + 0.1 * step, 1) for step in range(21))
WIDTHS = (1_000, 10_000, 100_000, 1_000_000)
SEEDS = (0, 1, 2)
CORES = 2
TARGET = 600.0

# The CPU trains every so many of the grid points of a width, and the rest is taken in proportion.
CPU_EVERY = {1_000: 16, 10_000: 48, 100_000: 168}


def measure() -> list[Row]:
    """Train 336 grid points, 3 seeds, at each width on the GPU; a sample of them on the CPU."""
    if not torch.cuda.is_available():
        return []
    rows: list[Row] = []
    for width in WIDTHS:
        rows += time_sweep("cuda", networks(width))
    for width, every in CPU_EVERY.items():
        rows += time_sweep("cpu", networks(width)[::every])
    return rows


def networks(width: int) -> list[sweep.Network]:
    """Give all networks of a width."""
    return [
        sweep.Network(gamma, gamma_prime, width, seed)
        for seed in SEEDS
        for gamma in GAMMAS
        for gamma_prime in GAMMA_PRIMES
    ]


def time_sweep(
    device: str, chosen: Sequence[sweep.Network], batch_size: int | None = None
) -> list[Row]:
    """Train networks of one width on one device."""
    training = Training(tolerance=cases.TOLERANCES["mnist"])
    problem = cases.problem("mnist")
    # What happens once, such as starting the device, is no part of it.
    list(sweep.train(problem, chosen[:1], training, device=device, batch_size=batch_size))
    began = time.perf_counter()
    results = list(sweep.train(problem, chosen, training, device=device, batch_size=batch_size))
    values = {
        "seconds": time.perf_counter() - began,
        "networks": len(results),
        "converged": sum(result.status == "converged" for result in results),
    }
    key = Key("mnist", None, None, chosen[0].width, device)
    return list(rows_of("gpu", key, values))


def section(rows: list[Row]) -> str:
    """Give seconds by width, and per network against the CPU."""
    found = runs(rows, "gpu")
    if not found:
        return "Not measured: torch sees no GPU on this machine."
    table, total = [], 0.0
    for key, values in found.items():
        if key.method != "cuda":
            continue
        total += values["seconds"]
        cpu = found.get(key._replace(method="cpu"))
        each = values["seconds"] / values["networks"]
        ratio = cpu["seconds"] / cpu["networks"] / CORES / each if cpu else None
        table.append(
            (
                f"{key.width:,}",
                f"{values['networks']:.0f}",
                f"{values['converged']:.0f}",
                markdown.seconds(values["seconds"]),
                markdown.factor(ratio) if ratio else "",
            )
        )
    header = ("width", "networks", "converged", "time", f"times faster than {CORES} CPU cores")
    return "\n\n".join(
        [
            f"MNIST, {len(GAMMAS) * len(GAMMA_PRIMES)} grid points, {len(SEEDS)} seeds, batches of "
            f"networks: **{total:.0f} s** in all (target {TARGET:.0f} s). The CPU is timed on a "
            "sample of the networks, on one thread, and taken to be twice as fast on two.",
            markdown.table(header, table),
        ]
    )
