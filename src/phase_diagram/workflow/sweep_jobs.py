"""The jobs of an experiment's sweep: how it is divided, and where its networks are stored."""

from functools import cached_property
from pathlib import Path
from typing import Any

from phase_diagram.errors import InputError
from phase_diagram.parameters.experiment import Experiment
from phase_diagram.sweeps import batches, fingerprint, runs
from phase_diagram.sweeps.batches import Batch
from phase_diagram.workflow import sections
from phase_diagram.workflow.stages import PROBLEM, RUNS


class SweepJobs:
    """The jobs of a sweep, for one set of parameters.

    Parameters
    ----------
    experiment : str
        Its name.
    parameters : Experiment
        Validated.
    place : path
        The folder that contains data/ and results/.
    """

    def __init__(self, experiment: str, parameters: Experiment, place: Path = Path()) -> None:
        self.experiment = experiment
        self.parameters = parameters
        self.place = place

    def training(self) -> dict[str, Any]:
        """Return how the sweep's networks are trained."""
        return sections.training(self.parameters)

    @cached_property
    def batches(self) -> dict[str, Batch]:
        """The jobs by their names."""
        parameters = self.parameters
        divided = batches.split(
            parameters.points(), parameters.widths, parameters.seeds, parameters.points_per_job
        )
        return {batch.name: batch for batch in divided}

    def batch(self, name: str) -> Batch:
        """Return one job.

        Raises
        ------
        InputError
            If the sweep has no such job, as after a change of its grid.
        """
        try:
            return self.batches[name]
        except KeyError:
            raise InputError(f"the sweep {self.experiment} has no batch {name} now") from None

    def run(self) -> runs.Run:
        """Return the run defined by the prepared data, the parameters and the code.

        Raises
        ------
        InputError
            If the prepared data is missing or damaged.
        """
        from phase_diagram.datasets.problem import Problem

        problem = Problem.read(self.place / PROBLEM.format(experiment=self.experiment))
        fingerprint_ = fingerprint.training_fingerprint(
            problem.sha256(), self.parameters.training()
        )
        folder = Path(RUNS) / runs.folder_name(self.experiment, fingerprint_)
        return runs.Run(self.experiment, fingerprint_, folder)

    def tables(self) -> list[str]:
        """Return the paths of the tables of all jobs; the data must be prepared."""
        folder = self.run().folder
        return [f"{folder}/batches/{name}.csv" for name in self.batches]
