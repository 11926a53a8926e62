"""dvc.yaml against the table of stages: nothing is run here."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import yaml
from small_project import ROOT

from phase_diagram.workflow.stages import (
    CODE,
    EXPERIMENTS,
    KINDS,
    PARAMETERS,
    STAGES,
    WHOLE,
    Stage,
)

RULES = {
    "prepare": "data",
    "train": "train",
    "fit": "fit",
    "figures": "figures",
    "measure": "studies",
    "draw": "study_figures",
    **dict.fromkeys(("views", "pack", "page"), "explorer"),
}


@pytest.fixture(scope="module")
def content() -> dict:
    """Give dvc.yaml."""
    return yaml.safe_load((ROOT / "dvc.yaml").read_text())


@pytest.fixture(scope="module")
def declared(content) -> dict[str, dict]:
    """Give the stages of dvc.yaml."""
    return {name: stage.get("do", stage) for name, stage in content["stages"].items()}


def test_there_is_a_stage_for_each_of_the_workflow(content):
    assert list(content["stages"]) == ["plan", *STAGES]
    for name, stage in STAGES.items():
        if stage.group == WHOLE:
            assert "foreach" not in content["stages"][name]
            continue
        group = EXPERIMENTS if stage.group == EXPERIMENTS else f"studies.{stage.group}"
        assert content["stages"][name]["foreach"] == f"${{{group}}}"
    # Kinds that params.yaml leaves out have no studies.
    assert {"studies": {kind: {} for kind in KINDS}} in content["vars"]


def test_the_plan_is_made_from_all_code_and_all_parameters(declared):
    assert declared["plan"]["deps"] == ["src/phase_diagram"]
    assert declared["plan"]["params"] == [{"params.yaml": None}]
    assert declared["plan"]["outs"] == [CODE, PARAMETERS]


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
    if stage.group == WHOLE:  # of all experiments: the folder that holds them
        needed = {str(Path(path).parent) for path in needed}
    if name == "prepare":
        needed = {"data/user"}
    assert set(written["deps"]) == needed | {stage.code, as_dvc(stage, stage.parameters)}
    # Parameters are known by the stage `plan`, which knows defaults too.
    assert "params" not in written


def test_commands_build_their_stage_by_its_own_rules(declared):
    for name in STAGES:
        rules, target = declared[name]["cmd"].removeprefix("${run}/").split()
        assert rules == f"{RULES[STAGES[name].step]}.smk"
        assert target in made(declared[name])


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
