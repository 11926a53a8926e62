"""dvc.yaml against what the rules use: nothing is run here."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import yaml
from small_project import ROOT

from phase_diagram.workflow import plan
from phase_diagram.workflow.stages import EXPERIMENTS, KINDS, STAGES, WHOLE, Stage

RULES = {
    "prepare": "data",
    "train": "train",
    "fit": "fit",
    "figures": "figures",
    "measure": "studies",
    "draw": "study_figures",
    **dict.fromkeys(("views", "pack", "page"), "explorer"),
}
PLANNING = (
    "plan.py",
    "records.py",
    "refusals.py",
    "stages.py",
    "sweep_jobs.py",
    "rules/common.smk",
)


@pytest.fixture(scope="module")
def content() -> dict:
    """Give dvc.yaml."""
    return yaml.safe_load((ROOT / "dvc.yaml").read_text())


@pytest.fixture(scope="module")
def declared(content) -> dict[str, dict]:
    """Give the stages of dvc.yaml."""
    return {name: stage.get("do", stage) for name, stage in content["stages"].items()}


def test_there_is_a_stage_for_each_of_the_workflow(content):
    assert list(content["stages"]) == list(STAGES)
    for name, stage in STAGES.items():
        if stage.group == WHOLE:
            assert "foreach" not in content["stages"][name]
            continue
        group = EXPERIMENTS if stage.group == EXPERIMENTS else f"studies.{stage.group}"
        assert content["stages"][name]["foreach"] == f"${{{group}}}"
    # Kinds that params.yaml leaves out have no studies.
    assert {"studies": {kind: {} for kind in KINDS}} in content["vars"]


@pytest.mark.parametrize("stage", STAGES)
def test_deps_are_the_code_that_the_rules_use(declared, stage):
    used = {path.relative_to(ROOT) for path in plan.sources(stage)}
    used |= {Path("workflow") / name for name in PLANNING}
    # Where defaults stand, and what a value means.
    used |= {path.relative_to(ROOT) for path in (ROOT / "src/phase_diagram/parameters").iterdir()}
    used |= {Path(f"workflow/rules/{RULES[STAGES[stage].step]}.smk")}
    watched = {Path(dep) for dep in declared[stage]["deps"] if dep.startswith(("src", "workflow"))}
    unwatched = {path for path in used if not watched & {path, *path.parents}}
    assert not unwatched, "add these to the deps of dvc.yaml"
    assert not watched - {parent for path in used for parent in (path, *path.parents)}, (
        "take these out of the deps of dvc.yaml"
    )


def files(entries: list) -> Iterator[str]:
    for entry in entries:
        yield entry if isinstance(entry, str) else next(iter(entry))


def made(stage: dict) -> list[str]:
    """List all that DVC takes for outputs: what it compares and draws are among them."""
    return [*chain(*(files(stage.get(section, [])) for section in ("outs", "metrics", "plots")))]


def as_dvc(stage: Stage, pattern: str) -> str:
    """Write a pattern of the rules in the words of dvc.yaml."""
    own = "{experiment}" if stage.group == EXPERIMENTS else "{study}"
    return re.sub(r"(?<!\$)\{(\w+)\}", r"${item.\1}", pattern.replace(own, "${key}"))


@pytest.mark.parametrize("name", STAGES)
def test_stages_hand_on_what_the_rules_make(declared, name):
    stage, written = STAGES[name], declared[name]
    outputs = {as_dvc(stage, path) for path in (*stage.outputs.values(), stage.made_from)}
    assert sorted(made(written)) == sorted(outputs)
    # A cached metrics file could not be committed to git, and readers would not see it.
    assert written.get("metrics", []) == (
        [{"results/${key}/metrics.json": {"cache": False}}] if name == "fit" else []
    )
    needed = {as_dvc(stage, path) for path in stage.inputs.values()}
    if name == "train":  # the data, and the record of what it was made from
        before = STAGES["prepare"]
        needed = {as_dvc(before, path) for path in (*before.outputs.values(), before.made_from)}
    if stage.group == WHOLE:  # of all experiments: the folder that holds them
        needed = {str(Path(path).parent) for path in needed}
    assert {dep for dep in written["deps"] if "${" in dep or dep.startswith("results")} == needed


@pytest.mark.parametrize("name", STAGES)
def test_params_are_those_that_the_rules_use(declared, name):
    stage = STAGES[name]
    expected = {
        "prepare": {"experiments.${key}.dataset", "datasets"},
        "train": {"experiments.${key}"},
        "fit": set(),
        "figures": {"figures"},
        "measure": {f"studies.{stage.group}.${{key}}"},
        "draw": {"figures"},
        "views": {"experiments.${key}"},
        "pack": set(),
        # Which experiments there are.
        "page": {"experiments", "figures"},
    }[stage.step]
    expected |= {f"experiments.${{item.experiment}}.{key}" for key in stage.borrowed}
    assert set(declared[name].get("params", [])) == expected


def test_sections_are_what_the_params_hold():
    point = {"dataset": "mnist", "gamma": [1], "gamma_prime": [0], "widths": [2, 3]}
    study = {"experiment": "e", "points": [[1, 0]]}
    chosen = plan.parameters.parse(
        {
            "experiments": {"e": point},
            "studies": {
                "portraits": {"s": {**study, "width": 9}},
                "relative_distances": {"s": study},
            },
        }
    )
    small = plan.Plan(chosen)
    experiment = set(type(chosen.experiments["e"]).model_fields)
    figures = set(type(chosen.figures).model_fields)
    assert set(small.section("prepare", "e")) == {"dataset", *type(chosen.datasets).model_fields}
    assert set(small.section("train", "e")) == experiment - {"dataset", "points_per_job"}
    assert small.section("fit", "e") == {}
    assert (
        set(small.section("figures", "e")) == set(small.section("draw_portraits", "s")) == figures
    )
    assert small.section("measure_portraits", "s") == {
        "study": {"experiment": "e", "points": [[1.0, 0.0]], "width": 9, "seed": 0},
        "tolerance": 1e-6,
        "activation": "relu",
    }
    assert STAGES["measure_kernels"].borrowed == ("tolerance",)
    assert set(small.section("page", "explorer")) == figures | {"experiments"}
    assert small.section("views", "e")["width"] == 2
    assert set(small.section("measure_relative_distances", "s")) == {"study"}


def test_commands_build_their_stage_by_its_own_rules(declared):
    for name, stage in declared.items():
        rules, target = stage["cmd"].removeprefix("${run}/").split()
        assert rules == f"{RULES[STAGES[name].step]}.smk"
        assert target in made(stage)


def test_plots_are_tables_by_a_template_and_pictures(declared, content):
    # Of the whole file they would name experiments, which params.yaml need not have.
    assert "plots" not in content
    plots = [entry for stage in declared.values() for entry in stage.get("plots", [])]
    tables = dict(next(iter(entry.items())) for entry in plots if isinstance(entry, dict))
    assert set(tables) == {"results/${key}/boundary.csv", "results/${key}/slopes.csv"}
    for written in tables.values():
        assert {"template", "x", "y", "title"} == set(written)
        text = (ROOT / ".dvc/plots" / f"{written['template']}.json").read_text()
        assert json.loads(text)["data"] == {"values": "<DVC_METRIC_DATA>"}
        # Otherwise revisions could not be told apart.
        assert "<DVC_METRIC_COLOR>" in text
    pictures = {entry for entry in plots if isinstance(entry, str)}
    assert pictures == {"results/figures/${key}_phase_diagram.png"}
