"""The whole workflow through Snakemake, on small parameters."""

import json
import os
import re
import sys
import sysconfig

import numpy as np
import pytest
from plans import planned
from small_parameters import NETWORKS, PARAMETERS
from small_project import Project, assert_is_drawn

from phase_diagram.explorer import pack
from phase_diagram.files import stored_networks, tables
from phase_diagram.fits import boundary, slopes, wedges
from phase_diagram.plane import theory


def test_results_are_complete_and_plausible(finished):
    for experiment, chosen in PARAMETERS["experiments"].items():
        folder = finished.path(f"results/{experiment}")
        sweep = tables.read_csv(folder / "sweep.csv", stored_networks.COLUMNS)
        assert len(sweep) == NETWORKS[experiment]
        assert set(sweep["experiment"]) == {experiment}
        assert (sweep["status"] == "converged").all()
        assert (2 * sweep["loss"] < chosen["tolerance"]).all()
        keys = ["gamma_prime", "gamma", "width", "seed"]
        assert sweep.equals(sweep.sort_values(keys, ignore_index=True))

        fitted = tables.read_csv(folder / "slopes.csv", slopes.COLUMNS)
        assert len(fitted) == len(chosen["gamma"]) * len(chosen["gamma_prime"])
        # Networks of 50 and 100 neurons are far from infinite, but on the right side of zero.
        clear = fitted[fitted["theory"].abs() >= 0.25]
        assert len(clear) > 1
        assert (np.sign(clear["slope"]) == np.sign(clear["theory"])).all()
        expected = theory.exponent(fitted["gamma"], fitted["gamma_prime"])
        np.testing.assert_allclose(fitted["theory"], expected)

        crossings = tables.read_csv(folder / "boundary.csv", boundary.COLUMNS)
        assert list(crossings["gamma_prime"]) == sorted(chosen["gamma_prime"])
        metrics = json.loads((folder / "metrics.json").read_text())
        assert metrics["networks"] == metrics["converged"] == NETWORKS[experiment]

        distances = tables.read_csv(folder / "relative_distances.csv", slopes.DISTANCE_COLUMNS)
        assert distances["networks"].sum() == NETWORKS[experiment]
        compared = tables.read_csv(folder / "wedges.csv", wedges.COLUMNS)
        assert compared["points"].sum() == len(fitted)

        for figure in ("phase_diagram", "exponents", "condensation"):
            assert_is_drawn(finished, f"{experiment}_{figure}")


def test_the_page_has_the_packs_of_all_experiments(finished):
    page = finished.path("results/explorer.html").read_text(encoding="utf-8")
    offered = re.findall(r'id="pack-(\w+)"', page)
    assert offered == list(PARAMETERS["experiments"])
    for name in offered:
        header, arrays = pack.unpack(finished.path(f"results/explorer/{name}.pack").read_bytes())
        chosen = PARAMETERS["experiments"][name]
        assert header["width"] == min(chosen["widths"])
        assert header["line"] == (name == "four_points")
        assert len(arrays["gamma"]) == len(chosen["gamma"]) * len(chosen["gamma_prime"])


def test_a_job_on_another_machine_leaves_the_settings_alone(project, monkeypatch):
    def settings() -> dict[str, bytes]:
        files = project.path(".snakemake/settings").rglob("*.json")
        return {str(path): path.read_bytes() for path in files}

    monkeypatch.chdir(project.folder)
    before = settings()
    assert before
    # As if the parameters were edited while jobs wait in a queue.
    project.change("figures.dpi", 70)
    assert planned("params.yaml", may_write=False)[0] is not None
    assert settings() == before
    assert planned("params.yaml")[0] is not None
    assert settings() != before


@pytest.mark.slow
def test_the_gpu_profile_is_read_beside_the_default_one(finished):
    ended = finished.snakemake("--profile", "workflow/profiles/gpu", "--dry-run")
    assert ended.code == 0, ended.text
    first = "workflow/profiles/gpu and workflow specific profile profiles/default"
    assert first in ended.text.splitlines()[0]
    assert "Nothing to be done" in ended.text


@pytest.mark.slow
def test_an_environment_in_a_folder_with_spaces(tmp_path):
    project = Project.create(tmp_path / "with space")
    ended = project.run(sys.executable, "-m", "venv", "--without-pip", ".venv")
    assert ended.code == 0
    project.environment["PYTHONPATH"] += os.pathsep + sysconfig.get_path("purelib")
    ended = project.run(
        str(project.path(".venv/bin/python")), "-m", "snakemake", "--cores", "1", "data"
    )
    assert ended.code == 0, ended.text
    assert ended.jobs == {"prepare": 2}
