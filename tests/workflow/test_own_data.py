"""Data of the user's own: a file, one block of parameters, and nothing else."""

import sys

import numpy as np
import pytest
import yaml
from small_project import ROOT, Project

EXAMPLES = ROOT / "params/examples"
SMALL = {"gamma": [0.5, 1.5], "gamma_prime": [0.0], "widths": [50, 100], "seeds": 1}


@pytest.fixture
def empty(tmp_path) -> Project:
    """Give a project in which nothing has run."""
    return Project.create(tmp_path / "phase_diagram")


def _networks(project: Project, name: str) -> list[str]:
    table = project.path(f"results/{name}/sweep.csv").read_text()
    return [line for line in table.splitlines()[1:] if ",converged," in f"{line},"]


def test_the_example_is_valid_and_runs(empty):
    written = empty.run(sys.executable, str(EXAMPLES / "diabetes.py"))
    assert written.text == "data/user/diabetes.csv: 40 patients, 10 inputs each\n"
    table = np.loadtxt(empty.path("data/user/diabetes.csv"), delimiter=",", skiprows=1)
    assert table.shape == (40, 11)
    np.testing.assert_allclose(table.mean(axis=0), 0.0, atol=1e-9)
    np.testing.assert_allclose(table.std(axis=0), 1.0, atol=1e-9)

    checked = empty.run("phase-diagram", "check", str(EXAMPLES / "diabetes.yaml"))
    assert checked.code == 0, checked.text
    assert "diabetes: 7 x 9 = 63 points, 2 widths, 2 seeds: 252 networks" in checked.text

    # The same with a smaller grid and narrower networks.
    parameters = yaml.safe_load((EXAMPLES / "diabetes.yaml").read_text())
    parameters["experiments"]["diabetes"] |= {**SMALL, "tolerance": 1e-2}
    empty.path("small.yaml").write_text(yaml.safe_dump(parameters))
    ended = empty.snakemake("--config", "params=small.yaml")
    assert ended.code == 0, ended.text
    assert len(_networks(empty, "diabetes")) == 4
    assert empty.path("results/figures/diabetes_phase_diagram.pdf").exists()


def test_an_archive_is_one_block(empty):
    inputs = np.linspace(-1.0, 1.0, 4)[:, None]
    np.savez(empty.path("data/user/mine.npz"), inputs=inputs, targets=np.sin(2.0 * inputs[:, 0]))
    block = {"dataset": "data/user/mine.npz", **SMALL}
    empty.path("mine.yaml").write_text(yaml.safe_dump({"experiments": {"mine": block}}))
    ended = empty.snakemake("--config", "params=mine.yaml")
    assert ended.code == 0, ended.text
    assert len(_networks(empty, "mine")) == 4


def test_the_page_shows_the_block_as_it_is():
    block = yaml.safe_load((EXAMPLES / "diabetes.yaml").read_text())["experiments"]
    page = (ROOT / "docs/own_data.md").read_text(encoding="utf-8")
    shown = page[page.index("    diabetes:\n") :].split("\n\n")[0]
    assert yaml.safe_load(shown) == block
