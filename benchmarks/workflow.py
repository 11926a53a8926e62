"""Overhead of the workflow over training: a complete run, an empty run, all figures redrawn.

It runs in a copy of the project without results but with the compiled passes, which are built once
per machine. Training times are those of its networks, each timed by the process that trains it.
"""

import csv
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import yaml

from benchmarks import markdown
from benchmarks.rows import Key, Row, rows_of, runs

TITLE = "The workflow's own cost"

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("Snakefile", "profiles", "workflow", "src", "params.yaml", "data/user", "data/raw")
IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info")
SECONDS = ("results/runs/*/seconds/*.csv", "results/runs/studies/*/*/seconds.csv")
CORES = 2

WHOLE, TRAINING, NOTHING, REDRAWN = (
    "whole run",
    "training of its networks",
    "nothing to do",
    "figures.dpi changed",
)
TARGETS = {NOTHING: 5.0, REDRAWN: 20.0}
RATIO_TARGET = 1.15


class Ended(NamedTuple):
    """A run of Snakemake: its wall time, and the most memory its processes held at once."""

    seconds: float
    peak_memory: int


def measure(parameters: Path | None = None) -> list[Row]:
    """Run the workflow three times.

    Parameters
    ----------
    parameters : path, optional
        A parameter file to take instead of the project's own.
    """
    with TemporaryDirectory(prefix="phase_diagram-") as temporary:
        folder = Path(temporary)
        copy(folder, parameters)
        whole = run(folder)
        took = training_seconds(folder)
        nothing = run(folder)
        change_figures(folder)
        redrawn = run(folder)
    numbers = {
        WHOLE: {
            "seconds": whole.seconds,
            "peak_memory": whole.peak_memory,
            "ratio": whole.seconds / (sum(took) / CORES),
        },
        TRAINING: {"seconds": sum(took), "networks": len(took)},
        NOTHING: {"seconds": nothing.seconds},
        REDRAWN: {"seconds": redrawn.seconds},
    }
    return [
        row
        for method, values in numbers.items()
        for row in rows_of("workflow", Key("", None, None, None, method), values)
    ]


def copy(folder: Path, parameters: Path | None = None) -> None:
    """Copy what a run begins with, and no result."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir() and not source.is_symlink():
            shutil.copytree(source, target, ignore=IGNORED)
        elif source.exists():
            shutil.copy2(source, target, follow_symlinks=False)
    if parameters is not None:
        shutil.copy2(parameters, folder / "params.yaml")


def run(folder: Path) -> Ended:
    """Run Snakemake once.

    Raises
    ------
    RuntimeError
        If it fails; with all that it printed.
    """
    from workflow.reproduce import peak_memory

    environment = {
        **os.environ,
        # The copy's own sources, not those that are installed.
        "PYTHONPATH": str(folder / "src"),
        "OMP_NUM_THREADS": "1",
    }
    log = folder / "snakemake.log"
    with log.open("w", encoding="utf-8") as file:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "snakemake", "--cores", str(CORES)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        memory = peak_memory(process)
        seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(log.read_text(encoding="utf-8"))
    return Ended(seconds, memory)


def training_seconds(folder: Path) -> list[float]:
    """Give the seconds that each network took, those of the studies too."""
    found = []
    for pattern in SECONDS:
        for path in folder.glob(pattern):
            with path.open(newline="") as file:
                found += [float(record["seconds"]) for record in csv.DictReader(file)]
    return found


def change_figures(folder: Path) -> None:
    """Ask for another resolution, which draws all figures anew."""
    path = folder / "params.yaml"
    parameters = yaml.safe_load(path.read_text(encoding="utf-8"))
    parameters["figures"]["dpi"] += 1
    path.write_text(yaml.safe_dump(parameters), encoding="utf-8")


def section(rows: list[Row]) -> str:
    """Give the three times, the ratio and the memory."""
    found = {key.method: values for key, values in runs(rows, "workflow").items()}
    if not found:
        return "Not measured yet."
    whole, training = found[WHOLE], found[TRAINING]
    table = [
        (WHOLE, markdown.seconds(whole["seconds"]), ""),
        (
            f"{TRAINING} ({training['networks']:,.0f}), per core",
            markdown.seconds(training["seconds"] / CORES),
            "",
        ),
        *(
            (method, markdown.seconds(found[method]["seconds"]), f"at most {target:.0f} s")
            for method, target in TARGETS.items()
        ),
    ]
    return "\n\n".join(
        [
            f"`snakemake --cores {CORES}` on params.yaml, in a copy of the project without any "
            f"results: **{whole['ratio']:.2f}** times the seconds of training per core (target "
            f"{RATIO_TARGET}), with at most {whole['peak_memory'] / 1e9:.1f} GB of memory in all "
            "processes together.",
            markdown.table(("", "time", "target"), table),
        ]
    )
