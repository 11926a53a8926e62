"""The whole workflow through DVC, on small parameters."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from small_project import NETWORKS, ROOT, Project

sys.path.append(str(ROOT / "workflow"))
import plan

STAGES = tuple(plan.SCRIPTS)
RULES = {"prepare": "data", "train": "train", "fit": "fit", "figures": "figures"}


def stages(*names: str, experiments: tuple[str, ...] = tuple(NETWORKS)) -> set[str]:
    return {f"{name}@{experiment}" for name in names for experiment in experiments}


def commit(project: Project) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    for command in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-q", "-m", "state")):
        assert project.run("git", *command).code == 0


@pytest.fixture(scope="module")
def reproduced(tmp_path_factory) -> Project:
    """Give a project after `dvc repro`; to be copied, not changed."""
    project = Project.create(tmp_path_factory.mktemp("reproduced") / "with space")
    project.path(".gitignore").write_text("/results/*/*\n!/results/*/metrics.json\n.snakemake\n")
    commit(project)
    ended = project.dvc("repro")
    assert ended.code == 0, ended.text
    assert ended.stages == stages(*STAGES)
    return project


@pytest.fixture
def project(reproduced, tmp_path) -> Project:
    """Give a copy of the reproduced project."""
    return reproduced.copy(tmp_path / "with space")


def test_the_results_are_those_of_snakemake(reproduced, finished):
    assert reproduced.results() == finished.results()
    assert "Nothing to be done" in reproduced.snakemake("--dry-run").text


def test_a_second_repro_runs_nothing(reproduced):
    ended = reproduced.dvc("repro")
    assert ended.code == 0
    assert "up to date" in ended.text
    assert not ended.stages


def test_a_figure_setting_draws_figures_alone(project):
    project.change("figures.dpi", 70)
    ended = project.dvc("repro")
    assert ended.code == 0
    assert ended.stages == stages("figures")
    assert ended.jobs == {"draw_phase_diagram": 2}


def test_a_tolerance_concerns_its_experiment_alone(project):
    before = project.results()
    project.change("experiments.wave.tolerance", 1e-5)
    ended = project.dvc("repro")
    assert ended.code == 0
    assert ended.stages == stages("train", "fit", "figures", experiments=("wave",))
    changed = project.results()
    assert changed["results/wave/sweep.csv"] != before["results/wave/sweep.csv"]

    # DVC puts the old results back; Snakemake's records still tell of the new ones. Nothing of
    # this may make it take the one for the other.
    project.change("experiments.wave.tolerance", 1e-4)
    ended = project.dvc("repro")
    assert ended.code == 0
    assert not ended.stages
    assert project.results() == before
    project.change("experiments.wave.tolerance", 1e-5)
    assert project.snakemake().code == 0
    assert project.results() == changed
    assert len(project.trained("wave")) == 2 * NETWORKS["wave"]


def test_a_clone_with_pulled_results_has_nothing_to_do(project, tmp_path):
    store = str(tmp_path / "store")
    assert project.dvc("remote", "add", "--default", "store", store).code == 0
    commit(project)
    assert project.dvc("push").code == 0
    clone = Project(tmp_path / "clone")
    assert project.run("git", "clone", "-q", str(project.folder), str(clone.folder)).code == 0
    assert not clone.path("results/wave/sweep.csv").exists()
    ended = clone.dvc("pull")
    assert ended.code == 0, ended.text
    assert clone.results() == project.results()
    assert "Nothing to be done" in clone.snakemake("--dry-run").text
    ended = clone.dvc("repro")
    assert ended.code == 0
    assert not ended.stages
    clone.change("experiments.wave.seeds", 3)
    # Nothing is stored here to build on: all networks of this experiment, but of this one alone.
    ended = clone.dvc("repro")
    assert ended.code == 0
    assert ended.stages == stages("train", "fit", "figures", experiments=("wave",))
    assert len(clone.trained("wave")) == NETWORKS["wave"] * 3 / 2


def test_data_that_dvc_does_not_watch_is_refused(project):
    table = project.path("data/user/wave.csv")
    table.rename(project.path("wave.csv"))
    project.change("experiments.wave.dataset", "wave.csv")
    ended = project.dvc("repro", "prepare@wave")
    assert ended.code != 0
    assert "error: experiments.wave.dataset: wave.csv: dvc would not notice" in ended.text
    # Once it is watched, it is taken, and a change of its contents is seen.
    stages_file = project.path("dvc.yaml")
    text = stages_file.read_text()
    stages_file.write_text(text.replace("- data/user\n", "- data/user\n        - wave.csv\n"))
    assert project.dvc("repro", "prepare@wave").code == 0
    moved = project.path("wave.csv")
    moved.write_text(moved.read_text().replace("0.6", "0.7"))
    assert project.dvc("repro", "prepare@wave").stages == {"prepare@wave"}


# ---- dvc.yaml against the rules --------------------------------------------------------------


@pytest.fixture(scope="module")
def declared() -> dict[str, dict]:
    """Give the stages of dvc.yaml."""
    content = yaml.safe_load((ROOT / "dvc.yaml").read_text())
    assert content["stages"].keys() == set(STAGES)
    return {name: stage["do"] for name, stage in content["stages"].items()}


@pytest.mark.parametrize("stage", STAGES)
def test_deps_are_the_code_that_the_rules_use(declared, stage):
    used = {path.relative_to(ROOT) for path in plan.sources(stage)}
    used |= {Path("workflow/plan.py"), Path("workflow/rules/common.smk")}
    used |= {Path(f"workflow/rules/{RULES[stage]}.smk")}
    watched = {Path(dep) for dep in declared[stage]["deps"] if dep.startswith(("src", "workflow"))}
    unwatched = {path for path in used if not watched & {path, *path.parents}}
    assert not unwatched, "add these to the deps of dvc.yaml"
    assert not watched - {parent for path in used for parent in (path, *path.parents)}, (
        "take these out of the deps of dvc.yaml"
    )


def files(entries: list) -> Iterator[str]:
    for entry in entries:
        yield entry if isinstance(entry, str) else next(iter(entry))


def test_stages_hand_on_what_the_rules_make(declared):
    made = set()
    for name, stage in declared.items():
        pattern = [*plan.OUTPUTS[name], plan.made_from(name)]
        outputs = {path.replace("{experiment}", "${key}") for path in pattern}
        assert {*files(stage["outs"]), *files(stage.get("metrics", []))} == outputs
        # A cached metrics file could not be committed to git, and readers would not see it.
        assert stage.get("metrics", []) == (
            [{"results/${key}/metrics.json": {"cache": False}}] if name == "fit" else []
        )
        inputs = {dep for dep in stage["deps"] if "${key}" in dep}
        needed = {path.replace("{experiment}", "${key}") for path in plan.INPUTS.get(name, ())}
        if name == "train":
            needed |= made  # the data, and the record of what it was made from
        assert inputs == needed
        made |= outputs


def test_params_are_those_that_the_rules_use(declared):
    parameters = {name: set(stage.get("params", [])) for name, stage in declared.items()}
    assert parameters == {
        "prepare": {"experiments.${key}.dataset", "datasets"},
        "train": {"experiments.${key}"},
        "fit": set(),
        "figures": {"figures"},
    }
    chosen = plan.parameters.parse(
        {
            "experiments": {
                "e": {"dataset": "mnist", "gamma": [1], "gamma_prime": [0], "widths": [2, 3]}
            }
        }
    )
    small = plan.Plan(chosen)
    sections = {stage: set(small.section(stage, "e")) for stage in STAGES}
    experiment = set(type(chosen.experiments["e"]).model_fields)
    assert sections["prepare"] == {"dataset", *type(chosen.datasets).model_fields}
    assert sections["train"] == experiment - {"dataset", "points_per_job"}
    assert sections["fit"] == set()
    assert sections["figures"] == set(type(chosen.figures).model_fields)


def test_commands_build_their_stage_by_its_own_rules(declared):
    for name, stage in declared.items():
        rules, target = stage["cmd"].removeprefix("${run}/").split()
        assert rules == f"{RULES[name]}.smk"
        assert target in {*files(stage["outs"]), *files(stage.get("metrics", []))}
