"""What each stage of the workflow makes, and from which parameters, code and files.

The rules declare, this module knows. It imports neither Snakemake nor torch, so that reading the
rules stays quick and tests need no workflow.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from phase_diagram.parameters import dataset_names, params_yaml
from phase_diagram.workflow import descriptions, records
from phase_diagram.workflow.stages import EXPERIMENTS, STAGES, WHOLE, WHOLE_NAME
from phase_diagram.workflow.sweep_jobs import SweepJobs

# A stage, and the experiment or study that it is run for.
Run = tuple[str, str]


class Plan:
    """The stages for one set of parameters.

    Parameters
    ----------
    chosen : params_yaml.Parameters
        Validated.
    place : path
        The folder in which data/ and results/ lie. Paths that are given to rules do not have it:
        Snakemake puts it before them, where this workflow is a module of another.
    """

    def __init__(self, chosen: params_yaml.Parameters, place: Path = Path()) -> None:
        self.chosen = chosen
        self.place = place
        self.experiments = list(chosen.experiments)
        # The kinds of which there are any.
        self.studies = {kind: list(named) for kind, named in chosen.studies if named}
        self.jobs = {name: SweepJobs(name, one, place) for name, one in chosen.experiments.items()}

    def names(self, stage: str) -> list[str]:
        """List the experiments or studies for which a stage is run, or the name of the whole."""
        group = STAGES[stage].group
        if group == WHOLE:
            return [WHOLE_NAME]
        return self.experiments if group == EXPERIMENTS else self.studies.get(group, [])

    def runs(self, steps: Iterable[str] | None = None) -> list[Run]:
        """List all stages with all names, or those that do one of some steps; inputs first."""
        wanted = None if steps is None else set(steps)
        return [
            (key, name)
            for key, stage in STAGES.items()
            if wanted is None or stage.step in wanted
            for name in self.names(key)
        ]

    def values(self, stage: str, name: str) -> dict[str, Any]:
        """Return what params.yaml says of one experiment or study, defaults included."""
        group = STAGES[stage].group
        of = self.chosen if group == EXPERIMENTS else self.chosen.studies
        values: dict[str, Any] = getattr(of, group)[name].model_dump(mode="json")
        return values

    def inputs(self, stage: str, name: str) -> dict[str, str]:
        """Return the files that a stage is made from, by their names in the rules.

        A stage of the whole has those of every experiment, whose name comes first. To prepare an
        experiment takes the user's own data file, if it has one.
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
        """Return the inputs of a stage where they lie; the user's data lies where it is said to."""
        place = Path() if stage == "prepare" else self.place
        return {key: place / path for key, path in self.inputs(stage, name).items()}

    def outputs(self, stage: str, name: str) -> dict[str, str]:
        """Return the files that a stage makes, by their names in the rules."""
        outputs = STAGES[stage].outputs.items()
        return {key: path.format(experiment=name, study=name) for key, path in outputs}

    def results(self, *steps: str) -> list[str]:
        """Return all files that some steps make, of all experiments and studies."""
        return [path for run in self.runs(steps) for path in self.outputs(*run).values()]

    def final_results(self) -> list[str]:
        """Return all files that a whole run is for: tables, summaries and figures."""
        return self.results(*(stage.step for stage in STAGES.values() if stage.step != "prepare"))

    def made_from(self, stage: str, name: str) -> str:
        """Return the record of what a stage's results were made from."""
        return STAGES[stage].made_from.format(experiment=name, study=name)

    def section(self, stage: str, name: str) -> dict[str, Any]:
        """Return the parameters that matter to a stage, and no others."""
        return STAGES[stage].section(self.chosen, name)

    def dataset_files(self, experiment: str) -> list[str]:
        """Return the user's own data file, if the experiment has one."""
        dataset = self.chosen.experiments[experiment].dataset
        return [] if dataset in dataset_names.BUILT_IN else [dataset]

    def describe(self) -> None:
        """Write what decides the results of all stages: records of code, and parameters."""
        parameters = {
            STAGES[stage].parameters.format(experiment=name, study=name): self.section(stage, name)
            for stage, name in self.runs()
        }
        descriptions.write(parameters, self.place)

    def write_settings(self) -> set[Run]:
        """Write the settings of all stages, and what decides their results.

        Returns
        -------
        set of (str, str)
            The stages whose results are still to be made, or to be made anew. They may make
            others so.
        """
        self.describe()
        wanted = set()
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
                wanted.add((stage, name))
        return wanted

    def before(self, run: Run) -> set[Run]:
        """Return all stages, with their names, from whose results one is made, directly or not."""
        direct = {self._makers[path] for path in self.inputs(*run).values() if path in self._makers}
        return direct.union(*(self.before(maker) for maker in direct))

    @cached_property
    def _makers(self) -> dict[str, Run]:
        """The stage, and for which name, that makes a file."""
        return {path: run for run in self.runs() for path in self.outputs(*run).values()}
