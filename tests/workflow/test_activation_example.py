"""Networks of another activation: one word of the parameters, through the whole chain."""

import csv
import json

import pytest
import yaml
from small_project import ROOT, Project

EXAMPLE = ROOT / "params/examples/tanh.yaml"
SMALL = {"gamma": [0.5, 1.5], "gamma_prime": [0.0], "widths": [50, 100], "seeds": 1}
NAME = "three_points_tanh"


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """Give a project in which the example has run on a smaller grid, with narrower networks."""
    project = Project.create(tmp_path_factory.mktemp("tanh") / "phase_diagram")
    parameters = yaml.safe_load(EXAMPLE.read_text())
    parameters["experiments"][NAME] |= {**SMALL, "tolerance": 1e-3}
    parameters["studies"]["portraits"][NAME]["width"] = 50
    parameters["studies"]["relative_distances"] = {
        NAME: {"experiment": NAME, "points": [[0.5, 0.0]]}
    }
    project.path("small.yaml").write_text(yaml.safe_dump(parameters))
    ended = project.snakemake("--config", "params=small.yaml")
    assert ended.code == 0, ended.text
    return project


def column(project: Project, path: str, name: str) -> list[str]:
    with project.path(path).open(newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def test_the_example_is_valid(tmp_path):
    checked = Project.create(tmp_path / "phase_diagram").run("phase-diagram", "check", str(EXAMPLE))
    assert checked.code == 0, checked.text
    assert f"{NAME}: 7 x 9 = 63 points, 2 widths, 2 seeds: 252 networks" in checked.text


def test_the_networks_are_of_this_activation_and_converge(project):
    assert column(project, f"results/{NAME}/sweep.csv", "activation") == ["tanh"] * 4
    assert column(project, f"results/{NAME}/sweep.csv", "status") == ["converged"] * 4


@pytest.mark.slow
def test_the_word_decides_what_is_trained(project):
    parameters = yaml.safe_load(project.path("small.yaml").read_text())
    parameters["experiments"][NAME]["activation"] = "relu"
    before = column(project, f"results/{NAME}/sweep.csv", "rd")
    project.path("relu.yaml").write_text(yaml.safe_dump(parameters))
    ended = project.snakemake("--config", "params=relu.yaml")
    assert ended.code == 0, ended.text
    after = column(project, f"results/{NAME}/sweep.csv", "rd")
    assert len(after) == 4
    assert not set(before) & set(after)
    assert project.snakemake("--config", "params=small.yaml").code == 0
    assert column(project, f"results/{NAME}/sweep.csv", "rd") == before


def test_theory_is_left_out_of_every_table(project):
    for table in ("slopes", "boundary"):
        assert set(column(project, f"results/{NAME}/{table}.csv", "theory")) == {""}
    assert all(column(project, f"results/{NAME}/slopes.csv", "slope"))
    metrics = json.loads(project.path(f"results/{NAME}/metrics.json").read_text())
    assert metrics["slope_error_max"] is metrics["boundary_error_max"] is None
    study = f"results/studies/portraits/{NAME}/summary.csv"
    assert set(column(project, study, "regime")) == {"not predicted"}
    study = f"results/studies/relative_distances/{NAME}/fits.csv"
    assert column(project, study, "regime") == ["not predicted"]


def test_every_figure_and_the_page_are_made(project):
    for name in ("phase_diagram", "exponents", "condensation", "portrait", "relative_distances"):
        assert project.path(f"results/figures/{NAME}_{name}.png").stat().st_size > 10_000
    assert project.path("results/explorer.html").exists()
