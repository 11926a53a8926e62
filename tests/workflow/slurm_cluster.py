"""A real SLURM of one machine, in a folder and with ports of its own; it needs no root."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from slurm_files import environment, write_files
from small_project import wait

DAEMONS = Path(__file__).with_name("slurm_daemons.py")
PATIENCE = 60.0


@dataclass
class Job:
    """What the controller knows of a job."""

    state: str
    comment: str


class Cluster:
    """A running cluster.

    Parameters
    ----------
    folder : pathlib.Path
        Its files.
    daemons : subprocess.Popen
        Of slurm_daemons.py.
    """

    def __init__(self, folder: Path, daemons: "subprocess.Popen[str]") -> None:
        self.folder = folder
        self.daemons = daemons
        self.environment = environment(folder)

    def run(self, *command: str) -> str:
        """Run one of SLURM's commands."""
        return subprocess.run(
            command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=True,
        ).stdout

    def jobs(self) -> dict[int, Job]:
        """Give all jobs since the cluster was started, by their numbers."""
        listed = self.run("squeue", "--states=all", "--noheader", "--format=%i|%T|%k")
        rows = [line.split("|", 2) for line in listed.splitlines()]
        return {int(number): Job(state, comment) for number, state, comment in rows}

    def submissions(self) -> list[str]:
        """Give the command lines of sbatch since the cluster was started."""
        path = self.folder / "submissions"
        return path.read_text().splitlines() if path.exists() else []

    def wait_until_idle(self) -> None:
        """Wait until the node takes jobs and has none."""
        try:
            wait(lambda: self.run("sinfo", "--noheader", "--format=%T").strip() == "idle")
        except (AssertionError, subprocess.CalledProcessError) as error:
            logs = sorted((self.folder / "log").iterdir())
            text = "\n".join(f"{log.name}:\n{log.read_text()[-2000:]}" for log in logs)
            raise AssertionError(f"no idle node\n{text}") from error


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a cluster, and end it with every process that it has started."""
    # Not in a folder of pytest's: the name of a socket may not be longer than 107 bytes.
    with tempfile.TemporaryDirectory(prefix="slurm-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_files(folder)
        daemons = subprocess.Popen(
            [sys.executable, str(DAEMONS), str(folder)],
            env=os.environ | environment(folder),
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the tests
        )
        try:
            cluster = Cluster(folder, daemons)
            wait(lambda: _answers(cluster))
            cluster.wait_until_idle()
            yield cluster
        finally:
            assert daemons.stdin is not None
            daemons.stdin.close()
            daemons.wait(PATIENCE)


def _answers(cluster: Cluster) -> bool:
    try:
        cluster.run("scontrol", "ping")
    except subprocess.CalledProcessError:
        assert cluster.daemons.poll() is None, "the daemons ended at once"
        return False
    return True
