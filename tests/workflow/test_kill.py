"""Runs that are killed and started again: the same bytes, and nothing done twice."""

import os
import random
import signal
import sys
import time

import pytest
from small_parameters import NETWORKS
from small_project import LONG_NETWORKS, Project, lengthen, wait

pytestmark = pytest.mark.slow

# What `make reproduce` runs.
REPRODUCE = (sys.executable, "workflow/reproduce.py", "--cores", "2")
# Jobs that have ended when the run is killed, of 17: data, training, what follows. The run that
# takes up a killed one is no safer than the first.
MOMENTS = (1, 5, 11)


def ended_jobs(project: Project) -> int:
    """Count the jobs that have ended in any run."""
    patterns = ("**/made_from/*.json", "runs/*/batches/*.csv", "explorer.made_from.json")
    return sum(len([*project.path("results").glob(pattern)]) for pattern in patterns)


def finished_tables(project: Project) -> dict[str, int]:
    """Name the tables of jobs of training that are done, with the time at which they appeared."""
    tables = project.folder.glob("results/runs/*/batches/*.csv")
    return {path.name: path.stat().st_mtime_ns for path in tables}


def test_a_run_killed_at_any_moment_is_taken_up(finished, tmp_path):
    project = Project.create(tmp_path / "killed")
    seconds = random.Random(0)
    done: dict[str, int] = {}
    for jobs in MOMENTS:
        with project.running(*REPRODUCE) as process:
            wait(lambda jobs=jobs: ended_jobs(project) >= jobs, process)
            time.sleep(seconds.uniform(0.0, 0.5))
        # What was there at the last kill is there still, and was not made again.
        assert done.items() <= finished_tables(project).items()
        done = finished_tables(project)
    ended = project.run(*REPRODUCE)
    assert ended.code == 0, ended.text
    assert project.results() == finished.results()
    assert done.items() <= finished_tables(project).items()
    for experiment, networks in NETWORKS.items():
        trained = project.trained(experiment)
        assert len(trained) == len(set(trained)) <= networks
    assert not [path for path in project.folder.rglob("*") if ".partial" in path.name]


def test_a_long_job_is_taken_up_from_what_it_has_stored(long, tmp_path):
    project = lengthen(Project.create(tmp_path / "killed"))
    with project.running(*REPRODUCE) as process:
        wait(lambda: len(project.trained("four_points")) >= 20, process)
        # It lives, but does not end meanwhile.
        os.killpg(process.pid, signal.SIGSTOP)
        other = project.run(*REPRODUCE)
        kept = project.trained("four_points")
    assert other.code == 1
    (line,) = other.text.splitlines()
    assert line.startswith(f"error: {project.folder}: process {process.pid} is at work here; ")
    assert len(kept) < LONG_NETWORKS
    assert not finished_tables(project)
    ended = project.run(*REPRODUCE)
    assert ended.code == 0, ended.text
    assert ended.faults == []
    trained = project.trained("four_points")
    assert trained[: len(kept)] == kept
    # A network is stored first and noted afterwards; the kill may have come in between.
    assert LONG_NETWORKS - 1 <= len(set(trained)) == len(trained) <= LONG_NETWORKS
    assert project.results() == long.results()
