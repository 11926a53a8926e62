"""The whole workflow through DVC, on small parameters."""

import re

import pytest
from small_parameters import NETWORKS, STUDIES
from small_project import Project

STAGES = ("prepare", "train", "fit", "figures", "views", "pack")
AFTER = STAGES[1:]


def stages(*names: str, experiments: tuple[str, ...] = tuple(NETWORKS)) -> set[str]:
    return {f"{name}@{experiment}" for name in names for experiment in experiments}


@pytest.fixture(scope="module")
def reproduced(tmp_path_factory) -> Project:
    """Give a project after `dvc repro`; to be copied, not changed."""
    project = Project.create(tmp_path_factory.mktemp("reproduced") / "with space")
    project.commit()
    ended = project.dvc("repro")
    assert ended.code == 0, ended.text
    assert ended.stages == stages(*STAGES) | {"page"}
    return project


@pytest.fixture
def project(reproduced, tmp_path) -> Project:
    """Give a copy of the reproduced project."""
    return reproduced.copy(tmp_path / "with space")


def test_the_results_are_those_of_snakemake(reproduced, finished):
    assert reproduced.results() == finished.results()
    assert "Nothing to be done" in reproduced.snakemake("--dry-run").text


def test_a_second_repro_runs_nothing(reproduced):
    ended = reproduced.dvc("repro")
    assert ended.code == 0
    assert "up to date" in ended.text
    assert not ended.stages


def test_studies_are_stages_of_their_own(project):
    parameters = project.parameters()
    kinds = ("portraits", "relative_distances")
    project.write_parameters(parameters | {"studies": {kind: STUDIES[kind] for kind in kinds}})
    ended = project.dvc("repro")
    assert ended.code == 0, ended.text
    assert ended.stages == {
        *("measure_portraits@line", "draw_portraits@line"),
        *("measure_relative_distances@four_points", "draw_relative_distances@four_points"),
    }
    assert "Nothing to be done" in project.snakemake("--dry-run").text

    def stale() -> set[str]:
        text = project.dvc("status").text
        return {line.removesuffix(":") for line in text.splitlines() if re.match(r"\S+@\w+:", line)}

    assert not stale()
    project.change("studies.portraits.line.seed", 1)
    assert stale() == {"measure_portraits@line"}
    project.change("studies.portraits.line.seed", 0)
    project.change("experiments.four_points.tolerance", 1e-5)
    assert stale() == {"train@four_points", "views@four_points", "measure_portraits@line"}
    project.change("experiments.four_points.tolerance", 1e-4)
    project.change("figures.dpi", 70)
    assert stale() == stages("figures") | {
        *("draw_portraits@line", "draw_relative_distances@four_points"),
    }


def test_a_tolerance_concerns_its_experiment_alone(project):
    before = project.results()
    project.change("experiments.wave.tolerance", 1e-5)
    ended = project.dvc("repro")
    assert ended.code == 0
    assert ended.stages == stages(*AFTER, experiments=("wave",)) | {"page"}
    changed = project.results()
    assert changed["results/wave/sweep.csv"] != before["results/wave/sweep.csv"]

    # DVC puts the old results back; Snakemake's records still tell of the new ones. Nothing of
    # this may make it take the one for the other.
    project.change("experiments.wave.tolerance", 1e-4)
    ended = project.dvc("repro")
    assert ended.code == 0
    assert not ended.stages
    assert project.results() == before
    project.change("experiments.wave.tolerance", 1e-5)
    assert project.snakemake().code == 0
    assert project.results() == changed
    assert len(project.trained("wave")) == 2 * NETWORKS["wave"]


def test_a_clone_with_pulled_results_has_nothing_to_do(project, tmp_path):
    project.commit()
    # The default remote as it is committed: a folder beside the clone.
    store = tmp_path / "phase_diagram-results"
    assert not store.exists()
    assert project.dvc("push").code == 0
    assert store.is_dir()
    clone = Project(tmp_path / "clone")
    assert project.run("git", "clone", "-q", str(project.folder), str(clone.folder)).code == 0
    assert not clone.path("results/wave/sweep.csv").exists()
    ended = clone.dvc("pull")
    assert ended.code == 0, ended.text
    assert clone.results() == project.results()
    assert "Nothing to be done" in clone.snakemake("--dry-run").text
    ended = clone.dvc("repro")
    assert ended.code == 0
    assert not ended.stages
    clone.change("experiments.wave.seeds", 3)
    # Nothing is stored here to build on: all networks of this experiment, but of this one alone.
    ended = clone.dvc("repro")
    assert ended.code == 0
    assert ended.stages == stages(*AFTER, experiments=("wave",)) | {"page"}
    assert len(clone.trained("wave")) == NETWORKS["wave"] * 3 / 2


def test_data_that_dvc_does_not_watch_is_refused(project):
    table = project.path("data/user/wave.csv")
    table.rename(project.path("wave.csv"))
    project.change("experiments.wave.dataset", "wave.csv")
    ended = project.dvc("repro", "prepare@wave")
    assert ended.code != 0
    assert "error: experiments.wave.dataset: wave.csv: dvc would not notice" in ended.text
    # Once it is watched, it is taken, and a change of its contents is seen.
    stages_file = project.path("dvc.yaml")
    text = stages_file.read_text()
    stages_file.write_text(text.replace("- data/user\n", "- data/user\n        - wave.csv\n"))
    assert project.dvc("repro", "prepare@wave").code == 0
    moved = project.path("wave.csv")
    moved.write_text(moved.read_text().replace("0.6", "0.7"))
    assert project.dvc("repro", "prepare@wave").stages == {"prepare@wave"}
