"""The workflow as jobs of a real SLURM, on small parameters; jobs that fail or are cancelled."""

import re
from collections.abc import Iterator

import pytest
from slurm_cluster import Cluster, running_cluster
from slurm_files import missing_programs
from small_project import LONG_NETWORKS, Ended, Project, lengthen, wait

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
# A job of training notes the job of SLURM that it is in, with how many threads; one job fails once.
INJECTED = """
import os
import sys
from pathlib import Path

Path("seen").mkdir(exist_ok=True)
seen = Path("seen", os.environ.get("SLURM_JOB_ID", "none"))
seen.write_text(os.environ["OMP_NUM_THREADS"])
if snakemake.wildcards.experiment == "wave" and Path("fault").exists():
    Path("fault").unlink()
    sys.exit("error: injected fault")
"""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Give a SLURM of this machine alone; it ends with the test, and all its jobs with it."""
    with running_cluster() as started:
        yield started


@pytest.fixture
def project(cluster, tmp_path) -> Project:
    """Give a project that uses it; its name has a space in it."""
    project = Project.create(tmp_path / "with space")
    script = project.path("workflow/scripts/train.py")
    script.write_text(INJECTED + script.read_text())
    project.environment["PATH"] = f"{cluster.folder / 'bin'}:{project.environment['PATH']}"
    project.environment["SLURM_CONF"] = cluster.environment["SLURM_CONF"]
    project.environment["OMP_NUM_THREADS"] = "2"
    return project


def states(cluster: Cluster) -> list[str]:
    return [job.state for _, job in sorted(cluster.jobs().items())]


def test_jobs_of_slurm_make_the_same_bytes_though_one_fails(finished, cluster, project):
    project.path("fault").touch()
    ended = project.run(*SLURM)
    assert ended.code == 0, ended.text
    assert project.results() == finished.results()

    # What trains was queued, all of it and nothing else.
    assert sorted(states(cluster)) == ["COMPLETED"] * 6 + ["FAILED"]
    rules = {name: job.comment.split("_wildcards_")[0] for name, job in cluster.jobs().items()}
    assert sorted(rules.values()) == ["rule_train_batch"] * 5 + ["rule_views"] * 2
    local = set(re.findall(r"^local(?:rule|checkpoint) (\w+):$", ended.text, re.MULTILINE))
    # The log of the job that failed, which is shown, calls its own rule local.
    ours = {"prepare", "collect", "fit", "draw_experiment", "pack", "page", "default"}
    assert local - {"train_batch"} == ours
    # Training itself ran inside those jobs, on one thread whatever was set outside.
    seen = {file.name: file.read_text() for file in project.path("seen").iterdir()}
    batches = [str(name) for name, rule in rules.items() if rule == "rule_train_batch"]
    assert seen == dict.fromkeys(batches, "1")

    # The job that failed was reported and retried.
    (failed,) = [number for number, job in cluster.jobs().items() if job.state == "FAILED"]
    assert f"SLURM-job '{failed}' failed, SLURM status is: 'FAILED'" in ended.text
    assert "error: injected fault" in ended.faults
    assert ended.text.count("Trying to restart job") == 1

    submissions = cluster.submissions()
    for submission in submissions:
        assert "--cpus-per-task=1 " in submission
        assert "-t 60 " in submission
        assert "--gpus" not in submission
        # Of profiles/default, which is read besides.
        (triggers,) = re.findall(r"--rerun-triggers ([a-z -]+?) --", submission)
        assert triggers.split() == ["mtime"]
        assert "--scheduler 'greedy' " in submission
    # Had the failure been for want of memory, the second try would have had more.
    assert [("--mem 4000 " in each, "--mem 2000 " in each) for each in submissions].count(
        (True, False)
    ) == 1
    assert "Nothing to be done" in project.snakemake("--dry-run").text


def test_a_cancelled_job_is_reported_and_retried(long, cluster, project):
    lengthen(project)
    with project.running(*SLURM, "train") as process:
        wait(lambda: len(project.trained("four_points")) >= 5, process)
        cluster.run("scancel", "1")
        code = process.wait(300)
    ended = Ended(code, project.path("output.txt").read_text())
    assert ended.code == 0, ended.text
    assert "SLURM-job '1' failed, SLURM status is: 'CANCELLED'" in ended.text
    assert ended.text.count("Trying to restart job") == 1
    assert states(cluster) == ["CANCELLED", "COMPLETED"]
    trained = project.trained("four_points")
    # A network is stored first and noted afterwards; the end may have come in between.
    assert LONG_NETWORKS - 1 <= len(set(trained)) == len(trained) <= LONG_NETWORKS
    table = "results/four_points/sweep.csv"
    assert project.path(table).read_bytes() == long.path(table).read_bytes()
