"""`dvc repro` after a change: exactly the stages it asks for, and the results of a run from
nothing; in a used working tree and in a fresh clone with pulled results."""

import pytest
from rerun_cases import (
    CASES,
    NETWORKS,
    TREES,
    from_nothing,
    newly_trained,
    of,
    stored,
    trained,
    tree,
)
from small_project import Project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def used(tmp_path_factory) -> Project:
    """Give a project after a run; to be copied, not changed."""
    return stored(tmp_path_factory.mktemp("rerun"), ("dvc", "repro"))


@pytest.fixture(params=TREES)
def project(request, used, tmp_path) -> Project:
    """Give a tree in which there is nothing to do."""
    made = tree(request.param, used, tmp_path / "with space")
    assert "up to date" in made.dvc("status").text
    return made


@pytest.mark.parametrize("name", CASES)
def test_a_change_makes_anew_what_it_concerns(name, project, common):
    case = CASES[name]
    before = trained(project)
    case.apply(project)
    ended = project.dvc("repro")
    assert ended.code == 0, ended.text
    assert ended.stages == set(case.stages)
    # DVC looks at all that is said of an experiment, where views depend on a part of it.
    assert not set(ended.jobs) - set(case.jobs) - {"views"}
    expected = case.trained if any(before.values()) else case.there
    assert newly_trained(project, before) == expected
    assert project.results() == from_nothing(common, name)
    assert "up to date" in project.dvc("status").text
    assert "Nothing to be done" in project.snakemake("--dry-run").text


def test_a_parameter_set_back_gives_the_old_results(project):
    old, before = project.results(), trained(project)
    for tolerance in (1e-5, 1e-4):
        project.change("experiments.wave.tolerance", tolerance)
        ended = project.dvc("repro")
        assert ended.code == 0, ended.text
    # What DVC has seen made it puts back; a clone has not seen it.
    in_clone = not any(before.values())
    assert ended.stages == (set(of("wave")) if in_clone else set())
    assert trained(project)["wave"] == 2 * NETWORKS["wave"]
    assert project.results() == old
