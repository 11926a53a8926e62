"""What a change must make anew, and no more, by Snakemake and by DVC.

One case for each way in which a change is noticed: a figure setting and a tolerance at once
(parameters of drawing, the fingerprint of networks), a grid grown (networks that are missing), a
constant of the solver (code), a comment and a docstring there (nothing).
"""

from collections.abc import Callable

import pytest
from filelock import FileLock
from small_parameters import NETWORKS
from small_project import Project

pytestmark = pytest.mark.slow

SOLVER = "src/phase_diagram/two_layer/gradient_flow.py"
ONE = dict.fromkeys(("collect", "fit", "draw_experiment", "views", "pack", "page"), 1)
ONE_ALONE = {rule: jobs for rule, jobs in ONE.items() if rule != "page"}
WAVE = {f"{stage}@wave" for stage in ("train", "fit", "figures", "views", "pack")} | {"page"}


def edit(project: Project, file: str, old: str, new: str) -> None:
    path = project.path(file)
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def explain(project: Project) -> None:
    """Change a comment and a docstring of the solver."""
    edit(project, SOLVER, "# The error that a step may make,", "# The largest error of a step,")
    edit(project, SOLVER, '"""Gradient flow to convergence:', '"""The flow, to convergence:')


def change_figures(project: Project) -> None:
    project.change("figures.dpi", 70)


def change_tolerance(project: Project) -> None:
    project.change("experiments.wave.tolerance", 1e-5)


def change_looks_and_tolerance(project: Project) -> None:
    change_figures(project)
    change_tolerance(project)


def grow(project: Project) -> None:
    project.change("experiments.four_points.gamma", [0.75, 1.0, 1.25, 1.5])


def change_solver(project: Project) -> None:
    edit(project, SOLVER, "STEP_TOLERANCE = 0.085", "STEP_TOLERANCE = 0.05")


def trained(project: Project) -> dict[str, int]:
    """Count the trainings that there have been."""
    return {experiment: len(project.trained(experiment)) for experiment in NETWORKS}


def run(project: Project, *command: str):
    ended = project.run(*command)
    assert ended.code == 0, ended.text
    return ended


def assert_nothing_to_do(project: Project) -> None:
    assert "Nothing to be done" in project.snakemake("--dry-run").text
    assert "up to date" in project.dvc("status").text


@pytest.fixture(scope="session")
def stored(finished, common) -> Project:
    """Give a project whose results are in git's, DVC's and a remote's hands; to be copied."""
    folder = common / "stored"
    with FileLock(f"{folder}.lock"):
        project = Project(folder / "with space")
        if not folder.exists():
            project = finished.copy(folder / "with space")
            project.commit()
            # DVC is not told by hand: nothing was made, but it does not know these results yet.
            run(project, "snakemake", "--cores", "1", "--forcerun", "page")
            assert_nothing_to_do(project)
            run(project, "dvc", "remote", "add", "--default", "store", str(folder / "store"))
            run(project, "dvc", "push")
            project.commit()
        return project


@pytest.fixture
def used(stored, tmp_path) -> Project:
    return stored.copy(tmp_path / "with space")


@pytest.fixture
def clone(stored, tmp_path) -> Project:
    """Give a fresh clone with pulled results, in which neither tool has anything to do."""
    folder = tmp_path / "clone with space"
    run(stored, "git", "clone", "-q", str(stored.folder), str(folder))
    made = Project(folder)
    assert not made.path("results/wave/sweep.csv").exists()
    run(made, "dvc", "pull")
    assert made.results() == stored.results()
    assert_nothing_to_do(made)
    return made


# Jobs, and networks trained where all that was trained before is at hand.
CHANGES: tuple[tuple[Callable[[Project], None], dict[str, int], dict[str, int]], ...] = (
    (explain, {}, {}),
    (
        change_looks_and_tolerance,
        {"train_batch": 1, **ONE, "draw_experiment": 2},
        {"wave": NETWORKS["wave"]},
    ),
    (grow, {"train_batch": 3, **ONE}, {"four_points": NETWORKS["four_points"] // 3}),
)
# The solver trains both experiments; of the one that is smaller a new run takes less time.
OF_WAVE = ("results/figures/wave_exponents.png", "results/explorer/wave.pack")


def test_snakemake_in_a_used_tree(used, tmp_path):
    for change, jobs, networks in CHANGES:
        before = trained(used)
        change(used)
        ended = run(used, "snakemake", "--cores", "2")
        assert ended.jobs == jobs, change.__name__
        more = {name: count - before[name] for name, count in trained(used).items()}
        assert {name: count for name, count in more.items() if count} == networks
        if jobs:  # DVC was told
            assert "up to date" in used.dvc("status").text
    before = trained(used)
    change_solver(used)
    assert run(used, "snakemake", "--cores", "2", *OF_WAVE).jobs == {"train_batch": 1, **ONE_ALONE}
    assert trained(used) == before | {"wave": before["wave"] + NETWORKS["wave"]}
    new = Project.create(tmp_path / "new")
    for change in (*(change for change, _, _ in CHANGES), change_solver):
        change(new)
    run(new, "snakemake", "--cores", "2", *OF_WAVE)
    made, expected = used.results(), new.results()
    assert len(expected) == 14
    assert {name: made[name] for name in expected} == expected


def test_dvc_in_a_used_tree(used):
    old = used.results()
    explain(used)
    assert run(used, "dvc", "repro").stages == {"plan"}
    change_tolerance(used)
    assert run(used, "dvc", "repro").stages == {"plan"} | WAVE
    assert_nothing_to_do(used)
    changed = used.results()
    assert changed["results/wave/sweep.csv"] != old["results/wave/sweep.csv"]
    # DVC puts the old results back; Snakemake's own memory still tells of the new ones. Nothing of
    # this may make it take the one for the other.
    used.change("experiments.wave.tolerance", 1e-4)
    assert not run(used, "dvc", "repro").stages - {"plan"}
    assert used.results() == old
    assert_nothing_to_do(used)
    change_tolerance(used)
    assert run(used, "snakemake", "--cores", "2").jobs == ONE
    assert used.results() == changed
    assert trained(used)["wave"] == 2 * NETWORKS["wave"]


def test_snakemake_in_a_fresh_clone(clone):
    explain(clone)
    assert run(clone, "snakemake", "--cores", "2").jobs == {}
    change_tolerance(clone)
    assert run(clone, "snakemake", "--cores", "2").jobs == {"train_batch": 1, **ONE}
    assert trained(clone) == {"four_points": 0, "wave": NETWORKS["wave"]}
    assert "up to date" in clone.dvc("status").text


def test_dvc_in_a_fresh_clone(clone):
    explain(clone)
    assert run(clone, "dvc", "repro").stages == {"plan"}
    change_figures(clone)
    ended = run(clone, "dvc", "repro")
    assert ended.stages == {"plan", "figures@four_points", "figures@wave", "page"}
    change_solver(clone)
    assert run(clone, "dvc", "repro", "fit@wave").stages == {"plan", "train@wave", "fit@wave"}
    assert trained(clone) == {"four_points": 0, "wave": NETWORKS["wave"]}
