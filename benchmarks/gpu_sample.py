"""The sample of each stage that the processor trains meanwhile, in a process of its own.

    python -m benchmarks.gpu_sample SECONDS STAGES

takes the stages as JSON and prints the numbers of each network as one line of JSON.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import torch

from benchmarks import cases
from benchmarks.alone import ROOT
from benchmarks.gpu_stages import Stage, network_rows
from benchmarks.rows import Row
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training


class Beside(NamedTuple):
    """A process under way, and the file that it writes."""

    process: "subprocess.Popen[bytes]"
    file: Path


@contextmanager
def beside(stages: Sequence[Stage], seconds: float) -> Iterator[Beside]:
    """Train samples in a process beside this one, on one processor; it ends with this block."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows"
        arguments = [sys.executable, "-m", "benchmarks.gpu_sample", str(seconds)]
        with file.open("wb") as output:
            process = subprocess.Popen(
                [*arguments, json.dumps(stages)],
                cwd=ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
                stdout=output,
            )
        try:
            yield Beside(process, file)
        finally:
            process.kill()
            process.wait()


def rows(sample: Beside, end: float) -> list[Row]:
    """Give the rows of what has been trained, waiting for the rest until `end` on the clock."""
    try:
        sample.process.wait(max(0.0, end - time.perf_counter()))
    except subprocess.TimeoutExpired:
        sample.process.kill()
        sample.process.wait()
    text = sample.file.read_text()
    whole = text[: text.rfind("\n") + 1]  # a line may be cut short
    return [Row(*row) for line in whole.splitlines() for row in json.loads(line)]


def title(label: str) -> str:
    """Write the number of images that a dataset's name in the table stands for."""
    return f"{int(label.partition('_')[2] or cases.IMAGES):,}"


def main(seconds: str, stages: str) -> None:
    """Train the samples, those that take longest last, until time is up."""
    torch.set_num_threads(1)
    end = time.perf_counter() + float(seconds)
    training = Training(tolerance=cases.TOLERANCES["mnist"])
    for stage in (Stage(*numbers) for numbers in json.loads(stages)):
        problem, chosen = cases.problem("mnist", stage.images), stage.sampled()
        # What is compiled is loaded, or built, before anything is timed.
        list(sweep.train(problem, [chosen[0]._replace(width=1000)], training, device="cpu"))
        for network in chosen:
            if time.perf_counter() > end:
                return
            began = time.perf_counter()
            (result,) = sweep.train(problem, [network], training, device="cpu")
            result = result._replace(seconds=time.perf_counter() - began)
            print(json.dumps(network_rows(stage.label, result, "cpu")), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
