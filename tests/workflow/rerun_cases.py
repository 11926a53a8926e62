"""What a change of parameters or code must make anew, and no more; for Snakemake and for DVC."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from small_project import Project

# Networks at each point of the grid: three widths, two seeds. Four grid points to a job.
POINT = 3 * 2
NETWORKS = {"four_points": 9 * POINT, "wave": 4 * POINT}
ONE = dict.fromkeys(("collect", "fit", "draw_experiment", "views", "pack", "page"), 1)
TREES = ("used tree", "fresh clone")
BOTH = {**dict.fromkeys(ONE, 2), "page": 1}


def base(folder: Path) -> Project:
    """Give the small project with a third width, so that one can be taken away."""
    project = Project.create(folder)
    for experiment in NETWORKS:
        project.change(f"experiments.{experiment}.widths", [50, 70, 100])
    return project


def parameter(key: str, value: object) -> Callable[[Project], None]:
    return lambda project: project.change(key, value)


def edit(source: str, old: str, new: str) -> Callable[[Project], None]:
    """Change what the code does, not only its text."""

    def apply(project: Project) -> None:
        path = project.path(f"src/phase_diagram/{source}")
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))

    return apply


@dataclass(frozen=True)
class Case:
    """A change and what it must make anew.

    Attributes
    ----------
    apply : callable
        Makes the change, given a project.
    jobs : dict
        Numbers of jobs of Snakemake, by their rules.
    stages : tuple of str
        Stages of DVC.
    trained : dict from str to int
        Networks that have to be trained where all that was trained before is at hand.
    there : dict from str to int
        All networks of the experiments concerned: what a clone has to train.
    """

    apply: Callable[[Project], None]
    jobs: dict[str, int]
    stages: tuple[str, ...]
    trained: dict[str, int]
    there: dict[str, int]


def of(experiment: str) -> tuple[str, ...]:
    stages = ("train", "fit", "figures", "views", "pack")
    return (*(f"{stage}@{experiment}" for stage in stages), "page")


FIGURES = ("figures@four_points", "figures@wave")
CASES = {
    "a figure setting": Case(
        parameter("figures.dpi", 70),
        {"draw_experiment": 2, "page": 1},
        (*FIGURES, "page"),
        {},
        {},
    ),
    "one experiment's tolerance": Case(
        parameter("experiments.wave.tolerance", 1e-5),
        {"train_batch": 1, **ONE},
        of("wave"),
        {"wave": NETWORKS["wave"]},
        {"wave": NETWORKS["wave"]},
    ),
    "a grid grown": Case(
        parameter("experiments.four_points.gamma", [0.75, 1.0, 1.25, 1.5]),
        {"train_batch": 3, **ONE},
        of("four_points"),
        {"four_points": 3 * POINT},
        {"four_points": 12 * POINT},
    ),
    "a grid shrunk": Case(
        parameter("experiments.four_points.gamma", [0.75, 1.5]),
        {"train_batch": 2, **ONE},
        of("four_points"),
        {},
        {"four_points": 6 * POINT},
    ),
    "a width removed": Case(
        parameter("experiments.four_points.widths", [50, 100]),
        # Views are of the smallest width.
        {"train_batch": 3, **{job: 1 for job in ONE if job != "views"}},
        of("four_points"),
        {},
        {"four_points": 9 * POINT * 2 // 3},
    ),
    "a training module edited": Case(
        edit("gradient_flow.py", "STEP_TOLERANCE = 0.085", "STEP_TOLERANCE = 0.05"),
        {"train_batch": 4, **BOTH},
        (*of("four_points"), *of("wave")),
        NETWORKS,
        NETWORKS,
    ),
    "a figure module edited": Case(
        edit("figures/style.py", 'INK = "#1a1a1a"', 'INK = "#333333"'),
        {"draw_experiment": 2, "pack": 2, "page": 1},
        (*FIGURES, "pack@four_points", "pack@wave", "page"),
        {},
        {},
    ),
}


def trained(project: Project) -> dict[str, int]:
    """Count the trainings there have been in a project."""
    return {experiment: len(project.trained(experiment)) for experiment in NETWORKS}


def newly_trained(project: Project, before: dict[str, int]) -> dict[str, int]:
    counts = {name: count - before[name] for name, count in trained(project).items()}
    return {name: count for name, count in counts.items() if count}


def from_nothing(root: Path, case: str) -> dict[str, bytes]:
    """Give the results of a run that has never seen anything else.

    Parameters
    ----------
    root : path
        A folder that all workers share: the first to come makes the results for the others.
    case : str
        Of CASES.
    """
    folder = root / "from_nothing" / case.replace(" ", "_")
    folder.parent.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        project = Project(folder)
        if not folder.exists():
            project = base(folder)
            CASES[case].apply(project)
            ended = project.snakemake()
            assert ended.code == 0, ended.text
    return project.results()


def stored(folder: Path, make: tuple[str, ...]) -> Project:
    """Give the project with its results in git's, DVC's and the remote's hands.

    Parameters
    ----------
    folder : path
        Where the project and its remote are put.
    make : tuple of str
        The command that makes the results.
    """
    project = base(folder / "with space")
    project.commit()
    for command in (
        ("dvc", "remote", "add", "--default", "store", str(folder / "store")),
        make,
        ("dvc", "commit", "--force", "--quiet"),
        ("dvc", "push"),
    ):
        ended = project.run(*command)
        assert ended.code == 0, ended.text
    assert trained(project) == NETWORKS
    project.commit()
    return project


def tree(kind: str, project: Project, folder: Path) -> Project:
    """Give a copy of the project in one of the two kinds of TREES."""
    if kind == "used tree":
        return project.copy(folder)
    assert project.run("git", "clone", "-q", str(project.folder), str(folder)).code == 0
    made = Project(folder)
    assert not made.path("results/wave/sweep.csv").exists()
    ended = made.dvc("pull")
    assert ended.code == 0, ended.text
    assert made.results() == project.results()
    return made
