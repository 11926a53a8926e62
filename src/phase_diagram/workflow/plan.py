"""What each stage of the workflow makes, and from which parameters, code and files.

The rules declare, this module knows. It imports neither Snakemake nor torch, so that reading the
rules stays quick and tests need no workflow.
"""

import sys
from dataclasses import asdict
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from phase_diagram import parameters
from phase_diagram.errors import InputError
from phase_diagram.files import hashes
from phase_diagram.workflow import records, refusals
from phase_diagram.workflow.stages import EXPERIMENTS, STAGES, WHOLE, WHOLE_NAME
from phase_diagram.workflow.sweep_jobs import SweepJobs

USER_FAULT = 2
SHARED_SCRIPT = "job.py"
SCRIPTS_FOLDER = Path(__file__).parents[3] / "workflow" / "scripts"


@cache
def sources(stage: str) -> list[Path]:
    """List the files of code that decide what a stage makes."""
    scripts = (SHARED_SCRIPT, *STAGES[stage].scripts)
    roots = [SCRIPTS_FOLDER / script for script in scripts]
    for module in STAGES[stage].modules:
        # Imported by a computed name, it stands in no import statement, nor does its package.
        package = module.rpartition(".")[0]
        roots += [hashes.module_path(name) for name in (package, module)]
    return sorted({source for root in roots for source in hashes.sources_of(root)})


@cache
def code(stage: str) -> str:
    """Return the sha256 of a stage's code."""
    return hashes.code_sha256(sources(stage))


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
        # The kinds of which there are any.
        self.studies = {kind: list(named) for kind, named in chosen.studies if named}
        self.jobs = {name: SweepJobs(name, one) for name, one in chosen.experiments.items()}

    def names(self, stage: str) -> list[str]:
        """List the experiments or studies for which a stage is run, or the name of the whole."""
        group = STAGES[stage].group
        if group == WHOLE:
            return [WHOLE_NAME]
        return self.experiments if group == EXPERIMENTS else self.studies.get(group, [])

    def values(self, stage: str, name: str) -> dict[str, Any]:
        """Return what params.yaml says of one experiment or study, defaults included."""
        group = STAGES[stage].group
        of = self.chosen if group == EXPERIMENTS else self.chosen.studies
        values: dict[str, Any] = getattr(of, group)[name].model_dump(mode="json")
        return values

    def inputs(self, stage: str, name: str) -> dict[str, str]:
        """Return the files a stage is made from and compared with, by their names in the rules.

        A stage of the whole has those of every experiment, which comes before the name.
        """
        if STAGES[stage].group == WHOLE:
            return {
                f"{experiment}_{key}": path.format(experiment=experiment)
                for experiment in self.experiments
                for key, path in STAGES[stage].inputs.items()
            }
        keys = {"experiment": name, **self.values(stage, name), "study": name}
        return {key: path.format(**keys) for key, path in STAGES[stage].inputs.items()}

    def outputs(self, stage: str, name: str) -> list[str]:
        """Return the files that a stage makes."""
        return [path.format(experiment=name, study=name) for path in STAGES[stage].outputs.values()]

    def results(self, *steps: str) -> list[str]:
        """Return all files that some steps make, of all experiments and studies."""
        return [
            path
            for key, stage in STAGES.items()
            if stage.step in steps
            for name in self.names(key)
            for path in self.outputs(key, name)
        ]

    def final_results(self) -> list[str]:
        """Return all files that a whole run is for: tables, summaries and figures."""
        return self.results(*(stage.step for stage in STAGES.values() if stage.step != "prepare"))

    def origins(self, stage: str, name: str) -> dict[str, str]:
        """Return the records of all stages before this one, each with its settings."""
        before: dict[str, str] = {}
        waiting = [(stage, name)]
        while waiting:
            key, one = waiting.pop()
            made_by = [self._makers[path] for path in self.inputs(key, one).values()]
            # Jobs of training take the prepared data by other ways: see `description`.
            for origin in made_by if key != "train" else [("prepare", one)]:
                settings, made_from = self.records(*origin)
                before[made_from] = settings
                waiting.append(origin)
        return dict(sorted(before.items()))

    @cached_property
    def _makers(self) -> dict[str, tuple[str, str]]:
        """The stage, and for which name, that makes a file."""
        return {
            path: (key, name)
            for key in STAGES
            for name in self.names(key)
            for path in self.outputs(key, name)
        }

    def records(self, stage: str, name: str) -> tuple[str, str]:
        """Return the file of a stage's settings, and the record of what its results are from."""
        paths = (STAGES[stage].settings, STAGES[stage].made_from)
        settings, made_from = (path.format(experiment=name, study=name) for path in paths)
        return settings, made_from

    def section(self, stage: str, name: str) -> dict[str, Any]:
        """Return the parameters that matter to a stage, or to one of its jobs, and no others."""
        if stage == "train_batch":
            # Not the grid: a job of a larger grid, with the same networks, is the same job.
            return asdict(self.chosen.experiments[name].training())
        step = STAGES[stage].step
        if step in ("figures", "draw", "page"):
            looks: dict[str, Any] = self.chosen.figures.model_dump(mode="json")
            # Which experiments the page is of, and in which order it offers them.
            return {**looks, "experiments": self.experiments} if step == "page" else looks
        values = self.values(stage, name)
        if step == "prepare":
            section = {"dataset": values["dataset"]}
            if values["dataset"] == "mnist":
                section["mnist_images"] = self.chosen.datasets.mnist_images
            return section
        if step == "train":
            # The same networks come out however they are divided into jobs.
            return {key: values[key] for key in values if key not in ("dataset", "points_per_job")}
        if step == "measure":
            section = {"study": values}
            if STAGES[stage].borrowed:
                experiment = self.chosen.experiments[values["experiment"]]
                section |= {key: getattr(experiment, key) for key in STAGES[stage].borrowed}
            return section
        if step == "views":
            # One network a point, of the smallest width: neither seeds nor jobs matter.
            experiment = self.chosen.experiments[name]
            return {
                "gamma": values["gamma"],
                "gamma_prime": values["gamma_prime"],
                "width": min(experiment.widths),
                "training": asdict(experiment.training()),
            }
        return {}

    def description(self, stage: str, name: str) -> dict[str, Any]:
        """Return all that decides a stage's results, beside the results of the stage before."""
        described = {"parameters": self.section(stage, name), "code": code(stage)}
        if stage == "prepare":
            described["files"] = {
                path: hashes.file_sha256(path) for path in self.dataset_files(name)
            }
        if stage == "train":
            # Jobs of training ignore the age of the prepared data (see train.smk), so that its
            # origin has to be told here.
            described["data"] = self.description("prepare", name)
        return described

    def dataset_files(self, experiment: str) -> list[str]:
        """Return the user's own data file, if the experiment has one."""
        dataset = self.chosen.experiments[experiment].dataset
        return [] if dataset in parameters.DATASETS else [dataset]

    def write_settings(self) -> list[Path]:
        """Write the settings of all stages, of experiments first: studies are made from them.

        Returns
        -------
        list of Path
            The results that are still to be made, or to be made anew. They may make others so.
        """
        wanted: list[Path] = []
        for key in STAGES:
            for name in self.names(key):
                outputs = [Path(path) for path in self.outputs(key, name)]
                settings, made_from = self.records(key, name)
                done = records.write_settings(
                    Path(settings),
                    self.description(key, name),
                    [Path(path) for path in self.inputs(key, name).values()],
                    outputs,
                    Path(made_from),
                    self.origins(key, name),
                )
                wanted += [] if done else outputs
        return wanted


def plan_or_exit(path: str, may_write: bool = True) -> Plan:
    """Read and plan; a fault of the parameters ends the process with lines, not a traceback.

    Nothing is written before the parameters are found to be good.

    Parameters
    ----------
    path : str
        The parameter file.
    may_write : bool
        Whether the settings are to be written: by the process that decides what is to be done. A
        job on another machine would compare results that others are just making, from parameters
        that may have been edited since, and change what these write into their records.
    """
    try:
        plan = Plan(parameters.load(path))
        refusals.refuse_unwatched_files(plan)
        refusals.refuse_faulty_data(plan)
        if may_write:
            refusals.refuse_unwritable(plan.write_settings())
    except InputError as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        sys.exit(USER_FAULT)
    return plan
