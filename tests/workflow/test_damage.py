"""Files damaged, exchanged or lost: noticed when a run is planned, and made again or refused.

One of each kind of file and each kind of damage; never a figure from wrong data.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from plans import planned
from small_project import Project

from phase_diagram.parameters.params_yaml import load
from phase_diagram.workflow.plan import Plan

pytestmark = pytest.mark.slow


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


# A file, what happens to it, and the stages whose results do not fit any more: that which makes it
# and those that start from it.
DAMAGES: tuple[tuple[str, Callable[[Path], None], set[str]], ...] = (
    ("data/prepared/wave.npz", cut, {"prepare", "train", "views"}),
    ("results/wave/sweep.csv", garble, {"train", "fit", "pack"}),
    ("results/wave/slopes.csv", exchange, {"fit", "figures", "pack"}),
    ("results/wave/metrics.json", empty, {"fit"}),
    ("results/wave/views.npz", exchange, {"views", "pack"}),
    ("results/figures/wave_exponents.png", garble, {"figures"}),
    ("results/figures/wave_exponents.pdf", lose, {"figures"}),
    ("results/explorer/wave.pack", cut, {"pack", "page"}),
    ("results/explorer.html", garble, {"page"}),
    ("results/wave/made_from/train.json", exchange, {"train"}),
    ("results/wave/made_from/fit.json", empty, {"fit"}),
    # They are written anew whenever a run is planned.
    ("results/code/train.json", empty, set()),
    ("results/parameters/train/wave.json", lose, set()),
)


def stale() -> set[str]:
    """Name the stages whose results do not fit; of none but this experiment there are any."""
    wanted = Plan(load("params.yaml")).write_settings()
    assert {name for _, name in wanted} <= {"wave", "explorer"}
    return {stage for stage, _ in wanted}


@pytest.fixture
def here(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(project.folder)
    return project


def test_each_damage_is_noticed(here):
    assert stale() == set()
    for name, damage, stages in DAMAGES:
        path = here.path(name)
        whole = path.read_bytes()
        damage(path)
        assert stale() == stages, name
        path.write_bytes(whole)
        assert stale() == set(), name


def test_a_stage_by_itself_refuses_what_does_not_fit(here, monkeypatch):
    """As with `-s`, where no rule is there that would make it anew."""
    before = here.results()
    text = "was made with different parameters, code or data, or changed since; run snakemake "
    path = here.path("results/wave/slopes.csv")
    whole = path.read_bytes()
    garble(path)
    made, said = planned("params.yaml", steps=["figures"])
    assert made is None and said.code == 2
    assert f"error: results/wave/slopes.csv: {text}without -s to make it anew" in said.err
    # DVC compares contents itself.
    monkeypatch.setenv("DVC_STAGE", "figures@wave")
    assert planned("params.yaml", steps=["figures"])[0] is not None
    monkeypatch.delenv("DVC_STAGE")
    path.write_bytes(whole)
    assert planned("params.yaml", steps=["figures"])[0] is not None
    # Nothing is damaged where all is of other parameters.
    here.change("experiments.wave.tolerance", 1e-2)
    made, said = planned("params.yaml", steps=["fit"])
    assert made is None and said.code == 2
    assert said.err == f"error: results/wave/sweep.csv: {text}without -s to make it anew\n"
    assert here.results() == before


def test_a_missing_or_damaged_data_file_is_named_and_nothing_is_lost(here):
    before = here.results()
    table = here.path("data/user/wave.csv")
    whole = table.read_text()
    table.write_text(whole.replace("0.5", "nan", 1))
    _, said = planned("params.yaml")
    assert said.code == 2
    assert said.err.startswith("error: data/user/wave.csv: line 2: column x3: 'nan' is not finite")
    table.unlink()
    _, said = planned("params.yaml")
    assert said.code == 2
    assert said.err.startswith("error: experiments.wave.dataset: 'data/user/wave.csv': must be ")
    assert here.results() == before
    table.write_text(whole)
    assert stale() == set()


def test_all_is_made_again(project):
    before = project.results()
    for name, damage, _ in DAMAGES:
        damage(project.path(name))
    ended = project.snakemake("-s", "workflow/rules/figures.smk")
    assert ended.code == 2
    assert len(ended.faults) > 1 and "Traceback" not in ended.text
    ended = project.complete()
    assert "train_batch" not in ended.jobs
    rules = {"prepare", "collect", "fit", "draw_experiment", "views", "pack", "page"}
    assert rules == set(ended.jobs)
    assert project.results() == before
    assert "Nothing to be done" in project.snakemake("--dry-run").text


def test_stored_networks_are_trained_again_or_refused(project):
    before = project.results()
    (run,) = project.folder.glob("results/runs/wave-*")
    (batch,) = (run / "batches").iterdir()
    project.path("results/wave/sweep.csv").unlink()
    # The table of a batch: its file is named, and nothing made of it.
    garble(batch)
    ended = project.snakemake()
    assert ended.code == 1 and "Traceback" not in ended.text
    (line,) = ended.faults
    assert line.startswith(f"error: {batch.relative_to(project.folder)}: ")
    assert line.endswith("; delete it and run again")
    assert not project.path("results/wave/sweep.csv").exists()
    # The files of single points: their networks are trained again.
    batch.unlink()
    trained = len(project.trained("wave"))
    points = sorted((run / "points").iterdir())
    cut(points[0])
    shutil.copyfile(points[2], points[1])
    ended = project.complete()
    assert len(project.trained("wave")) - trained == 2 * 2 * 2
    assert "training its networks again" in ended.text
    assert project.results() == before
