"""What docs/dvc.md shows of DVC in use holds: an experiment with another parameter runs its own
stages and no others, in this folder or in a copy; its numbers, parameters and plots are compared
with those before; and it can be taken back, to the byte."""

import csv
import json
import shutil
import sys
from pathlib import Path

import pytest
from small_project import Project

pytestmark = pytest.mark.slow

STAGES = {f"{name}@wave" for name in ("train", "fit", "figures", "views", "pack")} | {"page"}
TOLERANCE = "experiments.wave.tolerance"
METRICS = "results/wave/metrics.json"


@pytest.fixture(scope="module")
def explored(finished, tmp_path_factory) -> tuple[Project, dict[str, dict[str, bytes]]]:
    """Give a project after two experiments, and the results at first and after each."""
    project = finished.copy(tmp_path_factory.mktemp("explored") / "with space")
    project.commit()
    assert project.dvc("commit", "--force").code == 0
    project.commit()
    results = {"HEAD": project.results()}
    for name, tolerance in {"finer": "1e-5", "coarser": "1e-3"}.items():
        ended = project.dvc("exp", "run", "--name", name, "--set-param", f"{TOLERANCE}={tolerance}")
        assert ended.code == 0, ended.text
        assert ended.stages == STAGES
        results[name] = project.results()
    return project, results


@pytest.fixture
def project(explored, tmp_path) -> Project:
    """Give a copy of that project, the second experiment in its folder."""
    return explored[0].copy(tmp_path / "with space")


def json_of(project: Project, *command: str) -> dict:
    ended = project.dvc(*command, "--json")
    assert ended.code == 0, ended.text
    # Progress goes to the same stream as the answer, which is one line.
    return json.loads(ended.text.splitlines()[-1])


def changed(project: Project) -> set[str]:
    """Name the files that differ from the last commit, and those that are new."""
    return {line[3:] for line in project.run("git", "status", "--short").text.splitlines()}


def test_an_experiment_changes_its_own_results_alone(explored):
    project, results = explored
    for name in ("finer", "coarser"):
        different = {
            path for path, content in results[name].items() if content != results["HEAD"][path]
        }
        assert {"results/wave/sweep.csv", METRICS} <= different
        assert {path for path in different if "wave" not in path} == set()
    assert changed(project) == {"params.yaml", "dvc.lock", METRICS}
    assert "up to date" in project.dvc("status").text
    assert "Nothing to be done" in project.snakemake("--dry-run").text


def test_metrics_diff_is_the_difference_of_the_two_files(explored):
    project, results = explored
    said = json_of(project, "metrics", "diff", "HEAD", "finer")
    old, new = (json.loads(results[name][METRICS]) for name in ("HEAD", "finer"))
    moved = {key for key in old if old[key] != new[key]}
    assert {"slope_error_median", "boundary_error_mean"} <= moved
    assert set(said) == {METRICS}
    assert set(said[METRICS]) == moved
    for key, entry in said[METRICS].items():
        assert (entry["old"], entry["new"]) == (old[key], new[key])
        assert entry["diff"] == pytest.approx(new[key] - old[key])
    ended = project.dvc("metrics", "diff", "HEAD", "finer")
    assert f"{new['slope_error_median']:.5g}" in ended.text


def test_params_diff_names_the_parameter_alone(project):
    entry = {"old": 1e-4, "new": 1e-3, "diff": pytest.approx(9e-4)}
    assert json_of(project, "params", "diff", "HEAD") == {"params.yaml": {TOLERANCE: entry}}


def test_the_table_of_experiments_names_both(explored):
    text = explored[0].dvc("exp", "show", "--only-changed", "--csv").text
    rows = [line.split(",") for line in text.splitlines()]
    columns = {name: rows[0].index(name) for name in ("Experiment", TOLERANCE)}
    tolerance = {row[columns["Experiment"]]: float(row[columns[TOLERANCE]]) for row in rows[2:]}
    assert tolerance["finer"] == 1e-5
    assert tolerance["coarser"] == 1e-3


def test_an_old_experiment_is_taken_back_to_the_byte(project, explored):
    results = explored[1]
    assert project.results() == results["coarser"]
    for name in ("finer", "coarser"):
        ended = project.dvc("exp", "apply", name)
        assert ended.code == 0, ended.text
        assert project.results() == results[name]
        assert "up to date" in project.dvc("status").text
    before = len(project.trained("wave"))
    assert project.snakemake().code == 0
    assert project.results() == results["coarser"]
    assert len(project.trained("wave")) == before


def test_plots_show_both_revisions(project, explored):
    results = explored[1]
    ended = project.dvc("plots", "diff", "HEAD", "finer")
    assert ended.code == 0, ended.text
    page = project.path("dvc_plots/index.html").read_text()
    for revision in ("HEAD", "finer"):
        assert f'"rev": "{revision}"' in page
        picture = f"static/{revision}_results_figures_wave_phase_diagram.png"
        assert picture in page
        assert (
            project.path(f"dvc_plots/{picture}").read_bytes()
            == results[revision]["results/figures/wave_phase_diagram.png"]
        )
    assert "DVC_METRIC" not in page, "a place in a template was not filled in"
    assert not {path for path in changed(project) if "dvc_plots" in path}


def test_plots_hold_the_tables(project, explored):
    drawn = json_of(project, "plots", "diff", "HEAD", "finer")
    assert "errors" not in drawn
    experiments = project.parameters()["experiments"]
    assert set(drawn["data"]) == {
        path
        for name in experiments
        for path in (
            *(f"results/{name}/{table}.csv" for table in ("boundary", "slopes")),
            f"results/figures/{name}_phase_diagram.png",
        )
    }
    for table, column in {"boundary": "gamma", "slopes": "slope"}.items():
        (plot,) = drawn["data"][f"results/wave/{table}.csv"]
        points = plot["content"]["data"]["values"]
        for revision in ("HEAD", "finer"):
            text = explored[1][revision][f"results/wave/{table}.csv"].decode()
            rows = list(csv.DictReader(text.splitlines()))
            assert {column, "theory"} <= set(rows[0])
            assert [point for point in points if point["rev"] == revision] == [
                row | {"rev": revision} for row in rows
            ]


def test_a_copy_finds_the_environment_of_make_env(project, explored):
    before, status = project.results(), changed(project)
    programs = project.path(".venv/bin")
    programs.mkdir(parents=True)
    beside = Path(sys.executable).parent
    (programs / "snakemake").symlink_to(beside / "snakemake")
    # As after `make env`, for somebody who has not activated it.
    others = [part for part in project.environment["PATH"].split(":") if Path(part) != beside]
    project.environment["PATH"] = ":".join(others)
    assert shutil.which("snakemake", path=project.environment["PATH"]) is None
    ended = project.run(
        *(str(beside / "dvc"), "exp", "run", "--temp", "--name", "elsewhere"),
        *("--set-param", f"{TOLERANCE}=1e-2"),
    )
    assert ended.code == 0, ended.text
    assert ended.stages == STAGES
    # Nothing of it is seen here before it is asked for.
    assert (project.results(), changed(project)) == (before, status)
    assert project.run(str(beside / "dvc"), "exp", "apply", "elsewhere").code == 0
    assert project.results()["results/wave/sweep.csv"] not in {
        results["results/wave/sweep.csv"] for results in explored[1].values()
    }


def test_a_queued_experiment_runs_the_code_it_was_queued_with(project, explored):
    # As somebody does who goes on working meanwhile.
    module = project.path("src/phase_diagram/figures/drawing/style.py")
    text = module.read_text()
    assert text.count('INK = "#1a1a1a"') == 1
    module.write_text(text.replace('INK = "#1a1a1a"', 'INK = "#333333"'))
    assert project.dvc("exp", "run", "--queue", "--name", "grey").code == 0
    module.write_text(text)
    ended = project.dvc("exp", "run", "--run-all")
    assert ended.code == 0, ended.text
    assert project.results() == explored[1]["coarser"]
    assert project.dvc("exp", "apply", "grey").code == 0
    drawn, before = project.results(), explored[1]["coarser"]
    different = {path for path in drawn if drawn[path] != before[path]}
    assert {path for path in drawn if path.startswith("results/figures/")} == different
