"""Plain `snakemake` after a change: exactly the jobs it asks for, and the results of a run from
nothing; in a used working tree and in a fresh clone with pulled results."""

import pytest
from rerun_cases import (
    CASES,
    NETWORKS,
    ONE,
    TREES,
    from_nothing,
    newly_trained,
    stored,
    trained,
    tree,
)
from small_project import Project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def used(tmp_path_factory) -> Project:
    """Give a project after a run; to be copied, not changed."""
    return stored(tmp_path_factory.mktemp("rerun"), ("snakemake", "--cores", "2"))


@pytest.fixture(params=TREES)
def project(request, used, tmp_path) -> Project:
    """Give a tree in which there is nothing to do."""
    made = tree(request.param, used, tmp_path / "with space")
    assert "Nothing to be done" in made.snakemake("--dry-run").text
    return made


@pytest.mark.parametrize("name", CASES)
def test_a_change_makes_anew_what_it_concerns(name, project, common):
    case = CASES[name]
    before = trained(project)
    case.apply(project)
    ended = project.snakemake()
    assert ended.code == 0, ended.text
    assert ended.jobs == case.jobs
    expected = case.trained if any(before.values()) else case.there
    assert newly_trained(project, before) == expected
    assert project.results() == from_nothing(common, name)
    assert "Nothing to be done" in project.snakemake("--dry-run").text


def test_a_parameter_set_back_gives_the_old_results(project):
    old, before = project.results(), trained(project)
    for tolerance in (1e-5, 1e-4):
        project.change("experiments.wave.tolerance", tolerance)
        ended = project.snakemake()
        assert ended.code == 0, ended.text
    # A clone has not what was trained elsewhere.
    again = {} if any(before.values()) else {"train_batch": 1}
    assert ended.jobs == {**again, **ONE}
    assert trained(project)["wave"] == 2 * NETWORKS["wave"]
    assert project.results() == old
