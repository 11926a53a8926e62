"""Runs killed at random moments and started again: the same bytes, and nothing done twice."""

import random
import time

import pytest
from small_project import ROOT, Project

pytestmark = pytest.mark.slow

# Each project is killed twice: the run that takes up a killed one is no safer than the first.
PROJECTS, KILLS = 15, 2
# The command of the README but for the environment, which is that of the tests.
REPRODUCE = ("make", "--old-file=env", "--silent", "RUN=python", "reproduce")


def small(folder) -> Project:
    """Give a sweep of three jobs, with a study that trains networks of its own."""
    project = Project.create(folder)
    (folder / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    parameters = project.parameters()
    del parameters["experiments"]["wave"]
    parameters["studies"] = {
        "portraits": {
            "line": {"experiment": "four_points", "points": [[1.5, 0.0]], "width": 50, "seed": 0}
        }
    }
    project.write_parameters(parameters)
    return project


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> tuple[dict[str, bytes], float]:
    """Give the results of a run that was left alone, and the seconds it took."""
    project = small(tmp_path_factory.mktemp("undisturbed") / "with space")
    began = time.monotonic()
    ended = project.run(*REPRODUCE)
    took = time.monotonic() - began
    assert ended.code == 0, ended.text
    results = project.results()
    assert (
        len(results) == 5 + 1 + 6 + 2 + 3 + 2
    )  # tables, metrics, figures, views and pack; of the study
    sums = project.path("results/SHA256SUMS").read_text().splitlines()
    assert len(sums) == len(results) + 1  # and the page of all experiments
    return results, took


def finished_jobs(project: Project) -> dict[str, int]:
    """Name the tables of jobs of training that are done, with the time at which they appeared."""
    tables = project.folder.glob("results/runs/*/batches/*.csv")
    return {path.name: path.stat().st_mtime_ns for path in tables}


@pytest.mark.parametrize("seed", range(PROJECTS))
def test_a_run_killed_at_any_moment_is_taken_up(seed, undisturbed, tmp_path):
    expected, took = undisturbed
    moment = random.Random(seed)
    project = small(tmp_path / "killed")
    done: dict[str, int] = {}
    stored: list[str] = []
    for _ in range(KILLS):
        process = project.start(*REPRODUCE)
        time.sleep(moment.uniform(0.0, took))
        project.kill(process)
        # What was there at the last kill is there still, and was not made again.
        assert done.items() <= finished_jobs(project).items()
        done = finished_jobs(project)
        stored = project.trained("four_points")
    ended = project.run(*REPRODUCE)
    assert ended.code == 0, ended.text
    assert project.results() == expected
    assert done.items() <= finished_jobs(project).items()
    trained = project.trained("four_points")
    assert set(stored) <= set(trained)
    assert len(trained) == len(set(trained)) <= 3 * 3 * 2 * 2
    assert not [path for path in project.folder.rglob("*") if ".partial" in path.name]


def test_a_long_job_is_taken_up_from_its_checkpoint(tmp_path):
    def long_job(folder) -> Project:
        project = small(folder)
        parameters = project.parameters()
        parameters["experiments"]["four_points"] |= {
            "widths": [1000, 2000],
            "seeds": 20,
            "tolerance": 1e-6,
            "points_per_job": 9,
        }
        del parameters["studies"]
        project.write_parameters(parameters)
        return project

    undisturbed = long_job(tmp_path / "undisturbed")
    assert undisturbed.run(*REPRODUCE).code == 0
    total = 3 * 3 * 2 * 20

    project = long_job(tmp_path / "killed")
    moment = random.Random(0)
    kept: list[str] = []
    for _ in range(5):
        process = project.start(*REPRODUCE)
        deadline = time.monotonic() + 120
        while len(project.trained("four_points")) < len(kept) + 20:
            assert process.poll() is None, "the job ended too early for this test"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(moment.uniform(0.0, 0.1))
        project.kill(process)
        trained = project.trained("four_points")
        assert trained[: len(kept)] == kept
        kept = trained
        assert not finished_jobs(project)
    ended = project.run(*REPRODUCE)
    assert ended.code == 0, ended.text
    trained = project.trained("four_points")
    assert trained[: len(kept)] == kept
    # A network is stored first and noted afterwards; a kill may have come in between.
    assert total - 5 <= len(set(trained)) == len(trained) <= total
    assert project.results() == undisturbed.results()
