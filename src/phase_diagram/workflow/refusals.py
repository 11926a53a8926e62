"""What a plan is refused for before any work begins, beside faults of the parameters themselves."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from phase_diagram.errors import InputError
from phase_diagram.files import records

if TYPE_CHECKING:
    from phase_diagram.workflow.plan import Plan


def refuse_unwatched_files(plan: "Plan") -> None:
    """Under DVC, refuse a user's data file that is no dependency of its stage.

    DVC would not notice a change of its contents, and would call old results up to date.

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


def refuse_faulty_data(plan: "Plan") -> None:
    """Read the user's data files of which nothing has been prepared, before any work begins.

    Raises
    ------
    InputError
        With a line for each fault in them.
    """
    faults: list[str] = []
    for experiment in plan.experiments:
        _, made_from = plan.records("prepare", experiment)
        found = records.read_json(made_from)
        known = isinstance(found, dict) and found.get("settings")
        if known == plan.description("prepare", experiment):
            continue
        for path in plan.dataset_files(experiment):
            from phase_diagram import datasets  # numpy, which nothing else here needs

            try:
                datasets.load(path)
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)


def refuse_unwritable(wanted: list[Path]) -> None:
    """See that files can be made, before any work begins.

    Raises
    ------
    InputError
        With a line for each folder that may not be written to.
    """
    folders = {next(each for each in path.parents if each.exists()) for path in wanted}
    faults = [
        f"{folder}: may not be written to, and there are results to be made in it"
        for folder in sorted(folders)
        if not os.access(folder, os.W_OK | os.X_OK)
    ]
    if faults:
        raise InputError(faults)
