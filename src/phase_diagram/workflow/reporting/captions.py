"""Captions of all figures and tables in Snakemake's report, and its overview; for report/*.rst.

They are composed when a report is made, from the current parameters, tables and records. No rule
and no stage depends on them.
"""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from phase_diagram.captions import find as findings
from phase_diagram.captions import settings
from phase_diagram.captions.words import paragraphs, sentence
from phase_diagram.errors import InputError
from phase_diagram.files import hashes, records, tables
from phase_diagram.workflow.plan import Plan
from phase_diagram.workflow.reporting import overview
from phase_diagram.workflow.reporting.overview import Context
from phase_diagram.workflow.reporting.places import BULKY
from phase_diagram.workflow.stages import EXPERIMENTS, STAGES

DIGITS = 12  # digits of a sha256 shown
RESULTS = "results/"  # links are relative to the page, which is in this folder


class Read(Mapping[str, Any]):
    """The tables of one experiment or study by their names, each read on first use."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.cached: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.cached:
            path = self.files[name]
            read = records.read_json if path.endswith(".json") else tables.read_csv
            contents = read(path)
            if contents is None:
                raise InputError(f"{path}: missing or damaged; run snakemake to make it anew")
            self.cached[name] = contents
        return self.cached[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def find(context: Context, key: str) -> str:
    """Return the report's caption of a result, or a part of the report's overview.

    Parameters
    ----------
    context : Context
    key : str
        The path of a figure or table, or one of `overview.PARTS`.

    Returns
    -------
    str
        reStructuredText.

    Raises
    ------
    InputError
        If a table is missing or damaged.
    """
    if key in overview.PARTS:
        return overview.PARTS[key](context)
    plan = context.plan
    stage, name, output = _results(plan)[key]
    group = STAGES[stage].group
    figure = key.endswith(".png")
    known = findings.figures(group) if figure else findings.tables(group)
    finding = known[output.removesuffix("_png") if figure else output](_tables(plan, group, name))
    return paragraphs(
        f"**Found.** {finding}",
        f"**Parameters.** {_parameters(plan, group, name)}",
        f"**Made from.** {_origin(plan, stage, name, output, key)}",
        _beside(key, output),
    )


@cache
def _results(plan: Plan) -> dict[str, tuple[str, str, str]]:
    """The stage of each result, its experiment or study, and its name there."""
    return {
        path.format(experiment=name, study=name): (key, name, output)
        for key, stage in STAGES.items()
        for name in plan.names(key)
        for output, path in stage.outputs.items()
    }


@cache
def _tables(plan: Plan, group: str, name: str) -> Read:
    steps = ("train", "fit", "measure")
    return Read(
        {
            output: path
            for path, (stage, owner, output) in _results(plan).items()
            if STAGES[stage].group == group and owner == name and STAGES[stage].step in steps
        }
    )


def _parameters(plan: Plan, group: str, name: str) -> str:
    experiments = {experiment: plan.values("train", experiment) for experiment in plan.experiments}
    datasets = plan.parameters.datasets.model_dump(mode="json")
    if group == EXPERIMENTS:
        return settings.experiment(experiments[name], datasets)
    measure = f"measure_{group}"
    trains = "problem" in STAGES[measure].inputs
    return settings.study(plan.values(measure, name), experiments, datasets, trains=trains)


def _origin(plan: Plan, stage: str, name: str, output: str, path: str) -> str:
    """Describe the record beside a result, and whether the result matches it."""
    made_from = plan.made_from(stage, name)
    record = records.read_record(plan.made_from(stage, name))
    if record is None:
        return f"The record of it, ``{made_from}``, is missing or damaged."
    inputs = {"code": STAGES[stage].code, **plan.inputs(stage, name)}
    sums = record["inputs"].items()
    files = [f"``{inputs.get(key, key)}`` ({sha256[:DIGITS]})" for key, sha256 in sums]
    sha256 = hashes.file_sha256(path)
    same = "the file" if record["outputs"].get(output) == sha256 else "**not** the file"
    return (
        f"{sentence(', '.join(files))[:-1]}, says ``{made_from}``; this is {same} that it "
        f"records ({sha256[:DIGITS]}). Numbers are the first digits of a sha256."
    )


def _beside(path: str, output: str) -> str:
    """Link to a file beside the page."""
    if path.endswith(".png"):
        document = f"{path.removesuffix('.png')}.pdf"
        return f"As a document: {_link(document)}."
    if output in BULKY:
        size = os.path.getsize(path) / 1e6
        return (
            f"The table is beside this page, {size:.1f} MB: {_link(path)}. What opens here is the "
            "record of what it was made from."
        )
    return ""


def _link(path: str) -> str:
    return f"`{path} <{path.removeprefix(RESULTS)}>`__"
