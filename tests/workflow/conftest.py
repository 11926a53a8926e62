"""What the tests of the workflow start from: the finished project, and a cluster."""

import os
from collections.abc import Iterator

import pytest
from filelock import FileLock
from slurm_cluster import Cluster, running_cluster
from small_project import Project


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Project:
    """Give a project after a whole run on two cores; to be copied, not changed."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # that of all workers: the first to come makes it for the others
    folder = root / "finished" / "with space"
    with FileLock(root / "finished.lock"):
        if folder.exists():
            return Project(folder)
        project = Project.create(folder)
        ended = project.snakemake(cores=2)
        assert ended.code == 0, ended.text
    return project


@pytest.fixture
def project(finished, tmp_path) -> Project:
    """Give a copy of the finished project."""
    return finished.copy(tmp_path / "with space")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Give a SLURM of this machine alone; it ends with the test, and all its jobs with it."""
    with running_cluster() as started:
        yield started
