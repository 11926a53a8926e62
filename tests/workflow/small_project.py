"""Small copies of the whole project, in which the real Snakemake and the real DVC run."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from matplotlib.image import imread
from small_parameters import PARAMETERS, STUDIED, STUDIES, WAVE

ROOT = Path(__file__).parents[2]
COPIED = (
    *("Snakefile", "profiles", "workflow", "src", "dvc.yaml", ".dvc/config", ".dvc/plots"),
    *(".dvcignore", ".gitignore", ".dvc/.gitignore"),
)
# Of the results, all but the page of all experiments.
PATTERNS = (
    *("*/*.csv", "*/metrics.json", "*/views.npz", "studies/*/*/*.csv", "figures/*"),
    "explorer/*",
)
PATIENCE = 120.0
LONG = {"widths": [1000, 2000], "seeds": 5, "points_per_job": 9, "tolerance": 1e-6}
LONG_NETWORKS = 3 * 3 * 2 * 5
IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info", "tmp", "cache", "config.local")


@dataclass
class Ended:
    """How a command ended: its exit code, all it printed, and what ran in it."""

    code: int
    text: str

    @property
    def faults(self) -> list[str]:
        """List the lines that tell a fault."""
        return [line for line in self.text.splitlines() if line.startswith("error: ")]

    @property
    def jobs(self) -> Counter[str]:
        """Count the jobs of Snakemake by their rules, but for targets."""
        rules = re.findall(r"^(?:local)?(?:rule|checkpoint) (\w+):$", self.text, re.MULTILINE)
        return Counter(rule for rule in rules if rule not in ("all", "default"))

    @property
    def stages(self) -> set[str]:
        """Name the stages that DVC ran."""
        return set(re.findall(r"^Running stage '(.+)':$", self.text, re.MULTILINE))


class Project:
    """A copy of the project with small parameters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            # The copy's own sources, which a test may change, not those that are installed.
            "PYTHONPATH": str(folder / "src"),
            # Networks as small as these are trained before a compiler has begun.
            "PHASE_DIAGRAM_COMPILE": "0",
            # Each of its jobs would compile its sources anew.
            "PYTHONDONTWRITEBYTECODE": "",
            # No configuration of the user's.
            "GIT_CONFIG_GLOBAL": os.devnull,
            "DVC_GLOBAL_CONFIG_DIR": str(folder / "none"),
        }

    @classmethod
    def create(cls, folder: Path) -> "Project":
        for name in COPIED:
            source, copy = ROOT / name, folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir() and not source.is_symlink():
                shutil.copytree(source, copy, ignore=IGNORED)
            else:
                shutil.copy2(source, copy, follow_symlinks=False)
        (folder / "data/user").mkdir(parents=True)
        (folder / "data/user/wave.csv").write_text(WAVE)
        project = cls(folder)
        project.write_parameters(PARAMETERS)
        return project

    def copy(self, folder: Path) -> "Project":
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return Project(folder)

    def run(self, *command: str, timeout: float = 600) -> Ended:
        ended = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout)

    def snakemake(self, *arguments: str, cores: int = 2) -> Ended:
        return self.run("snakemake", "--cores", str(cores), *arguments)

    def complete(self, *arguments: str, cores: int = 2) -> Ended:
        """Run Snakemake, which must succeed."""
        ended = self.snakemake(*arguments, cores=cores)
        assert ended.code == 0, ended.text
        assert "Traceback" not in ended.text
        return ended

    def dvc(self, *arguments: str) -> Ended:
        return self.run("dvc", *arguments)

    def commit(self) -> None:
        """Commit all that git does not ignore."""
        identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
        for command in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-q", "-m", "state")):
            assert self.run("git", *command).code == 0

    @contextmanager
    def running(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command meanwhile; at the end it is killed as by a power cut, children and all.

        What it says is in output.txt.
        """
        with self.path("output.txt").open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def path(self, name: str) -> Path:
        return self.folder / name

    def parameters(self) -> dict[str, Any]:
        return yaml.safe_load(self.path("params.yaml").read_text())

    def write_parameters(self, parameters: dict[str, Any]) -> None:
        self.path("params.yaml").write_text(yaml.safe_dump(parameters, sort_keys=False))

    def change(self, key: str, value: Any) -> None:
        """Change one parameter, given its keys with dots between."""
        parameters = self.parameters()
        *outer, last = key.split(".")
        section = parameters
        for name in outer:
            section = section[name]
        section[last] = value
        self.write_parameters(parameters)

    def add_studies(self) -> None:
        """Add a study of each kind, and the experiments that they need besides."""
        parameters = self.parameters()
        parameters["experiments"] |= STUDIED
        parameters["studies"] = STUDIES
        self.write_parameters(parameters)

    def trained(self, experiment: str) -> list[str]:
        """List the networks trained so far, once for each time one was trained."""
        files = self.folder.glob(f"results/runs/{experiment}-*/seconds/*.csv")
        return [
            f"{file.parent.parent.name},{line.rsplit(',', 1)[0]}"
            for file in sorted(files)
            for line in file.read_text().splitlines()[1:]
        ]

    def results(self) -> dict[str, bytes]:
        """Read every table, summary and figure, views and packs."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for pattern in PATTERNS
            for path in sorted(self.path("results").glob(pattern))
        }


def wait(reached: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait for a condition, but not for ever, and no longer than a process runs."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert process is None or process.poll() is None, "the process ended before"
        assert time.monotonic() < deadline, f"waited {PATIENCE:g} s in vain"
        time.sleep(0.02)


def lengthen(project: Project) -> Project:
    """Leave one experiment, whose one job of training is long enough to be interrupted."""
    parameters = project.parameters()
    parameters["experiments"] = {"four_points": PARAMETERS["experiments"]["four_points"] | LONG}
    project.write_parameters(parameters)
    return project


def assert_is_drawn(project: Project, figure: str) -> None:
    """See that a figure is there, as a picture of the width asked for and as a document."""
    picture = imread(project.path(f"results/figures/{figure}.png"))
    assert picture.shape[1] == 6.0 * PARAMETERS["figures"]["dpi"]
    assert len(np.unique(picture.reshape(-1, picture.shape[2]), axis=0)) > 50
    document = project.path(f"results/figures/{figure}.pdf").read_bytes()
    assert document.startswith(b"%PDF")
    assert document.rstrip().endswith(b"%%EOF")
