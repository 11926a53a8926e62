"""DVC alone: a whole run, studies, experiments with other parameters, and what it must watch.

The whole run has other surroundings than that of Snakemake, and jobs of another size and order: the
bytes must be the same.
"""

import csv
import json
import shutil
import sys
from pathlib import Path

import pytest
from small_parameters import POINTS, STUDIES
from small_project import Project

pytestmark = pytest.mark.slow

WAVE = {f"{name}@wave" for name in ("train", "fit", "figures", "views", "pack")} | {"plan", "page"}
TOLERANCE = "experiments.wave.tolerance"
METRICS = "results/wave/metrics.json"
SURROUNDINGS = {
    "PYTHONHASHSEED": "1",
    "LC_ALL": "C",
    "TZ": "Pacific/Chatham",
    "COLUMNS": "40",
}


@pytest.fixture(scope="module")
def reproduced(tmp_path_factory) -> Project:
    """Give a project of one experiment after `dvc repro`; to be copied, not changed."""
    project = Project.create(tmp_path_factory.mktemp("reproduced") / "with space")
    parameters = project.parameters()
    wave = parameters["experiments"]["wave"] | {"points_per_job": 3}
    parameters["experiments"] = {"wave": dict(reversed(wave.items()))}
    project.write_parameters(dict(reversed(parameters.items())))
    project.commit()
    project.environment |= SURROUNDINGS | {"HOME": str(project.folder.parent)}
    ended = project.dvc("repro")
    assert ended.code == 0, ended.text
    assert ended.stages == WAVE | {"prepare@wave"}
    project.commit()
    return project


@pytest.fixture
def project(reproduced, tmp_path) -> Project:
    """Give a copy of the reproduced project."""
    return reproduced.copy(tmp_path / "with space")


def changed(project: Project) -> set[str]:
    """Name the files that differ from the last commit, and those that are new."""
    return {line[3:] for line in project.run("git", "status", "--short").text.splitlines()}


def test_the_results_are_those_of_snakemake(reproduced, finished):
    expected = {name: data for name, data in finished.results().items() if "wave" in name}
    # 5 tables, 1 summary, 3 figures, views and their pack.
    assert len(expected) == 5 + 1 + 3 * 2 + 2
    assert reproduced.results() == expected
    assert "Nothing to be done" in reproduced.snakemake("--dry-run").text
    assert not reproduced.dvc("repro").stages


def test_studies_are_stages_of_their_own(project):
    studies = {
        "initialisations": STUDIES["initialisations"],
        "relative_distances": {"wave": {"experiment": "wave", "points": POINTS}},
    }
    # Sections that have defaults may be left out.
    parameters = {key: project.parameters()[key] for key in ("experiments", "figures")}
    project.write_parameters(parameters | {"studies": studies, "datasets": {"mnist_images": 3}})
    ended = project.dvc("repro")
    assert ended.code == 0, ended.text
    paper = {"measure_initialisations@paper", "draw_initialisations@paper"}
    wave = {"measure_relative_distances@wave", "draw_relative_distances@wave"}
    assert ended.stages == {"plan", *paper, *wave}
    project.change("studies.initialisations.paper.width", 200)
    assert project.dvc("repro").stages == {"plan", *paper}


def test_parameters_of_experiments_alone_are_enough(project):
    project.write_parameters({"experiments": project.parameters()["experiments"]})
    ended = project.dvc("repro", "figures@wave")
    assert ended.code == 0, ended.text
    assert ended.stages == {"plan", "figures@wave"}  # of the default looks


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


def test_an_experiment_changes_its_own_results_and_is_compared(project):
    before = project.results()
    ended = project.dvc("exp", "run", "--name", "finer", "--set-param", f"{TOLERANCE}=1e-5")
    assert ended.code == 0, ended.text
    assert ended.stages == WAVE
    after = project.results()
    different = {path for path in after if after[path] != before[path]}
    assert {"results/wave/sweep.csv", METRICS} <= different
    assert not {path for path in different if "wave" not in path}
    assert changed(project) == {"params.yaml", "dvc.lock", METRICS}
    ended = project.dvc("metrics", "diff", "HEAD", "finer", "--json")
    said = json.loads(ended.text.splitlines()[-1])[METRICS]
    old, new = (json.loads(results[METRICS]) for results in (before, after))
    assert set(said) == {key for key in old if old[key] != new[key]}
    # The templates of .dvc/plots hold both revisions of the tables.
    ended = project.dvc("plots", "diff", "HEAD", "finer", "--json")
    drawn = json.loads(ended.text.splitlines()[-1])
    assert "errors" not in drawn
    (plot,) = drawn["data"]["results/wave/boundary.csv"]
    points = plot["content"]["data"]["values"]
    for revision, results in (("HEAD", before), ("finer", after)):
        rows = list(csv.DictReader(results["results/wave/boundary.csv"].decode().splitlines()))
        mine = [point for point in points if point["rev"] == revision]
        assert mine == [row | {"rev": revision} for row in rows]
    # Back, to the byte.
    assert project.run("git", "restore", ".").code == 0
    assert project.dvc("checkout").code == 0
    assert project.results() == before


def test_a_copy_runs_in_the_environment_of_make_env(project):
    before = project.results(), changed(project)
    programs = project.path(".venv/bin")
    programs.mkdir(parents=True)
    beside = Path(sys.executable).parent
    for name in ("python", "snakemake"):
        (programs / name).write_text(f'#!/bin/sh\nexec "{beside / name}" "$@"\n')
        (programs / name).chmod(0o755)
    # As after `make env`, for somebody who has not activated it.
    others = [part for part in project.environment["PATH"].split(":") if Path(part) != beside]
    project.environment["PATH"] = ":".join(others)
    assert shutil.which("snakemake", path=project.environment["PATH"]) is None
    style = project.path("src/phase_diagram/figures/drawing/style.py")
    text = style.read_text()
    assert text.count('INK = "#1a1a1a"') == 1
    style.write_text(text.replace('INK = "#1a1a1a"', 'INK = "#333333"'))
    dvc = str(beside / "dvc")
    ended = project.run(dvc, "exp", "run", "--temp", "--name", "grey")
    assert ended.code == 0, ended.text
    style.write_text(text)
    # Nothing of it is seen here before it is asked for.
    assert (project.results(), changed(project)) == before
    assert project.run(dvc, "exp", "apply", "grey").code == 0
    drawn = project.results()
    different = {path for path in drawn if drawn[path] != before[0][path]}
    assert {path for path in drawn if path.startswith("results/figures/")} <= different
