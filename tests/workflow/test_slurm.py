"""The workflow as jobs of a real SLURM, on small parameters."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from slurm_cluster import Cluster, missing_programs, running_cluster, wait
from small_parameters import NETWORKS, STUDIES
from small_project import Ended, Project

MISSING = missing_programs()
pytestmark = [
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


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


def create(folder: Path, cluster: Cluster | None = None) -> Project:
    """Make a project whose training says where it runs; its name has a space in it."""
    project = Project.create(folder / "with space")
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


@pytest.fixture(scope="module")
def long_results(tmp_path_factory) -> dict[str, bytes]:
    """Give what a run without a cluster makes of the long batch."""
    project = lengthen(Project.create(tmp_path_factory.mktemp("long") / "local"))
    ended = project.snakemake()
    assert ended.code == 0, ended.text
    return project.results()


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


def test_nothing_is_left_of_a_cluster_whose_tests_were_killed():
    script = """
import os, signal
from slurm_cluster import running_cluster, wait
with running_cluster() as cluster:
    cluster.run("sbatch", "--output=/dev/null", "--wrap=sleep 1000")
    wait(lambda: cluster.jobs()[1].state == "RUNNING")
    print(cluster.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL
    folder = killed.stdout.strip()
    wait(lambda: not Path(folder).exists())
    assert not [process for process in psutil.process_iter() if belongs_to(folder, process)]


def belongs_to(folder: str, process: psutil.Process) -> bool:
    try:
        return any(folder in text for text in (*process.cmdline(), *process.environ().values()))
    except psutil.Error:
        return False


def test_jobs_of_slurm_make_the_same_bytes_as_a_local_run(finished, cluster, tmp_path):
    project = create(tmp_path, cluster)
    project.environment["OMP_NUM_THREADS"] = "2"
    ended = project.run(*SLURM)
    assert ended.code == 0, ended.text
    assert project.results() == finished.results()

    # What trains was queued, all of it and nothing else.
    assert states(cluster) == ["COMPLETED"] * 4
    comments = [job.comment for job in cluster.jobs().values()]
    assert all(comment.startswith("rule_train_batch_") for comment in comments)
    queued = set(re.findall(r"^rule (\w+):$", ended.text, re.MULTILINE))
    local = set(re.findall(r"^local(?:rule|checkpoint) (\w+):$", ended.text, re.MULTILINE))
    assert queued == {"train_batch"}
    assert local == {"prepare", "collect", "fit", "draw_experiment", "all"}
    # The training itself ran inside those jobs, on one thread whatever was set outside.
    seen = {file.name: file.read_text() for file in project.path("seen").iterdir()}
    assert seen == dict.fromkeys(map(str, cluster.jobs()), "1")

    for submission in cluster.submissions():
        assert "--cpus-per-task=1 " in submission
        assert "--mem 2000 " in submission
        assert "-t 60 " in submission
        assert "--gpus" not in submission
        assert "--gres" not in submission
        # Of profiles/default, which is read besides.
        (triggers,) = re.findall(r"--rerun-triggers ([a-z -]+?) --", submission)
        assert set(triggers.split()) == {"input", "params", "software-env"}
        assert "--scheduler 'greedy' " in submission
    assert "Nothing to be done" in project.snakemake("--dry-run").text


def test_a_gpu_is_requested_where_asked_for(finished, cluster, tmp_path):
    project = create(tmp_path, cluster)
    parameters = project.parameters()
    del parameters["experiments"]["four_points"]
    project.write_parameters(parameters)
    ended = project.run(*SLURM, "--config", "gpu=1")
    assert ended.code == 0, ended.text
    (submission,) = cluster.submissions()
    assert "--gpus=1 " in submission
    assert "TresPerJob=gres:gpu:1" in cluster.details(1)
    assert states(cluster) == ["COMPLETED"]
    assert len(project.results()) == 5 + 1 + 6  # tables, metrics, figures
    assert project.results().items() <= finished.results().items()


def test_studies_that_train_are_queued(finished, cluster, tmp_path):
    training = {"portraits", "scales", "kernels"}
    projects = [finished.copy(tmp_path / name) for name in ("local", "queued")]
    for project in projects:
        parameters = project.parameters()
        kinds = training | {"initialisations", "relative_distances"}
        parameters["studies"] = {kind: STUDIES[kind] for kind in kinds}
        project.write_parameters(parameters)
    local, queued = projects
    assert local.snakemake("studies").code == 0
    use(cluster, queued)
    # A GPU is for the networks of a batch: studies train on the processor.
    ended = queued.run(*SLURM, "studies", "--config", "gpu=1")
    assert ended.code == 0, ended.text
    assert states(cluster) == ["COMPLETED"] * 3
    rules = {job.comment.split("_wildcards_")[0] for job in cluster.jobs().values()}
    assert rules == {f"rule_measure_{kind}" for kind in training}
    assert not any("--gpus" in submission for submission in cluster.submissions())
    assert len(local.results()) > len(finished.results())
    assert queued.results() == local.results()


def test_a_job_that_fails_once_is_reported_and_retried(finished, cluster, tmp_path):
    project = create(tmp_path, cluster)
    project.path("fault_wave").write_text("once")
    ended = project.run(*SLURM)
    assert ended.code == 0, ended.text
    (failed,) = [number for number, job in cluster.jobs().items() if job.state == "FAILED"]
    assert f"SLURM-job '{failed}' failed, SLURM status is: 'FAILED'" in ended.text
    assert "error: injected fault" in ended.text.splitlines()
    assert ended.text.count("Trying to restart job") == 1
    assert sorted(states(cluster)) == ["COMPLETED"] * 4 + ["FAILED"]
    # Had it been for want of memory, it would have more.
    assert "--mem 4000 " in cluster.submissions()[-1]
    assert project.results() == finished.results()


def test_a_job_that_always_fails_stops_no_other(finished, cluster, tmp_path):
    project = create(tmp_path, cluster)
    project.path("fault_wave").write_text("always")
    ended = project.run(*SLURM, "--retries", "1")
    assert ended.code == 1
    assert states(cluster).count("FAILED") == 2
    assert "Error in rule train_batch:" in ended.text
    assert re.search(r"^ +output: results/runs/wave-\w+/batches/", ended.text, re.MULTILINE)
    assert "error: injected fault" in ended.text.splitlines()
    assert "Traceback" not in ended.text
    results = project.results()
    assert len(results) == 5 + 1 + 6
    assert all("four_points" in name for name in results)
    assert results.items() <= finished.results().items()

    project.path("fault_wave").unlink()
    ended = project.run(*SLURM)
    assert ended.code == 0, ended.text
    assert ended.jobs == {"train_batch": 1, "collect": 1, "fit": 1, "draw_experiment": 1}
    assert len(project.trained("four_points")) == NETWORKS["four_points"]
    assert project.results() == finished.results()


def test_a_cancelled_job_is_reported_and_retried(long_results, cluster, tmp_path):
    project = lengthen(create(tmp_path, cluster))
    with running(project) as run:
        run.wait_for(project, networks=5)
        cluster.run("scancel", "1")
        ended = run.end()
    assert ended.code == 0, ended.text
    assert "SLURM-job '1' failed, SLURM status is: 'CANCELLED'" in ended.text
    assert ended.text.count("Trying to restart job") == 1
    assert states(cluster) == ["CANCELLED", "COMPLETED"]
    assert_each_trained_once(project)
    assert project.results() == long_results


def test_a_job_survives_a_restart_of_the_daemon(long_results, cluster, tmp_path):
    project = lengthen(create(tmp_path, cluster))
    with running(project) as run:
        run.wait_for(project, networks=5)
        cluster.act("stop node")
        trained = len(project.trained("four_points"))
        wait(lambda: len(project.trained("four_points")) > trained)
        cluster.act("start node")
        ended = run.end()
    assert ended.code == 0, ended.text
    assert states(cluster) == ["COMPLETED"]
    assert "Restarts=0" in cluster.details(1)
    assert len(project.trained("four_points")) == LONG_NETWORKS
    assert project.results() == long_results


@pytest.mark.parametrize("requeued", [True, False])
def test_a_job_whose_node_is_lost_is_begun_again(long_results, cluster, tmp_path, requeued):
    project = lengthen(create(tmp_path, cluster))
    with running(project, *(() if requeued else ("--slurm-no-requeue",))) as run:
        run.wait_for(project, networks=5)
        cluster.act("lose node")
        # As a health check would say; SLURM itself takes minutes to miss a node.
        cluster.run("scontrol", "update", "NodeName=ALL", "State=DOWN", "Reason=lost")
        cluster.act("start node")
        ended = run.end()
    assert ended.code == 0, ended.text
    if requeued:
        assert states(cluster) == ["COMPLETED"]
        assert "Restarts=1" in cluster.details(1)
    else:
        assert states(cluster) == ["NODE_FAIL", "COMPLETED"]
        assert "SLURM-job '1' failed due to a node failure" in ended.text
        assert ended.text.count("Trying to restart job") == 1
    assert_each_trained_once(project)
    assert project.results() == long_results


def test_ctrl_c_cancels_what_is_queued(long_results, cluster, tmp_path):
    project = lengthen(create(tmp_path, cluster))
    with running(project) as run:
        run.wait_for(project, networks=5)
        run.process.send_signal(signal.SIGINT)
        assert run.end().code != 0
    wait(lambda: states(cluster) == ["CANCELLED"])
    ended = project.run(*SLURM)
    assert ended.code == 0, ended.text
    assert states(cluster) == ["CANCELLED", "COMPLETED"]
    assert_each_trained_once(project)
    assert project.results() == long_results
