"""What the tests of the workflow start from: the finished project, and a cluster."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from slurm_cluster import Cluster, running_cluster
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


@pytest.fixture
def project(finished, tmp_path) -> Project:
    """Give a copy of the finished project."""
    return finished.copy(tmp_path / "with space")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Give a SLURM of this machine alone; it ends with the test, and all its jobs with it."""
    with running_cluster() as started:
        yield started
