"""What the tests of the workflow start from: the finished project, and a cluster."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from slurm_cluster import Cluster, running_cluster
from small_parameters import STUDIES
from small_project import Project


@pytest.fixture(scope="session")
def common(tmp_path_factory) -> Path:
    """Give a folder that all workers share."""
    root = tmp_path_factory.getbasetemp()
    return root.parent if "PYTEST_XDIST_WORKER" in os.environ else root


@pytest.fixture(scope="session")
def finished(common) -> Project:
    """Give a project after a whole run on two cores; to be copied, not changed."""
    folder = common / "finished" / "with space"
    with FileLock(common / "finished.lock"):  # the first to come makes it for the others
        if folder.exists():
            return Project(folder)
        project = Project.create(folder)
        ended = project.snakemake(cores=2)
        assert ended.code == 0, ended.text
    return project


@pytest.fixture(scope="session")
def studied(common, finished) -> Project:
    """Give a project with a study of each kind; to be copied, not changed."""
    folder = common / "studied" / "with space"
    with FileLock(common / "studied.lock"):
        if folder.exists():
            return Project(folder)
        project = finished.copy(common / "studying" / "with space")
        project.add_studies()
        ended = project.snakemake()
        assert ended.code == 0, ended.text
        # What the experiments had is left alone, that of the new ones and of the studies is made.
        each = ("prepare", "train_batch", "collect", "fit", "draw_experiment", "views", "pack")
        new = {**dict.fromkeys(each, 2), "page": 1}
        steps = {f"{step}_{kind}": 1 for kind in STUDIES for step in ("measure", "draw")}
        assert ended.jobs == new | steps
        folder.parent.mkdir()
        return Project(project.folder.rename(folder))


@pytest.fixture
def project(finished, tmp_path) -> Project:
    """Give a copy of the finished project."""
    return finished.copy(tmp_path / "with space")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Give a SLURM of this machine alone; it ends with the test, and all its jobs with it."""
    with running_cluster() as started:
        yield started
