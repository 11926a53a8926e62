"""What each stage of the workflow makes, and from which parameters, code and files.

The rules declare, this module knows. It imports neither Snakemake nor torch, so that reading the
rules stays quick and tests need no workflow.
"""

import json
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from phase_diagram import batches, fingerprint, parameters, runs
from phase_diagram.atomic import atomic_path
from phase_diagram.batches import Batch
from phase_diagram.errors import InputError

# The scripts of each stage, and with them all modules that they import, decide what it makes.
SCRIPTS = {
    "prepare": ("prepare.py",),
    "train": ("train.py", "collect.py"),
    "fit": ("fit.py",),
    "figures": ("figures.py",),
}
USER_FAULT = 2
SHARED_SCRIPT = "job.py"
SCRIPTS_FOLDER = Path(__file__).parent / "scripts"

PROBLEM = "data/prepared/{experiment}.npz"
RUNS = "results/runs"
BATCH = "results/runs/{experiment}-{fingerprint}/batches/{batch}.csv"
BENCHMARK = "results/runs/{experiment}-{fingerprint}/benchmarks/{batch}.tsv"
SWEEP = "results/{experiment}/sweep.csv"
SLOPES = "results/{experiment}/slopes.csv"
BOUNDARY = "results/{experiment}/boundary.csv"
METRICS = "results/{experiment}/metrics.json"
PNG = "results/figures/{experiment}_phase_diagram.png"
PDF = "results/figures/{experiment}_phase_diagram.pdf"
# A stage reads its settings from one file, and leaves a record of them beside its results.
SETTINGS = ".snakemake/settings/{experiment}/STAGE.json"
MADE_FROM = "results/{experiment}/made_from/STAGE.json"
INPUTS = {"fit": (SWEEP,), "figures": (SLOPES, BOUNDARY)}
OUTPUTS = {
    "prepare": (PROBLEM,),
    "train": (SWEEP,),
    "fit": (SLOPES, BOUNDARY, METRICS),
    "figures": (PNG, PDF),
}


def settings(stage: str) -> str:
    """Return the settings file of a stage, with the wildcard {experiment}."""
    return SETTINGS.replace("STAGE", stage)


def made_from(stage: str) -> str:
    """Return the record of what a stage's results were made from."""
    return MADE_FROM.replace("STAGE", stage)


@cache
def sources(stage: str) -> list[Path]:
    """List the files of code that decide what a stage makes."""
    found = {SCRIPTS_FOLDER / SHARED_SCRIPT}
    for script in (SHARED_SCRIPT, *SCRIPTS[stage]):
        found.update(fingerprint.sources_of(SCRIPTS_FOLDER / script))
    return sorted(found)


@cache
def code(stage: str) -> str:
    """Return the sha256 of a stage's code."""
    return fingerprint.code_sha256(sources(stage))


class Plan:
    """The stages for one set of parameters.

    Parameters
    ----------
    chosen : parameters.Parameters
        Validated.
    """

    def __init__(self, chosen: parameters.Parameters) -> None:
        self.chosen = chosen
        self.experiments = list(chosen.experiments)
        self._batches: dict[str, dict[str, Batch]] = {}

    def section(self, stage: str, experiment: str) -> dict[str, Any]:
        """Return the parameters that matter to a stage, or to one of its jobs, and no others."""
        values = self.chosen.experiments[experiment].model_dump(mode="json")
        if stage == "prepare":
            section = {"dataset": values["dataset"]}
            if values["dataset"] == "mnist":
                section["mnist_images"] = self.chosen.datasets.mnist_images
            return section
        if stage == "train_batch":
            # Not the grid: a job of a larger grid, with the same networks, is the same job.
            return {key: values[key] for key in ("method", "tolerance")}
        if stage == "train":
            # The same networks come out however they are divided into jobs.
            return {key: values[key] for key in values if key not in ("dataset", "points_per_job")}
        if stage == "figures":
            return self.chosen.figures.model_dump(mode="json")
        return {}

    def description(self, stage: str, experiment: str) -> dict[str, Any]:
        """Return all that decides a stage's results, beside the results of the stage before."""
        described = {"parameters": self.section(stage, experiment), "code": code(stage)}
        if stage == "prepare":
            described["files"] = {
                path: fingerprint.file_sha256(path) for path in self.dataset_files(experiment)
            }
        if stage == "train":
            # Jobs of training ignore the age of the prepared data (see train.smk), so that its
            # origin has to be told here.
            described["data"] = self.description("prepare", experiment)
        return described

    def dataset_files(self, experiment: str) -> list[str]:
        """Return the user's own data file, if the experiment has one."""
        dataset = self.chosen.experiments[experiment].dataset
        return [] if dataset in parameters.DATASETS else [dataset]

    def refuse_unwatched_files(self) -> None:
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
            for experiment in self.experiments
            for path in self.dataset_files(experiment)
            if not any(Path(path).resolve().is_relative_to(folder) for folder in watched)
        ]
        if faults:
            raise InputError(faults)

    def batches(self, experiment: str) -> dict[str, Batch]:
        """Return the jobs of a sweep by their names."""
        if experiment not in self._batches:
            chosen = self.chosen.experiments[experiment]
            divided = batches.split(
                chosen.points(), chosen.widths, chosen.seeds, chosen.points_per_job
            )
            self._batches[experiment] = {batch.name: batch for batch in divided}
        return self._batches[experiment]

    def batch(self, experiment: str, name: str) -> Batch:
        """Return one job of a sweep.

        Raises
        ------
        InputError
            If the sweep has no such job, as after a change of its grid.
        """
        try:
            return self.batches(experiment)[name]
        except KeyError:
            raise InputError(f"the sweep {experiment} has no batch {name} now") from None

    def run(self, experiment: str) -> runs.Run:
        """Return the run that the prepared data, the parameters and the code amount to.

        Raises
        ------
        InputError
            If the prepared data is missing or damaged.
        """
        from phase_diagram.datasets import Problem

        chosen = self.chosen.experiments[experiment]
        problem = Problem.read(PROBLEM.format(experiment=experiment))
        fingerprint_ = fingerprint.training_fingerprint(
            problem.sha256(), chosen.method, chosen.tolerance
        )
        folder = Path(RUNS) / runs.folder_name(experiment, fingerprint_)
        return runs.Run(experiment, fingerprint_, folder)

    def batch_tables(self, run: runs.Run) -> list[str]:
        """Return the tables of all jobs of a sweep."""
        return [f"{run.folder}/batches/{name}.csv" for name in self.batches(run.experiment)]

    def write_settings(self) -> None:
        """Write the settings of all stages, so that Snakemake sees which results do not fit them.

        Snakemake knows the inputs and parameters of its own last execution, which need not be
        what DVC has put into the folder since, and in a fresh clone it knows nothing but ages.
        Contents decide here: results whose record agrees with the settings, with the tables they
        were made from and with themselves are made younger than these, if they are not; for all
        others the settings change.
        """
        for experiment in self.experiments:
            for stage in SCRIPTS:
                self._write_settings(stage, experiment)

    def _write_settings(self, stage: str, experiment: str) -> None:
        def paths(*patterns: str) -> list[Path]:
            return [Path(pattern.format(experiment=experiment)) for pattern in patterns]

        (settings_file,) = paths(settings(stage))
        outputs = paths(*OUTPUTS[stage], made_from(stage))
        inputs = paths(*INPUTS.get(stage, ()))
        described = self.description(stage, experiment)
        record = _read_json(outputs[-1])
        expected = {
            "settings": described,
            "inputs": fingerprint.files_sha256(inputs),
            "outputs": fingerprint.files_sha256(outputs[:-1]),
        }
        fits = record == expected
        if not fits and any(path.exists() for path in outputs):
            described["instead_of"] = record
        if _read_json(settings_file) != described:
            with atomic_path(settings_file) as temporary:
                temporary.write_text(json.dumps(described, indent=1, sort_keys=True) + "\n")
        if fits:
            _make_younger(outputs, [settings_file, *inputs])


def plan_or_exit(path: str) -> Plan:
    """Read and plan; a fault of the parameters ends the process with lines, not a traceback.

    Nothing is written before the parameters are found to be good.
    """
    try:
        plan = Plan(parameters.load(path))
        plan.refuse_unwatched_files()
        plan.write_settings()
    except InputError as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        sys.exit(USER_FAULT)
    return plan


def _make_younger(outputs: list[Path], inputs: list[Path]) -> None:
    if not all(path.exists() for path in outputs):
        return
    youngest = max(path.stat().st_mtime_ns for path in inputs)
    if any(path.stat().st_mtime_ns < youngest for path in outputs):
        # A file that may not be touched is made again: more work, nothing wrong.
        with suppress(OSError):
            for path in outputs:
                os.utime(path)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
