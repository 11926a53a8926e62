"""What the tests of the workflow start from: projects after a run, made once for all workers."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from opened_files import watching
from small_parameters import STUDIED
from small_project import Project, lengthen


@pytest.fixture(scope="session")
def common(tmp_path_factory) -> Path:
    """Give a folder that all workers share."""
    root = tmp_path_factory.getbasetemp()
    return root.parent if "PYTEST_XDIST_WORKER" in os.environ else root


def made_once(folder: Path, make: Callable[[Path], None]) -> Project:
    """Give a project that the first worker to come makes for the others; to be copied only."""
    folder.mkdir(exist_ok=True)
    project, done = Project(folder / "with space"), folder / "done"
    with FileLock(folder / "lock"):
        if not done.exists():
            make(project.folder)
            done.touch()
    return project


@pytest.fixture(scope="session")
def finished(common) -> Project:
    """Give a project after a whole run on two cores."""
    return made_once(common / "finished", lambda folder: Project.create(folder).complete())


@pytest.fixture(scope="session")
def studied(common, finished) -> Project:
    """Give a project with a study of each kind; beside it lies what its jobs have opened."""

    def make(folder: Path) -> None:
        project = finished.copy(folder)
        project.add_studies()
        project.environment |= watching(folder)
        # Of what was made before, nothing is made again.
        assert project.complete().jobs["prepare"] == len(STUDIED)

    return made_once(common / "studied", make)


@pytest.fixture(scope="session")
def long(common) -> Project:
    """Give a project after a run of one long job of training."""
    return made_once(common / "long", lambda folder: lengthen(Project.create(folder)).complete())


@pytest.fixture
def project(finished, tmp_path) -> Project:
    """Give a copy of the finished project."""
    return finished.copy(tmp_path / "with space")
