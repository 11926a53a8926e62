"""Jobs of a real SLURM that fail, are cancelled, or whose node is lost."""

import re
import signal

import pytest
from slurm_cluster import wait
from slurm_project import (
    LONG_NETWORKS,
    NEEDS_SLURM,
    SLURM,
    assert_each_trained_once,
    create,
    lengthen,
    running,
    states,
)
from small_parameters import NETWORKS
from small_project import Project

pytestmark = NEEDS_SLURM


@pytest.fixture(scope="module")
def long_results(tmp_path_factory) -> dict[str, bytes]:
    """Give what a run without a cluster makes of the long batch."""
    project = lengthen(Project.create(tmp_path_factory.mktemp("long") / "local"))
    ended = project.snakemake()
    assert ended.code == 0, ended.text
    return project.results()


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
    assert len(results) == 5 + 1 + 6 + 2 + 1
    # Views need no sweep.
    assert all("four_points" in name or name == "results/wave/views.npz" for name in results)
    assert results.items() <= finished.results().items()

    project.path("fault_wave").unlink()
    ended = project.run(*SLURM)
    assert ended.code == 0, ended.text
    again = ("train_batch", "collect", "fit", "draw_experiment", "pack", "page")
    assert ended.jobs == dict.fromkeys(again, 1)
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
