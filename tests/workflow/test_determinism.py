"""The same bytes whatever does not matter: folder, cores, order and size of jobs, surroundings.

Two runs of a project of two experiments; all that is made.
"""

import pytest
from small_project import Project

pytestmark = pytest.mark.slow


def backwards(mapping: dict) -> dict:
    return dict(reversed(mapping.items()))


def test_another_run_makes_the_same_bytes(finished, tmp_path):
    project = Project.create(tmp_path / "clone")
    for experiment in project.parameters()["experiments"]:
        project.change(f"experiments.{experiment}.points_per_job", 100)
    parameters = backwards(project.parameters())
    parameters["experiments"] = backwards(parameters["experiments"])
    project.write_parameters(parameters)
    project.environment |= {
        "PYTHONHASHSEED": "1",
        "LC_ALL": "C",
        "TZ": "Pacific/Chatham",
        "HOME": str(tmp_path),
        "COLUMNS": "40",
    }
    project.complete("--scheduler", "ilp", cores=1)
    results = project.results()
    # Of an experiment 5 tables, 1 summary, 3 figures, views and their pack.
    assert len(results) == 2 * (5 + 1 + 3 * 2 + 2)
    assert results == finished.results()
