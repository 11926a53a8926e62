"""Small copies of the whole project, in which the real Snakemake and the real DVC run."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COPIED = ("Snakefile", "profiles", "workflow", "src", "dvc.yaml", ".dvc/config", ".dvcignore")
IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info", "tmp", "cache", "config.local")

PARAMETERS = {
    "experiments": {
        "four_points": {
            "dataset": "four_points",
            "gamma": [0.75, 1.0, 1.5],
            "gamma_prime": [-0.5, 0.0, 0.25],
            "widths": [50, 100],
            "seeds": 2,
            "tolerance": 1e-4,
            "points_per_job": 4,
        },
        "wave": {
            "dataset": "data/user/wave.csv",
            "gamma": [0.75, 1.5],
            "gamma_prime": [-0.5, 0.0],
            "widths": [50, 100],
            "seeds": 2,
            "tolerance": 1e-4,
            "points_per_job": 4,
        },
    },
    "datasets": {"mnist_images": 3},
    "figures": {"dpi": 60},
}
NETWORKS = {"four_points": 3 * 3 * 2 * 2, "wave": 2 * 2 * 2 * 2}
# More inputs than samples, so that the reduction is part of the run.
WAVE = "x1,x2,x3,x4,y\n0.0,1.0,0.5,-1.0,0.2\n1.0,-0.5,0.0,0.5,-0.4\n-1.0,0.0,1.0,0.3,0.6\n"


@dataclass
class Ended:
    """How a command ended: its exit code, all it printed, and what ran in it."""

    code: int
    text: str

    @property
    def jobs(self) -> Counter[str]:
        """Count the jobs of Snakemake by their rules, but for targets."""
        rules = re.findall(r"^(?:local)?(?:rule|checkpoint) (\w+):$", self.text, re.MULTILINE)
        return Counter(rule for rule in rules if rule != "all")

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

    def run(self, *command: str, timeout: float = 120) -> Ended:
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

    def dvc(self, *arguments: str) -> Ended:
        return self.run("dvc", *arguments)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own, for `kill`."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        """End a process and its children as a power cut would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def path(self, name: str) -> Path:
        return self.folder / name

    def parameters(self) -> dict[str, Any]:
        return yaml.safe_load(self.path("params.yaml").read_text())

    def write_parameters(self, parameters: dict[str, Any]) -> None:
        self.path("params.yaml").write_text(yaml.safe_dump(parameters))

    def change(self, key: str, value: Any) -> None:
        """Change one parameter, given its keys with dots between."""
        parameters = self.parameters()
        *outer, last = key.split(".")
        section = parameters
        for name in outer:
            section = section[name]
        section[last] = value
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
        """Read every table, summary and figure."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for pattern in ("*/*.csv", "*/*.json", "figures/*")
            for path in sorted(self.path("results").glob(pattern))
        }
