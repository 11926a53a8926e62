"""Checks made before any job starts, beside those of the parameters themselves."""

import os
from collections.abc import Iterable
from pathlib import Path

import yaml

from phase_diagram.errors import InputError
from phase_diagram.files import records
from phase_diagram.workflow.plan import Plan, Run
from phase_diagram.workflow.stages import STAGES


def refuse_unwatched_data(plan: Plan) -> None:
    """Under DVC, refuse a user's data file that is not a dependency of its stage.

    DVC would not notice a change of its contents, and would take old results for up to date.

    Raises
    ------
    InputError
        With a line for each such file.
    """
    if "DVC_STAGE" not in os.environ or not os.path.isfile("dvc.yaml"):
        return
    with open("dvc.yaml", encoding="utf-8") as file:
        stage = yaml.safe_load(file)["stages"]["prepare"]
    watched = [Path(path).resolve() for path in stage["do"]["deps"]]
    faults = [
        f"experiments.{experiment}.dataset: {path}: dvc would not notice a change of this "
        "file: must lie in data/user/ or be one of the deps of the stage prepare in dvc.yaml"
        for experiment in plan.experiments
        for path in plan.dataset_files(experiment)
        if not any(Path(path).resolve().is_relative_to(folder) for folder in watched)
    ]
    if faults:
        raise InputError(faults)


def refuse_faulty_data(plan: Plan) -> None:
    """Check the user's data files that have not been prepared yet, before any work begins.

    Raises
    ------
    InputError
        With a line for each fault in them.
    """
    faults: list[str] = []
    for experiment in plan.experiments:
        files = plan.files("prepare", experiment)
        known = records.read_record(plan.place / plan.made_from("prepare", experiment))
        if known and records.record({}, files, {})["inputs"].items() <= known["inputs"].items():
            continue
        for path in files.values():
            from phase_diagram.datasets.load import load  # numpy, which nothing else here needs

            try:
                load(path)
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)


def refuse_unwritable(paths: Iterable[Path]) -> None:
    """Check that files can be created, before any work begins.

    Raises
    ------
    InputError
        With a line for each folder that may not be written to.
    """
    folders = {next(each for each in path.parents if each.exists()) for path in paths}
    faults = [
        f"{folder}: may not be written to, and there are results to be made in it"
        for folder in sorted(folders)
        if not os.access(folder, os.W_OK | os.X_OK)
    ]
    if faults:
        raise InputError(faults)


def refuse_misfits(plan: Plan, steps: set[str], outdated: set[Run]) -> None:
    """Refuse results that some steps would start from and that do not fit.

    Under DVC nothing is refused: it compares contents itself, and may have checked out only what
    a stage needs.

    Parameters
    ----------
    plan : Plan
    steps : set of str
        The steps that are run; other stages have no jobs in this run.
    outdated : set of (str, str)
        The stages whose results are missing or out of date.

    Raises
    ------
    InputError
        With a line for each earlier stage that has such results.
    """
    if "DVC_STAGE" in os.environ:
        return
    before = set().union(*(plan.before(run) for run in plan.runs(steps)))
    faults = [
        f"{path}: was made with different parameters, code or data, or changed since; run "
        "snakemake without -s to make it anew"
        for stage, name in plan.runs()
        if (stage, name) in before & outdated and STAGES[stage].step not in steps
        for path in plan.outputs(stage, name).values()
        if (plan.place / path).exists()
    ]
    if faults:
        raise InputError(faults)
