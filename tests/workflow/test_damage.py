"""Files damaged, exchanged or lost: noticed, named, and made again or refused.

Every file that anything is made from, in five ways; never a figure from wrong data.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_project import Project

from phase_diagram.parameters.params_yaml import load
from phase_diagram.workflow.plan import Plan

STAGES = ("prepare", "train", "fit", "figures", "views", "pack")
FILES = (
    "data/prepared/wave.npz",
    *(
        f"results/wave/{name}"
        for name in (
            *("sweep.csv", "slopes.csv", "boundary.csv", "relative_distances.csv", "wedges.csv"),
            *("metrics.json", "views.npz"),
        )
    ),
    *(
        f"results/figures/wave_{figure}.{ending}"
        for figure in ("phase_diagram", "exponents", "condensation")
        for ending in ("png", "pdf")
    ),
    "results/explorer/wave.pack",
    *(f"results/wave/made_from/{stage}.json" for stage in STAGES),
)
STORED = ("batches", "points")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garble(path: Path) -> None:
    """Exchange a digit for another, as a damaged disk may: all else stays valid."""
    content = bytearray(path.read_bytes())
    digits = [place for place, byte in enumerate(content) if 0x30 <= byte <= 0x39]
    place = digits[len(digits) * 2 // 3]
    content[place] = 0x30 + (content[place] - 0x30 + 1) % 10
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def lose(path: Path) -> None:
    path.unlink()


def exchange(path: Path) -> None:
    """Put the other experiment's file in its place."""
    shutil.copyfile(str(path).replace("wave", "four_points"), path)


DAMAGES: tuple[Callable[[Path], None], ...] = (cut, garble, empty, lose, exchange)


@pytest.fixture
def stale(project, monkeypatch) -> Callable[[], set[str]]:
    """Give a function that names the experiments' stages whose results do not fit."""
    monkeypatch.chdir(project.folder)

    def find() -> set[str]:
        plan = Plan(load("params.yaml"))
        plan.write_settings()
        found = set()
        for stage in STAGES:
            for name in plan.experiments:
                settings, made_from = (project.path(path) for path in plan.records(stage, name))
                lost = not made_from.exists()
                if lost or "instead_of" in settings.read_text():
                    found.add(f"{stage}@{name}")
        return found

    return find


@pytest.mark.parametrize("file", FILES)
def test_each_damage_is_noticed(project, stale, file):
    assert stale() == set()
    path = project.path(file)
    whole = path.read_bytes()
    for damage in DAMAGES:
        damage(path)
        found = stale()
        assert found, damage.__name__
        assert {name.split("@")[1] for name in found} == {"wave"}
        path.write_bytes(whole)
        assert stale() == set()


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_all_is_made_again(project, damage):
    before = project.results()
    for file in FILES:
        damage(project.path(file))
    ended = project.snakemake()
    assert ended.code == 0, ended.text
    assert "train_batch" not in ended.jobs
    rules = {"prepare", "collect", "fit", "draw_experiment", "views", "pack", "page"}
    assert rules == set(ended.jobs)
    assert project.results() == before
    assert "Nothing to be done" in project.snakemake("--dry-run").text


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_stored_networks_are_trained_again_or_refused(project, damage):
    before = project.results()
    (run,) = project.folder.glob("results/runs/wave-*")
    points = sorted((run / "points").iterdir())
    (batch,) = (run / "batches").iterdir()
    # The table of a batch: its file is named, and nothing made of it.
    if damage is exchange:
        shutil.copyfile(next(project.folder.glob("results/runs/four_points-*/batches/*")), batch)
    else:
        damage(batch)
    project.path("results/wave/sweep.csv").unlink()
    ended = project.snakemake()
    if damage is lose:
        assert ended.code == 0, ended.text
    else:
        assert ended.code == 1
        (line,) = [line for line in ended.text.splitlines() if line.startswith("error: ")]
        assert line.startswith(f"error: {batch.relative_to(project.folder)}: ")
        assert line.endswith("; delete it and run again")
        assert not project.path("results/wave/sweep.csv").exists()
        batch.unlink()
    # The files of single points: their networks are trained again.
    trained = len(project.trained("wave"))
    batch.unlink(missing_ok=True)
    for path in points[:2]:
        if damage is exchange:
            shutil.copyfile(points[2], path)
        else:
            damage(path)
    project.path("results/wave/sweep.csv").unlink(missing_ok=True)
    ended = project.snakemake()
    assert ended.code == 0, ended.text
    assert len(project.trained("wave")) - trained == 2 * 2 * 2
    assert ("training its networks again" in ended.text) == (damage is not lose)
    assert project.results() == before


def other_parameters(project: Project, folder: Path) -> Project:
    """Give the same project after a run with another tolerance."""
    other = project.copy(folder)
    other.change("experiments.wave.tolerance", 1e-2)
    assert other.snakemake("fits").code == 0
    return other


@pytest.mark.slow
def test_results_of_other_parameters_are_not_taken(project, tmp_path):
    before = project.results()
    other = other_parameters(project, tmp_path / "other")
    # A whole experiment, records and all: nothing in it is damaged.
    shutil.copytree(other.path("results/wave"), project.path("results/wave"), dirs_exist_ok=True)
    assert project.results() != before
    rules = ("--snakefile", "workflow/rules/figures.smk")
    ended = project.snakemake(*rules, "--forceall", "results/figures/wave_exponents.png")
    assert ended.code == 1
    line = "error: results/wave/made_from/train.json: tells of other parameters or other code"
    assert line in ended.text
    assert not project.path("results/figures/wave_exponents.png").exists()
    assert project.snakemake().code == 0
    assert project.results() == before

    # The networks of another run, in the folder of this one.
    (run,) = project.folder.glob("results/runs/wave-*")
    foreign = [path for path in other.folder.glob("results/runs/wave-*") if path.name != run.name]
    shutil.rmtree(run)
    shutil.copytree(foreign[0], run)
    project.path("results/wave/sweep.csv").unlink()
    ended = project.snakemake()
    assert ended.code == 1
    (line,) = [line for line in ended.text.splitlines() if line.startswith("error: ")]
    assert "row 2 has the fingerprint " in line
    for path in (run / "batches").iterdir():
        path.unlink()
    ended = project.snakemake()
    assert ended.code == 0
    assert ended.text.count("training its networks again") == 4
    assert project.results() == before


@pytest.mark.slow
def test_a_table_changed_by_hand_is_not_drawn(project):
    """By the rules of the figures alone, which cannot make the table again."""
    path = project.path("results/wave/slopes.csv")
    garble(path)
    figure = "results/figures/wave_exponents.png"
    project.path(figure).unlink()
    ended = project.snakemake("--snakefile", "workflow/rules/figures.smk", figure)
    assert ended.code == 1
    line = "error: results/wave/slopes.csv: is not the file that results/wave/made_from/fit.json"
    assert line in ended.text
    assert "Traceback" not in ended.text
    assert not project.path(figure).exists()


def test_a_missing_or_damaged_data_file_is_named_and_nothing_is_lost(project):
    before = project.results()
    table = project.path("data/user/wave.csv")
    whole = table.read_text()
    table.write_text(whole.replace("0.5", "nan", 1))
    ended = project.snakemake()
    assert ended.code == 2
    (line,) = [line for line in ended.text.splitlines() if line.startswith("error: ")]
    assert line.startswith("error: data/user/wave.csv: line 2: column x3: 'nan' is not finite")
    assert "Traceback" not in ended.text
    table.unlink()
    ended = project.snakemake()
    assert ended.code == 2
    (line,) = [line for line in ended.text.splitlines() if line.startswith("error: ")]
    assert line.startswith("error: experiments.wave.dataset: 'data/user/wave.csv': must be ")
    assert project.results() == before
    table.write_text(whole)
    assert "Nothing to be done" in project.snakemake("--dry-run").text
