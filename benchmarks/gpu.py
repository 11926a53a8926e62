"""A whole phase diagram of MNIST on a GPU, where there is one, against the processor beside it."""

import time
from collections.abc import Iterator
from statistics import median

import torch

from benchmarks import gpu_eigen, gpu_sample, markdown
from benchmarks.gpu_stages import STAGES, Stage, time_stage
from benchmarks.rows import Key, Row, rows_of, runs

TITLE = "A GPU"

BUDGET = 440.0
"""Seconds after which no further batch is begun: what has been trained by then is in the table."""
TARGET = 600.0
AGREEMENT = 1e-3


def measure(
    stages: tuple[Stage, ...] = STAGES, device: str | None = None, budget: float = BUDGET
) -> Iterator[list[Row]]:
    """Train each stage on the GPU, the sample of it on the processor meanwhile.

    Parameters
    ----------
    stages : tuple of Stage
        The last may be cut short.
    device : str, optional
        None: "cuda", or nothing is measured where torch sees no GPU.
    budget : float
        Seconds for all of it.

    Yields
    ------
    list of Row
        After each stage, so that a run that is killed leaves what it has measured.
    """
    if device is None and not torch.cuda.is_available():
        return
    device = device or "cuda"
    end = time.perf_counter() + budget
    with gpu_sample.beside(stages, budget) as sample:
        yield _card(device)
        yield gpu_eigen.measure(device)
        for stage in stages:
            yield time_stage(stage, device, end)
        yield gpu_sample.rows(sample, end)


def _card(device: str) -> list[Row]:
    """The card and torch's version, in place of a method's name: values are numbers."""
    name, memory = "no GPU", 0
    if device == "cuda":
        name, memory = torch.cuda.get_device_name(), torch.cuda.mem_get_info()[1]
    key = Key("", None, None, None, f"{name}, torch {torch.__version__}")
    return list(rows_of("gpu", key, {"card_memory": memory}))


def section(rows: list[Row]) -> str:
    """Give seconds by width, how near RD is to the processor's, and what the processor takes."""
    found = runs(rows, "gpu")
    sweeps = {key: values for key, values in found.items() if "asked" in values}
    if not sweeps:
        return "Not measured: torch sees no GPU on this machine."
    card = next((key.method for key, values in found.items() if "card_memory" in values), "")
    table, total, cut = [], 0.0, False
    for key, values in sweeps.items():
        each = values["seconds"] / max(values["networks"], 1)
        whole = each * values["asked"]
        total += whole
        cut |= values["networks"] < values["asked"]
        pairs = _pairs(found, key)
        largest = max((abs(here["rd"] / there["rd"] - 1) for there, here in pairs), default=None)
        ratio = median(there["seconds"] for there, _ in pairs) / each if pairs else None
        table.append(
            (
                gpu_sample.title(key.dataset),
                f"{key.width:,}",
                f"{values['networks']:.0f} of {values['asked']:.0f}",
                f"{values['converged']:.0f}",
                markdown.seconds(values["seconds"]),
                markdown.seconds(whole),
                f"{values['peak_memory'] / 1e9:.1f} GB",
                markdown.factor(ratio) if ratio else "",
                f"{markdown.percent(largest)} of {len(pairs)}" if pairs else "",
            )
        )
    header = (
        *("images", "width", "trained", "converged", "time", "all of them", "peak memory"),
        *("times faster than one processor", "largest difference in RD"),
    )
    return "\n\n".join(
        [
            f"On {card}, a machine of its own: not that of the other sections. Float64. MNIST, 336 "
            "grid points and 3 seeds at each width of 45 images, 49 grid points and one seed of "
            f"1,000 images: **{total:.0f} s** in all (target {TARGET:.0f} s)"
            + (", where a width was cut short by its time in proportion. " if cut else ". ")
            + "The time is that of `sweep.train`, the drawing of the neurons included, without "
            f"what happens once ({_once(sweeps)}: starting the device, building the fused passes). "
            "One processor of the same machine trained a sample meanwhile, with compiled passes "
            "where it has a compiler: medians against the mean of the GPU. RD is to agree within "
            f"{markdown.percent(AGREEMENT)}.",
            markdown.table(header, table),
            gpu_eigen.section(found),
        ]
    )


def _pairs(
    found: dict[Key, dict[str, float]], key: Key
) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Give the runs of one stage that processor and GPU both have made."""
    pairs = []
    for other, there in found.items():
        here = found.get(other._replace(method=key.method))
        same = (other.dataset, other.width, other.method) == (key.dataset, key.width, "cpu")
        if same and other.gamma is not None and here and "rd" in here and "rd" in there:
            pairs.append((there, here))
    return pairs


def _once(sweeps: dict[Key, dict[str, float]]) -> str:
    return markdown.seconds(sum(values.get("seconds_first", 0.0) for values in sweeps.values()))
