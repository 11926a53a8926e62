"""Eigenproblems of a GPU's batches: solved on the device, and on the processors of its host."""

import torch

from benchmarks import markdown
from benchmarks.rows import Key, Row, rows_of
from phase_diagram.flow import eigen

SHAPES = ((256, 45), (16, 1000))
WAYS = {"eigen on the host": eigen.on_host, "eigen on the device": eigen.on_device}


def measure(device: str, shapes: tuple[tuple[int, int], ...] = SHAPES) -> list[Row]:
    """Time both ways for kernels of each shape, with eigenvalues over eight decades."""
    if device != "cuda":
        return []
    rows: list[Row] = []
    for count, size in shapes:
        generator = torch.Generator().manual_seed(0)
        factors = torch.randn(count, size, size, dtype=torch.float64, generator=generator)
        factors *= torch.logspace(0, -4, size, dtype=torch.float64)
        kernels = (factors @ factors.mT).to(device)
        for name, solve in WAYS.items():
            values = {"seconds": eigen.seconds(solve, kernels), "matrices": float(count)}
            rows += rows_of("gpu", Key(f"n = {size:,}", None, None, None, name), values)
    return rows


def section(found: dict[Key, dict[str, float]]) -> str:
    """Give the time of one eigenproblem, both ways."""
    each = {
        (key.dataset, key.method): values["seconds"] / values["matrices"]
        for key, values in found.items()
        if "matrices" in values
    }
    if not each:
        return ""
    sizes = list(dict.fromkeys(size for size, _ in each))
    table = [(size, *(markdown.seconds(each[size, way]) for way in WAYS)) for size in sizes]
    return (
        "One eigenproblem, in a batch; training takes the faster way:\n\n"
        f"{markdown.table(('size', *WAYS), table)}"
    )
