"""Short ways to run the command line, for its tests, and what stands in for training."""

import json
import math
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from phase_diagram.cli.main import main
from phase_diagram.datasets.problem import Problem
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training

POINT = ["point", "--dataset", "four_points", "--gamma", "0.75", "--gamma-prime", "-0.25"]
WIDTHS = ["--width", "100", "--width", "1000"]


class Sweep:
    """Stands in for sweep.train: RD = 2 m^-0.25 (1 + seed / 100), finished in reverse order."""

    def __init__(self) -> None:
        self.problem: Problem
        self.networks: list[sweep.Network] = []
        self.chosen: Training
        self.options: dict[str, Any] = {}
        self.endings: dict[tuple[int, int], str] = {}  # (width, seed) -> status

    def __call__(
        self,
        problem: Problem,
        networks: Sequence[sweep.Network],
        chosen: Training,
        **options: Any,
    ) -> Iterator[sweep.Result]:
        self.problem, self.networks = problem, list(networks)
        self.chosen, self.options = chosen, options
        print("a library that chats on standard output")
        for network in reversed(self.networks):
            status = self.endings.get((network.width, network.seed), "converged")
            rd = 2.0 * network.width**-0.25 * (1.0 + network.seed / 100)
            lost = status == "diverged"
            yield sweep.Result(
                network=network,
                rd=math.nan if lost else rd,
                loss=math.inf if lost else 1e-7 * (1 + network.seed),
                steps=10 + network.seed,
                evaluations=30,
                time_normalised=1.0,
                status=status,
                reason="some_reason",
                condensation=0.25 + 0.01 * network.seed,
                activation=self.chosen.activation,
                seconds=0.5,
            )


def measured(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run a command with --json and parse strictly all that it wrote on standard output."""
    assert main([*arguments, "--json"]) == 0

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    found = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert isinstance(found, dict)
    return found


def errors(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Run a command that must fail with exit code 2, and give its lines on standard error."""
    assert main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert lines
    assert all(line.startswith("error: ") for line in lines)
    return [line.removeprefix("error: ") for line in lines]


def run_interruptible(code: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own that heeds Ctrl-C.

    Where the tests are a job in the background, the shell lets them ignore it.
    """
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
