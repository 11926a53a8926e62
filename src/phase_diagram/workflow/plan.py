"""The outputs of each stage of the workflow, and the parameters, code and files it depends on.

The rules get their files from this module. It imports neither Snakemake nor torch, so that reading
the rules stays quick and tests need no workflow.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from phase_diagram.parameters import dataset_names, params_yaml
from phase_diagram.workflow import descriptions, records
from phase_diagram.workflow.stages import EXPERIMENTS, STAGES, WHOLE, WHOLE_NAME
from phase_diagram.workflow.sweep_jobs import SweepJobs

# A stage, and the experiment or study for which it is run.
Run = tuple[str, str]


class Plan:
    """The stages for one set of parameters.

    Parameters
    ----------
    parameters : params_yaml.Parameters
        Validated.
    place : path
        The folder that contains data/ and results/. Paths for the rules are without it: Snakemake
        prepends it if this workflow is used as a module of another.
    """

    def __init__(self, parameters: params_yaml.Parameters, place: Path = Path()) -> None:
        self.parameters = parameters
        self.place = place
        self.experiments = list(parameters.experiments)
        # Only kinds of which there are studies.
        self.studies = {kind: list(named) for kind, named in parameters.studies if named}
        self.jobs = {
            name: SweepJobs(name, experiment, place)
            for name, experiment in parameters.experiments.items()
        }

    def names(self, stage: str) -> list[str]:
        """List the experiments or studies for which a stage is run; one name if it is run once."""
        group = STAGES[stage].group
        if group == WHOLE:
            return [WHOLE_NAME]
        return self.experiments if group == EXPERIMENTS else self.studies.get(group, [])

    def runs(self, steps: Iterable[str] | None = None) -> list[Run]:
        """List all stages with all names, or only those of some steps; inputs come first."""
        selected_steps = None if steps is None else set(steps)
        return [
            (key, name)
            for key, stage in STAGES.items()
            if selected_steps is None or stage.step in selected_steps
            for name in self.names(key)
        ]

    def values(self, stage: str, name: str) -> dict[str, Any]:
        """Return the parameters of one experiment or study, defaults included."""
        group = STAGES[stage].group
        groups = self.parameters if group == EXPERIMENTS else self.parameters.studies
        values: dict[str, Any] = getattr(groups, group)[name].model_dump(mode="json")
        return values

    def inputs(self, stage: str, name: str) -> dict[str, str]:
        """Return the input files of a stage, by their names in the rules.

        A stage that is run once has those of every experiment, prefixed with its name. Preparing
        an experiment also reads the user's own data file, if it has one.
        """
        if STAGES[stage].group == WHOLE:
            return {
                f"{experiment}_{key}": path.format(experiment=experiment)
                for experiment in self.experiments
                for key, path in STAGES[stage].inputs.items()
            }
        if stage == "prepare":
            return dict(zip(("data",), self.dataset_files(name), strict=False))
        keys = {"experiment": name, **self.values(stage, name), "study": name}
        return {key: path.format(**keys) for key, path in STAGES[stage].inputs.items()}

    def files(self, stage: str, name: str) -> dict[str, Path]:
        """Return the paths of a stage's inputs; the user's data keeps the path given."""
        place = Path() if stage == "prepare" else self.place
        return {key: place / path for key, path in self.inputs(stage, name).items()}

    def outputs(self, stage: str, name: str) -> dict[str, str]:
        """Return the output files of a stage, by their names in the rules."""
        outputs = STAGES[stage].outputs.items()
        return {key: path.format(experiment=name, study=name) for key, path in outputs}

    def results(self, *steps: str) -> list[str]:
        """Return all output files of some steps, for all experiments and studies."""
        return [path for run in self.runs(steps) for path in self.outputs(*run).values()]

    def final_results(self) -> list[str]:
        """Return all files that a complete run makes: tables, summaries and figures."""
        return self.results(*(stage.step for stage in STAGES.values() if stage.step != "prepare"))

    def made_from(self, stage: str, name: str) -> str:
        """Return the path of the record of what a stage's results were made from."""
        return STAGES[stage].made_from.format(experiment=name, study=name)

    def section(self, stage: str, name: str) -> dict[str, Any]:
        """Return only the parameters that affect a stage."""
        return STAGES[stage].section(self.parameters, name)

    def dataset_files(self, experiment: str) -> list[str]:
        """Return the user's own data file, if the experiment has one."""
        dataset = self.parameters.experiments[experiment].dataset
        return [] if dataset in dataset_names.BUILT_IN else [dataset]

    def describe(self) -> None:
        """Write the files that describe the code and the parameters of all stages."""
        parameters = {
            STAGES[stage].parameters.format(experiment=name, study=name): self.section(stage, name)
            for stage, name in self.runs()
        }
        descriptions.write(parameters, self.place)

    def write_settings(self) -> set[Run]:
        """Write the settings of all stages, and the files that describe code and parameters.

        Returns
        -------
        set of (str, str)
            The stages whose results are missing or out of date. Rerunning them may make others
            out of date.
        """
        self.describe()
        outdated = set()
        for stage, name in self.runs():
            settings = STAGES[stage].settings.format(experiment=name, study=name)
            fits = records.write_settings(
                self.place / settings,
                self.section(stage, name),
                {"code": self.place / STAGES[stage].code, **self.files(stage, name)},
                {key: self.place / path for key, path in self.outputs(stage, name).items()},
                self.place / self.made_from(stage, name),
            )
            if not fits:
                outdated.add((stage, name))
        return outdated

    def before(self, run: Run) -> set[Run]:
        """Return all stages, with their names, that one depends on, directly or indirectly."""
        direct = {self._makers[path] for path in self.inputs(*run).values() if path in self._makers}
        return direct.union(*(self.before(maker) for maker in direct))

    @cached_property
    def _makers(self) -> dict[str, Run]:
        """The stage that makes a file, and the name it is run for."""
        return {path: run for run in self.runs() for path in self.outputs(*run).values()}
