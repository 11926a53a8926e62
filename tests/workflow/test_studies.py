"""The studies through Snakemake: what is made anew, and what is not."""

from importlib import import_module

import pytest
from small_parameters import PARAMETERS, STUDIED, STUDIES
from small_project import Project, assert_is_drawn

from phase_diagram.files import tables
from phase_diagram.parameters.params_yaml import load
from phase_diagram.workflow.plan import Plan

EXPERIMENTS = (*PARAMETERS["experiments"], *STUDIED)


def both(*kinds: str) -> dict[str, int]:
    return {f"{step}_{kind}": 1 for kind in kinds for step in ("measure", "draw")}


@pytest.fixture
def project(studied, tmp_path) -> Project:
    """Give a copy of the project with studies."""
    return studied.copy(tmp_path / "with space")


@pytest.mark.parametrize("kind", STUDIES)
def test_tables_and_figures_are_those_of_the_kind(studied, kind):
    measuring = import_module(f"phase_diagram.studies.{kind}")
    drawing = import_module(f"phase_diagram.figures.{kind}")
    (name,) = STUDIES[kind]
    for table, columns in measuring.TABLES.items():
        read = tables.read_csv(studied.path(f"results/studies/{kind}/{name}/{table}.csv"))
        assert tuple(read.columns) == columns
        assert len(read) > 0
    for figure in drawing.FIGURES:
        assert_is_drawn(studied, f"{name}_{figure}")


def test_contents_decide_where_snakemake_has_no_records(project):
    project.run("rm", "-r", ".snakemake", "results/runs")
    for age, name in enumerate(sorted(project.results())):
        project.run("touch", "-d", f"2030-01-01 00:{age // 60:02}:{age % 60:02}", name)
    assert "Nothing to be done" in project.snakemake("--dry-run").text
    project.change("studies.kernels.four_points.seeds", 3)
    assert project.snakemake("--dry-run").jobs == both("kernels")


def test_a_parameter_of_a_study_concerns_it_alone(project):
    before = project.results()
    project.change("studies.portraits.line.seed", 1)
    # By their own rules, as DVC runs them.
    rules = ("--snakefile", "workflow/rules/studies.smk")
    ended = project.snakemake(*rules, "results/studies/portraits/line/summary.csv")
    assert (ended.code, ended.jobs) == (0, {"measure_portraits": 1})
    rules = ("--snakefile", "workflow/rules/study_figures.smk")
    ended = project.snakemake(*rules, "results/figures/line_portrait.png")
    assert (ended.code, ended.jobs) == (0, {"draw_portraits": 1})
    after = project.results()
    changed = {name for name in before if before[name] != after[name]}
    assert {name.split("/", 2)[2] for name in changed} == {
        *("portraits/line/functions.csv", "portraits/line/neurons.csv"),
        *("portraits/line/summary.csv", "line_portrait.png", "line_portrait.pdf"),
    }
    assert "Nothing to be done" in project.snakemake("--dry-run").text


def test_what_a_sweep_is_used_for_follows_it(project):
    project.change("experiments.four_points.seeds", 3)
    found = project.snakemake("--dry-run").jobs
    again = {"collect", "fit", "draw_experiment", "pack", "page"}
    again |= set(both("relative_distances", "descents", "local_slopes"))
    assert found == {"train_batch": 3, **dict.fromkeys(again, 1)}


def test_a_damaged_table_is_made_again(project):
    before = project.results()
    for name in ("relative_distances/four_points/fits.csv", "descents/four_points/networks.csv"):
        path = project.path(f"results/studies/{name}")
        path.write_bytes(path.read_bytes()[:-40])
    ended = project.snakemake()
    assert ended.code == 0, ended.text
    assert ended.jobs == both("relative_distances", "descents")
    assert project.results() == before
    assert "Nothing to be done" in project.snakemake("--dry-run").text


def test_faulty_studies_are_told_before_any_work(project):
    project.change("studies.portraits.line.experiment", "circle")
    project.change("studies.descents.four_points.flow", "wave")
    ended = project.snakemake()
    assert ended.code == 2
    faults = [line for line in ended.text.splitlines() if line.startswith("error: ")]
    assert faults[0].startswith("error: studies.portraits.line.experiment: 'circle': must be an ")
    assert faults[1].startswith("error: studies.descents.four_points.descent: 'descent': must be ")
    assert "Traceback" not in ended.text


# ---- The records, read in this process: quick enough for every kind --------------------------


@pytest.fixture
def stale(project, monkeypatch):
    """Give a function that names the stages whose results do not fit, after some changes."""
    monkeypatch.chdir(project.folder)

    def find() -> set[str]:
        Plan(load("params.yaml")).write_settings()
        settings = project.folder.glob(".snakemake/settings/**/*.json")
        return {
            str(path.relative_to(project.path(".snakemake/settings")).with_suffix(""))
            for path in settings
            if "instead_of" in path.read_text()
        }

    return find


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("studies.initialisations.paper.width", 200, {"studies/initialisations/paper/measure"}),
        ("studies.portraits.line.width", 60, {"studies/portraits/line/measure"}),
        (
            "studies.relative_distances.four_points.points",
            [[1.0, 0.25]],
            {"studies/relative_distances/four_points/measure"},
        ),
        ("studies.scales.four_points.seeds", 1, {"studies/scales/four_points/measure"}),
        ("studies.kernels.four_points.widths", [9, 30], {"studies/kernels/four_points/measure"}),
        (
            "studies.local_slopes.four_points.points",
            [[1.0, 0.25]],
            {"studies/local_slopes/four_points/measure"},
        ),
        (
            "experiments.four_points.tolerance",
            1e-5,
            {
                *("four_points/train", "four_points/views"),
                *(f"studies/{kind}/four_points/measure" for kind in ("scales", "kernels")),
                "studies/portraits/line/measure",
            },
        ),
        ("experiments.limit.quadrature", 128, {"limit/train", "limit/views"}),
        ("experiments.descent.step_limit", 900, {"descent/train", "descent/views"}),
        ("experiments.descent.first_rate", 1.5, {"descent/train", "descent/views"}),
        ("experiments.four_points.points_per_job", 1, set()),
        (
            "figures.dpi",
            70,
            {
                "page",
                *(f"{name}/figures" for name in EXPERIMENTS),
                *(f"studies/{kind}/{name}/draw" for kind in STUDIES for name in STUDIES[kind]),
            },
        ),
    ],
)
def test_a_parameter_concerns_what_it_decides(project, stale, key, value, expected):
    assert stale() == set()
    project.change(key, value)
    assert stale() == expected


def test_results_that_are_not_as_they_were_made_are_stale(project, stale):
    project.path("results/studies/scales/four_points/fits.csv").write_text("gamma\n")
    project.path("results/figures/four_points_descent.pdf").unlink()
    project.path("data/prepared/limit.npz").unlink()
    assert stale() == {
        # A table is what the figure was made from, too.
        *("studies/scales/four_points/measure", "studies/scales/four_points/draw"),
        *("studies/descents/four_points/draw", "limit/prepare", "limit/views"),
    }
