"""The workflow as jobs of a real SLURM, on small parameters."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
from slurm_cluster import wait
from slurm_project import NEEDS_SLURM, SLURM, create, states, use
from small_parameters import STUDIES

pytestmark = NEEDS_SLURM


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
    project = create(tmp_path, cluster, queue_views=True)
    project.environment["OMP_NUM_THREADS"] = "2"
    ended = project.run(*SLURM)
    assert ended.code == 0, ended.text
    assert project.results() == finished.results()

    # What trains was queued, all of it and nothing else.
    assert states(cluster) == ["COMPLETED"] * 6
    rules = {name: job.comment.split("_wildcards_")[0] for name, job in cluster.jobs().items()}
    assert sorted(rules.values()) == ["rule_train_batch"] * 4 + ["rule_views"] * 2
    queued = set(re.findall(r"^rule (\w+):$", ended.text, re.MULTILINE))
    local = set(re.findall(r"^local(?:rule|checkpoint) (\w+):$", ended.text, re.MULTILINE))
    assert queued == {"train_batch", "views"}
    assert local == {"prepare", "collect", "fit", "draw_experiment", "pack", "page", "all"}
    # The sweep's training itself ran inside those jobs, on one thread whatever was set outside.
    seen = {file.name: file.read_text() for file in project.path("seen").iterdir()}
    batches = [str(name) for name, rule in rules.items() if rule == "rule_train_batch"]
    assert seen == dict.fromkeys(batches, "1")

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
    assert len(project.results()) == 5 + 1 + 6 + 2  # tables, metrics, figures, views and pack
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
