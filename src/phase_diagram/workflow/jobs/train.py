"""Train a batch of networks; those that are stored already are not trained again."""

from pathlib import Path
from typing import Any

from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import InputError
from phase_diagram.files import stored_networks
from phase_diagram.sweeps import runs
from phase_diagram.sweeps.batches import Batch
from phase_diagram.sweeps.fingerprint import training_fingerprint
from phase_diagram.training import Training
from phase_diagram.two_layer.native import matrix_library


def make(job: Any) -> None:
    """Write the output `table`.

    Raises
    ------
    InputError
        If data or code have changed since the job was planned.
    """
    table = Path(job.output.table)
    training = Training(**job.params.section)
    problem = Problem.read(job.input.problem)
    fingerprint = training_fingerprint(problem.sha256(), training)
    run = runs.Run(job.wildcards.experiment, fingerprint, table.parents[1])
    if run.folder.name != runs.folder_name(run.experiment, run.fingerprint):
        raise InputError(
            f"{run.folder}: the data or the code of training changed after this job was "
            "planned; run snakemake again"
        )
    matrix_library.use_all_vectors()
    networks = runs.train_batch(
        run,
        Batch(**job.params.batch),
        runs.trainer(problem, training),
        effort=lambda width: training.quadrature or width,
    )
    stored_networks.write(table, networks, run.fingerprint)
