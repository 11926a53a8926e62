"""Small copies of the project that run as jobs of SLURM, and say so."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from slurm_cluster import Cluster, wait
from slurm_files import missing_programs
from small_project import Ended, Project

MISSING = missing_programs()
NEEDS_SLURM = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"SLURM is not installed: no {', '.join(MISSING)}"),
]
# The profile, but looking more often: small networks are trained in less time than it waits.
SLURM = (
    *("snakemake", "--profile", "workflow/profiles/slurm"),
    *("--slurm-init-seconds-before-status-checks", "1", "--seconds-between-status-checks", "1"),
)
# Says that it is inside a job of SLURM's, with how many threads, and fails where asked to.
INJECTED = """
def make(job, make=make):
    import os

    seen, fault = Path("seen"), Path(f"fault_{job.wildcards.experiment}")
    seen.mkdir(exist_ok=True)
    (seen / os.environ.get("SLURM_JOB_ID", "none")).write_text(os.environ["OMP_NUM_THREADS"])
    if fault.exists():
        if fault.read_text() == "once":
            fault.unlink()
        raise InputError("injected fault")
    make(job)


run(make"""
# One batch, long enough for something to happen to it.
LONG = {"widths": [1000, 2000], "seeds": 5, "points_per_job": 9, "tolerance": 1e-6}
LONG_NETWORKS = 3 * 3 * 2 * 5


def create(folder: Path, cluster: Cluster | None = None, *, queue_views: bool = False) -> Project:
    """Make a project whose training says where it runs; its name has a space in it.

    Only where asked for are the explorer's views queued too: what is tried out is tried on the
    jobs of a sweep.
    """
    project = Project.create(folder / "with space")
    if not queue_views:
        rules = project.path("workflow/rules/explorer.smk")
        text = rules.read_text()
        assert text.count("    priority: LONG\n") == 1
        rules.write_text(text.replace("    priority: LONG\n", "    localrule: True\n"))
    script = project.path("workflow/scripts/train.py")
    text = script.read_text()
    assert text.count("\nrun(make") == 1
    script.write_text(text.replace("\nrun(make", INJECTED))
    if cluster is not None:
        use(cluster, project)
    return project


def use(cluster: Cluster, project: Project) -> None:
    project.environment["PATH"] = f"{cluster.folder / 'bin'}:{project.environment['PATH']}"
    project.environment["SLURM_CONF"] = cluster.environment["SLURM_CONF"]


def lengthen(project: Project) -> Project:
    parameters = project.parameters()
    del parameters["experiments"]["wave"]
    parameters["experiments"]["four_points"] |= LONG
    project.write_parameters(parameters)
    return project


@contextmanager
def running(project: Project, *arguments: str) -> Iterator["Running"]:
    """Run the profile in the background; ends with the test, if not before."""
    output = project.path("output.txt")
    with output.open("wb") as file:
        process = subprocess.Popen(
            [*SLURM, *arguments],
            cwd=project.folder,
            env=project.environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Where the tests are a job in the background, the shell lets them ignore Ctrl-C, and
            # they would hand that on.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        yield Running(process, output)
    finally:
        if process.poll() is None:
            project.kill(process)


class Running:
    """A command that runs in the background."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self.process = process
        self.output = output

    def wait_for(self, project: Project, networks: int) -> None:
        """Wait until so many networks are trained, before it is over."""

        def reached() -> bool:
            assert self.process.poll() is None, self.output.read_text()
            return len(project.trained("four_points")) >= networks

        wait(reached, 90)
        assert len(project.trained("four_points")) < LONG_NETWORKS / 2

    def end(self) -> Ended:
        """Wait for the end."""
        code = self.process.wait(300)
        return Ended(code, self.output.read_text())


def states(cluster: Cluster) -> list[str]:
    return [job.state for _, job in sorted(cluster.jobs().items())]


def assert_each_trained_once(project: Project) -> None:
    trained = project.trained("four_points")
    # A network is stored first and noted here afterwards; its end may have come in between.
    assert LONG_NETWORKS - 1 <= len(set(trained)) == len(trained) <= LONG_NETWORKS
