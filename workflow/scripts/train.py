"""Train a batch of networks; those that are stored already are not trained again."""

from pathlib import Path

from job import run

from phase_diagram.datasets import Problem
from phase_diagram.errors import InputError
from phase_diagram.files import stored_networks
from phase_diagram.files.hashes import training_fingerprint
from phase_diagram.sweeps import runs
from phase_diagram.sweeps.batches import Batch
from phase_diagram.training import Training
from phase_diagram.two_layer.native import matrix_library


def make(job) -> None:
    table = Path(job.output.table)
    training = Training(**job.params.section)
    problem = Problem.read(job.input.problem)
    found = runs.Run(
        job.wildcards.experiment,
        training_fingerprint(problem.sha256(), training),
        table.parents[1],
    )
    if found.folder.name != runs.folder_name(found.experiment, found.fingerprint):
        raise InputError(
            f"{found.folder}: the data or the code of training changed after this job was "
            "planned; run snakemake again"
        )
    matrix_library.use_all_vectors()
    batch = Batch(**job.params.batch)
    train = runs.trainer(problem, training)
    networks = runs.train_batch(
        found, batch, train, effort=lambda width: training.quadrature or width
    )
    stored_networks.write(table, networks, found.fingerprint)


run(make, snakemake, collect_garbage=True)  # noqa: F821
