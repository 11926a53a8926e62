"""The whole workflow through Snakemake, on small parameters."""

import json
import os
import sys
import sysconfig
import time

import numpy as np
import pytest
from small_parameters import NETWORKS, PARAMETERS
from small_project import Project, assert_is_drawn

from phase_diagram.files import stored_networks, tables
from phase_diagram.fits import boundary, slopes, wedges
from phase_diagram.plane import theory

# What follows when one experiment's results are made anew.
DOWNSTREAM = dict.fromkeys(("collect", "fit", "draw_experiment", "views", "pack", "page"), 1)
REDRAWN = {"draw_experiment": 2, "page": 1}


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


def test_a_second_run_has_nothing_to_do(finished):
    ended = finished.snakemake()
    assert ended.code == 0
    assert "Nothing to be done" in ended.text
    assert not ended.jobs


def test_one_core_and_two_give_the_same_bytes(finished, tmp_path):
    other = Project.create(tmp_path / "other")
    parameters = other.parameters()
    del parameters["experiments"]["wave"]
    # Other jobs too: the division of the grid must not show in the results.
    parameters["experiments"]["four_points"]["points_per_job"] = 9
    other.write_parameters(parameters)
    assert other.snakemake(cores=1).code == 0
    results = other.results()
    assert len(results) == 5 + 1 + 6 + 2  # tables, metrics, figures, views and their pack
    assert results.items() <= finished.results().items()


def test_a_figure_setting_draws_figures_alone(project):
    before = project.results()
    project.change("figures.dpi", 70)
    assert project.snakemake("--dry-run").jobs == REDRAWN
    ended = project.snakemake("results/figures/wave_exponents.png")
    assert ended.code == 0
    assert ended.jobs == {"draw_experiment": 1}
    after = project.results()
    changed = {name for name in before if before[name] != after[name]}
    assert changed >= {
        f"results/figures/wave_{figure}.png"
        for figure in ("phase_diagram", "exponents", "condensation")
    }
    assert all(name.startswith("results/figures/wave_") for name in changed)


def test_a_tolerance_concerns_its_experiment_alone(project):
    before = project.results()
    project.change("experiments.wave.tolerance", 1e-5)
    ended = project.snakemake()
    assert ended.code == 0
    assert ended.jobs == {"train_batch": 1, **DOWNSTREAM}
    assert len(project.trained("wave")) == 2 * NETWORKS["wave"]
    assert len(project.trained("four_points")) == NETWORKS["four_points"]
    after = project.results()
    assert before["results/wave/sweep.csv"] != after["results/wave/sweep.csv"]

    project.change("experiments.wave.tolerance", 1e-4)
    ended = project.snakemake()
    assert ended.code == 0
    assert ended.jobs == DOWNSTREAM
    assert project.results() == before


def test_larger_grids_train_only_what_is_new(project):
    project.change("experiments.four_points.gamma", [0.75, 1.0, 1.25, 1.5])
    project.change("experiments.wave.seeds", 3)
    project.change("experiments.wave.widths", [50, 70, 100])
    assert project.snakemake("train").code == 0
    for experiment, networks in {"four_points": 4 * 3 * 2 * 2, "wave": 2 * 2 * 3 * 3}.items():
        trained = project.trained(experiment)
        assert len(trained) == len(set(trained)) == networks
        table = tables.read_csv(
            project.path(f"results/{experiment}/sweep.csv"), stored_networks.COLUMNS
        )
        assert len(table) == networks


def test_a_smaller_grid_leaves_nothing_behind(project):
    project.change("experiments.four_points.gamma", [0.75, 1.5])
    assert project.snakemake("fits").code == 0
    table = tables.read_csv(project.path("results/four_points/slopes.csv"), slopes.COLUMNS)
    assert sorted(set(table["gamma"])) == [0.75, 1.5]
    assert len(project.trained("four_points")) == NETWORKS["four_points"]


@pytest.mark.parametrize(
    ("source", "jobs"),
    [
        ("src/phase_diagram/two_layer/start/neurons.py", {"train_batch": 4}),
        ("src/phase_diagram/fits/slopes.py", {"fit": 2, "draw_experiment": 2}),
        ("src/phase_diagram/figures/drawing/style.py", {"draw_experiment": 2}),
        ("workflow/scripts/figures.py", {"draw_experiment": 2}),
    ],
)
def test_changed_code_makes_its_results_anew(project, source, jobs):
    with project.path(source).open("a") as file:
        file.write("# changed\n")
    ended = project.snakemake("--dry-run")
    assert ended.code == 0
    assert jobs.items() <= ended.jobs.items()
    assert ("train_batch" in jobs) == ("train_batch" in ended.jobs)


def test_contents_decide_where_snakemake_has_no_records(project):
    # As in a clone whose results came from DVC: no records, and ages that mean nothing.
    for name in (".snakemake", "results/runs"):
        project.run("rm", "-r", name)
    for age, name in enumerate(sorted(project.results())):
        project.run("touch", "-d", f"2030-01-01 00:00:{age:02}", name)
    assert "Nothing to be done" in project.snakemake("--dry-run").text
    project.change("experiments.wave.tolerance", 1e-5)
    assert project.snakemake("--dry-run").jobs == {"train_batch": 1, **DOWNSTREAM}
    project.change("experiments.wave.tolerance", 1e-4)
    assert "Nothing to be done" in project.snakemake("--dry-run").text
    project.change("figures.dpi", 70)
    assert project.snakemake("--dry-run").jobs == REDRAWN
    table = project.path("data/user/wave.csv")
    table.write_text(table.read_text().replace("0.6", "0.7"))
    assert project.snakemake("train").code == 0
    assert len(project.trained("wave")) == NETWORKS["wave"]


def test_damaged_results_are_made_again(project):
    before = project.results()
    for name in ("data/prepared/wave.npz", "results/four_points/wedges.csv"):
        path = project.path(name)
        path.write_bytes(path.read_bytes()[:-40])
    ended = project.snakemake()
    assert ended.code == 0, ended.text
    assert "train_batch" not in ended.jobs
    assert ended.jobs["prepare"] == 1
    assert project.results() == before
    assert "Nothing to be done" in project.snakemake("--dry-run").text


def test_a_tampered_batch_is_refused(project):
    (table,) = project.folder.glob("results/runs/wave-*/batches/*.csv")
    text = table.read_text()
    assert text.count(",0.75,") == 8
    table.write_text(text.replace(",0.75,", ",0.76,", 1))
    ended = project.snakemake()
    assert ended.code == 1
    line = f"error: {table.relative_to(project.folder)}: row 2 is damaged; delete it and run again"
    assert line in ended.text.splitlines()
    assert "Traceback" not in ended.text
    assert not project.path("results/wave/sweep.csv").exists()
    table.unlink()
    assert project.snakemake("train").code == 0
    # Its networks were stored one by one too.
    assert len(project.trained("wave")) == NETWORKS["wave"]


@pytest.mark.parametrize("rules", [(), ("--snakefile", "workflow/rules/fit.smk")])
def test_faulty_parameters_are_told_before_any_work(tmp_path, rules):
    project = Project.create(tmp_path / "faulty")
    project.change("experiments.wave.widths", [50, -3])
    project.change("figures.colour", "red")
    files = {path for path in project.folder.rglob("*") if "__pycache__" not in path.parts}
    ended = project.snakemake(*rules)
    assert ended.code == 2
    faults = [line for line in ended.text.splitlines() if line.startswith("error: ")]
    assert len(faults) == 2
    assert faults[0].startswith("error: experiments.wave.widths[1]: -3: ")
    assert faults[1].startswith("error: figures.colour: 'red': ")
    assert "Traceback" not in ended.text
    written = {
        path
        for path in project.folder.rglob("*")
        if path.is_file() and not {"__pycache__", ".snakemake"} & set(path.parts)
    }
    assert written <= files
    # Snakemake makes its own log before it reads any rule; nothing else.
    ours = [path for path in project.path(".snakemake").rglob("*") if path.is_file()]
    assert all(path.parent.name == "log" for path in ours)


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


def test_another_parameter_file(project):
    project.change("figures.dpi", 70)
    project.path("params.yaml").rename(project.path("other.yaml"))
    project.path("params.yaml").write_text("nothing of use")
    ended = project.snakemake("--dry-run", "--config", "params=other.yaml")
    assert ended.code == 0
    assert ended.jobs == REDRAWN


def wait(process, reached):
    """Wait until a running process has come to some point."""
    deadline = time.monotonic() + 90
    while not reached():
        assert process.poll() is None, "the process ended before"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_killed_run_is_taken_up_where_it_ended(tmp_path):
    project = Project.create(tmp_path / "killed")
    parameters = project.parameters()
    del parameters["experiments"]["wave"]
    parameters["experiments"]["four_points"] |= {"widths": [1000, 2000], "tolerance": 1e-6}
    parameters["experiments"]["four_points"] |= {"seeds": 5, "points_per_job": 9}
    project.write_parameters(parameters)
    process = project.start("snakemake", "--cores", "1")
    wait(process, lambda: len(project.trained("four_points")) >= 5)
    project.kill(process)
    at_the_kill = project.trained("four_points")
    total = 3 * 3 * 2 * 5
    assert 5 <= len(at_the_kill) < total
    ended = project.snakemake()
    assert ended.code == 1
    assert "Directory cannot be locked" in ended.text

    ended = project.run("python", "workflow/reproduce.py", "--cores", "2")
    assert ended.code == 0, ended.text
    *figures, page = ended.text.splitlines()[-4:]
    assert figures == [
        f"results/figures/four_points_{figure}.png results/figures/four_points_{figure}.pdf"
        for figure in ("phase_diagram", "exponents", "condensation")
    ]
    assert page == "results/explorer.html"
    table = project.path("results/four_points/sweep.csv")
    assert len(tables.read_csv(table, stored_networks.COLUMNS)) == total
    trained = project.trained("four_points")
    assert trained[: len(at_the_kill)] == at_the_kill
    # A network is stored first and noted here afterwards; the kill may have come in between.
    assert total - 1 <= len(set(trained)) == len(trained) <= total


def test_a_lock_of_a_living_run_is_left_alone(tmp_path):
    project = Project.create(tmp_path / "living")
    process = project.start("snakemake", "--cores", "1")
    try:
        wait(process, lambda: any(project.path(".snakemake").glob("locks/*")))
        ended = project.run("python", "workflow/reproduce.py", "--cores", "1")
        assert process.poll() is None, "the first run ended too early for this test"
    finally:
        project.kill(process)
    assert ended.code == 1
    (line,) = ended.text.splitlines()
    assert line.startswith(f"error: {project.folder}: process ")
    assert line.endswith(" is at work here; wait for it to end, or end it")
