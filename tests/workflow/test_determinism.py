"""The same bytes whatever does not matter: folder, cores, order and size of jobs, surroundings.

Five runs from nothing of a project with a study of each kind; all that is made.
"""

import hashlib
import random

import pytest
from small_project import Project

pytestmark = pytest.mark.slow


def shuffled(mapping: dict, seed: int) -> dict:
    keys = list(mapping)
    random.Random(seed).shuffle(keys)
    return {key: mapping[key] for key in keys}


def checksums(project: Project) -> dict[str, str]:
    page = "results/explorer.html"
    found = {**project.results(), page: project.path(page).read_bytes()}
    return {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}


def start(folder) -> Project:
    project = Project.create(folder)
    project.add_studies()
    return project


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> dict[str, str]:
    """Give the checksums of a run on one core."""
    project = start(tmp_path_factory.mktemp("one") / "clone")
    ended = project.snakemake(cores=1)
    assert ended.code == 0, ended.text
    found = checksums(project)
    # Of an experiment 5 tables, 1 summary, 3 figures, views and their pack; of the studies 16
    # tables, 9 figures; a page.
    assert len(found) == 4 * (5 + 1 + 3 * 2 + 2) + 16 + 9 * 2 + 1
    return found


def test_another_folder_and_two_cores(expected, tmp_path):
    project = start(tmp_path / "another place" / "with space")
    assert project.snakemake(cores=2).code == 0
    assert checksums(project) == expected


@pytest.mark.parametrize("points_per_job", [1, 100])
def test_other_sizes_of_jobs(expected, tmp_path, points_per_job):
    project = start(tmp_path / "clone")
    for experiment in project.parameters()["experiments"]:
        project.change(f"experiments.{experiment}.points_per_job", points_per_job)
    assert project.snakemake(cores=2).code == 0
    assert checksums(project) == expected


@pytest.mark.parametrize("seed", [0, 1])
def test_another_order_and_other_surroundings(expected, tmp_path, seed):
    project = start(tmp_path / "clone")
    project.environment |= {
        "PYTHONHASHSEED": str(seed + 1),
        "LC_ALL": "C",
        "TZ": "Pacific/Chatham",
        "HOME": str(tmp_path),
        "COLUMNS": "40",
    }
    parameters = shuffled(project.parameters(), seed)
    for section in ("experiments", "studies"):
        parameters[section] = shuffled(parameters[section], seed)
    project.write_parameters(parameters)
    # yaml sorts keys; the order of jobs is shuffled by asking for some results before others.
    targets = random.Random(seed).sample(sorted(expected), 6)
    for target in targets:
        assert project.snakemake("--scheduler", "ilp", target, cores=seed + 1).code == 0
    assert project.snakemake(cores=2 - seed).code == 0
    assert checksums(project) == expected
