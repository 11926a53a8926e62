"""Sweeps unlike those of the other tests, all in one run: the examples of params/, but smaller; a
user's archive; another activation, for which there is no theory; networks without a slope.
"""

import csv
import json
import sys

import numpy as np
import pytest
import yaml
from plans import command
from small_parameters import PARAMETERS
from small_project import ROOT, Project, assert_is_drawn

from phase_diagram.figures import condensation, exponents, phase_plane
from phase_diagram.files import stored_networks, tables
from phase_diagram.fits import boundary, slopes, wedges
from phase_diagram.flow.outcome import Reason
from phase_diagram.parameters.figures import FigureSettings

EXAMPLES = ROOT / "params/examples"
TANH = "three_points_tanh"
SMALL = {"gamma": [0.5, 1.5], "gamma_prime": [0.0], "widths": [50, 100], "seeds": 1}
GRID = {"gamma": [0.75, 1.5], "gamma_prime": [-0.5, 0.0], "seeds": 1, "tolerance": 1e-4}
OVERFULL = {
    "inputs": [[-1.0], [-0.6], [-0.2], [0.2], [0.6], [1.0]],
    "targets": [0.3, -0.3, 0.4, -0.2, 0.1, 0.3],
}
OUT_OF_RANGE = {
    # Two neurons for six points; some hundred are enough, where training is lazy.
    "overfull": {"dataset": "data/user/overfull.npz", **GRID, "widths": [2, 200, 400]},
    "beyond": {
        "dataset": "four_points",
        **GRID,
        "quadrature": 64,
        "gamma": [-5, 0, 1, 1.5, 6],
        "gamma_prime": [-0.5, 0.0, 10],
        "widths": [1.0e30, 1.0e40],
    },
}
# Grid points without a slope; those of the others depend on how single networks end.
GAPS = {"beyond": 9}


def example(name: str) -> dict:
    return yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text())


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """Give a project after a run of all of these."""
    project = Project.create(tmp_path_factory.mktemp("examples") / "with space")
    assert project.run(sys.executable, str(EXAMPLES / "diabetes.py")).code == 0
    np.savez(project.path("data/user/overfull.npz"), **OVERFULL)
    tanh, diabetes = example("tanh"), example("diabetes")
    tanh["experiments"][TANH] |= {**SMALL, "tolerance": 1e-3}
    diabetes["experiments"]["diabetes"] |= {**SMALL, "tolerance": 1e-2}
    studies = tanh["studies"]
    studies["portraits"][TANH]["width"] = 50
    studies["relative_distances"] = {TANH: {"experiment": TANH, "points": [[0.5, 0.0]]}}
    experiments = {**tanh["experiments"], **diabetes["experiments"], **OUT_OF_RANGE}
    figures = PARAMETERS["figures"]
    parameters = {"experiments": experiments, "studies": studies, "figures": figures}
    project.path("other.yaml").write_text(yaml.safe_dump(parameters))
    # Pages and packs are shown elsewhere; here those of networks that were not trained.
    packs = [f"results/explorer/{name}.pack" for name in OUT_OF_RANGE]
    wanted = ("figures", "study_figures", *packs)
    ended = project.complete(*wanted, "--config", "params=other.yaml")
    assert "Warning" not in ended.text
    return project


def column(project: Project, path: str, name: str) -> list[str]:
    with project.path(path).open(newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


@pytest.mark.parametrize(("name", "experiment"), [("tanh", TANH), ("diabetes", "diabetes")])
def test_the_examples_are_valid(tmp_path, monkeypatch, name, experiment):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data/user").mkdir(parents=True)
    (tmp_path / "data/user/diabetes.csv").write_text("x1,y\n0,1\n1,2\n")
    said = command("check", str(EXAMPLES / f"{name}.yaml"))
    assert said.code == 0, said.err
    assert f"{experiment}: 7 x 9 = 63 points, 2 widths, 2 seeds: 252 networks" in said.out


def test_the_page_shows_the_block_as_it_is():
    page = (ROOT / "docs/own_data.md").read_text(encoding="utf-8")
    shown = page[page.index("    diabetes:\n") :].split("\n\n")[0]
    assert yaml.safe_load(shown) == example("diabetes")["experiments"]


@pytest.mark.slow
def test_data_of_the_users_own_is_trained(project):
    table = np.loadtxt(project.path("data/user/diabetes.csv"), delimiter=",", skiprows=1)
    assert table.shape == (40, 11)
    np.testing.assert_allclose(table.mean(axis=0), 0.0, atol=1e-9)
    np.testing.assert_allclose(table.std(axis=0), 1.0, atol=1e-9)
    assert column(project, "results/diabetes/sweep.csv", "status") == ["converged"] * 4
    assert_is_drawn(project, "diabetes_phase_diagram")


@pytest.mark.slow
def test_theory_is_left_out_where_it_does_not_apply(project):
    assert column(project, f"results/{TANH}/sweep.csv", "activation") == ["tanh"] * 4
    assert column(project, f"results/{TANH}/sweep.csv", "status") == ["converged"] * 4
    for table in ("slopes", "boundary"):
        assert set(column(project, f"results/{TANH}/{table}.csv", "theory")) == {""}
    assert all(column(project, f"results/{TANH}/slopes.csv", "slope"))
    metrics = json.loads(project.path(f"results/{TANH}/metrics.json").read_text())
    assert metrics["slope_error_max"] is metrics["boundary_error_max"] is None
    study = f"results/studies/portraits/{TANH}/summary.csv"
    assert set(column(project, study, "regime")) == {"not predicted"}
    study = f"results/studies/relative_distances/{TANH}/fits.csv"
    assert column(project, study, "regime") == ["not predicted"]
    for name in ("phase_diagram", "exponents", "condensation", "portrait", "relative_distances"):
        assert_is_drawn(project, f"{TANH}_{name}")


@pytest.mark.slow
@pytest.mark.parametrize("name", OUT_OF_RANGE)
def test_every_network_has_a_status_and_a_reason(project, name):
    chosen = OUT_OF_RANGE[name]
    sweep = tables.read_csv(project.path(f"results/{name}/sweep.csv"), stored_networks.COLUMNS)
    grid = len(chosen["gamma"]) * len(chosen["gamma_prime"])
    assert len(sweep) == grid * len(chosen["widths"]) * chosen["seeds"]
    for row in sweep.itertuples():
        assert row.status == Reason(row.reason).status
        assert (row.status == "converged") == (2 * row.loss < chosen["tolerance"])
    found = set(sweep["status"])
    if name == "overfull":
        converged = sweep["status"] == "converged"
        assert not converged[sweep["width"] == 2].any()
        assert converged[(sweep["width"] > 2) & (sweep["gamma"] < 1)].sum() >= 3  # of 4
    else:
        assert "not_trained" in found
        inside = sweep["gamma"].between(0.9, 1.6) & (sweep["gamma_prime"] < 1)
        assert (sweep[inside]["status"] == "converged").all()


@pytest.mark.slow
@pytest.mark.parametrize("name", OUT_OF_RANGE)
def test_figures_show_the_gaps(project, name):
    def table(kind: str, columns):
        return tables.read_csv(project.path(f"results/{name}/{kind}.csv"), columns)

    for figure in ("phase_diagram", "exponents", "condensation"):
        assert_is_drawn(project, f"{name}_{figure}")
    fitted = table("slopes", slopes.COLUMNS)
    missing = int(np.isnan(fitted["slope"]).sum())
    if name in GAPS:
        assert missing == GAPS[name]
    crossings = table("boundary", boundary.COLUMNS)
    looks = FigureSettings(dpi=60)
    plane = phase_plane.draw(fitted, crossings, looks, name)
    hatched = [artist for artist in plane.findobj() if artist.get_gid() == "no_slope"]
    assert sum(len(artist.get_paths()) for artist in hatched) == missing
    # The others are drawn from the same tables without a fault.
    exponents.draw(fitted, table("wedges", wedges.COLUMNS), looks, name)
    distances = table("relative_distances", slopes.DISTANCE_COLUMNS)
    condensation.draw(distances, crossings, looks, name)
