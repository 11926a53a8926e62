"""Train sweeps in batches that can be stopped and resumed at any network, and collect them.

Every finished network is stored at once in the file of its grid point, in a folder that belongs
to one fingerprint. Stored networks are not trained again; damaged ones and those of another run
are never used.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from phase_diagram.errors import InputError
from phase_diagram.files import stored_networks
from phase_diagram.files.stored_networks import StoredNetwork
from phase_diagram.sweeps.batches import Batch, Point
from phase_diagram.sweeps.progress import Progress
from phase_diagram.training import Training

if TYPE_CHECKING:
    from phase_diagram.datasets.problem import Problem
    from phase_diagram.sweeps.sweep import Network, Result

Key = tuple[float, float, int, int]  # gamma, gamma_prime, width, seed
Train = Callable[[Sequence[Key]], "Iterable[Result]"]


@dataclass(frozen=True)
class Run:
    """Where the networks of one experiment, trained in one way, are stored.

    Parameters
    ----------
    experiment : str
        Its name.
    fingerprint : str
        From `fingerprint.training_fingerprint`.
    folder : pathlib.Path
        Holds the files of this run alone; see `folder_name`.
    """

    experiment: str
    fingerprint: str
    folder: Path

    def point_file(self, gamma: float, gamma_prime: float) -> Path:
        """Return the file of all finished networks of one grid point."""
        return self.folder / "points" / f"{gamma!r}_{gamma_prime!r}.csv"


def folder_name(experiment: str, fingerprint: str) -> str:
    """Return the name of a run's folder: enough of the fingerprint to tell runs apart."""
    return f"{experiment}-{fingerprint[:12]}"


def trainer(problem: "Problem", training: Training) -> Train:
    """Return the function that trains networks on a problem, for `train_batch`.

    It imports torch when it is first called: a batch that is already stored does not need torch.
    """

    def train(networks: Sequence[Key]) -> "Iterable[Result]":
        from phase_diagram.sweeps import sweep

        named_networks = [sweep.Network(*network) for network in networks]
        return sweep.train(problem, named_networks, training)

    return train


def train_batch(
    run: Run,
    batch: Batch,
    train: Train,
    report: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
    effort: Callable[[int], int] = lambda width: width,
) -> list[StoredNetwork]:
    """Train the networks of a batch that are not stored yet, and return all of them.

    A killed process loses the network in training; a power cut loses those of the last seconds,
    which the next run finds damaged and trains again. Batches trained at the same time must not
    share a grid point.

    Parameters
    ----------
    run : Run
        Where to look for finished networks and to store new ones. Networks stored there that
        are not in this batch (of other widths or seeds) are kept.
    batch : Batch
        The networks wanted.
    train : callable
        Trains a list of (gamma, gamma_prime, width, seed) and yields a `sweep.Result` for each,
        in any order; see `trainer`.
    report : callable
        Takes a line of warning for each stored file that cannot be trusted; its networks are
        trained again.
    effort : callable
        Neurons trained for a network of a given width, to estimate the time left.

    Returns
    -------
    list of StoredNetwork
        One for each of `batch.networks()`, in the tables' order.
    """
    stored: dict[Point, dict[Key, StoredNetwork]] = {point: {} for point in batch.points}
    for point in batch.points:
        path = run.point_file(*point)
        if path.exists():
            try:
                stored[point] = _read_point(path, run, point)
            except InputError as error:
                report(f"warning: {error}; training its networks again")
    keys = batch.networks()
    missing = [network for network in keys if network not in stored[network[:2]]]
    if missing:
        name = f"{run.experiment} {batch.name}"
        progress = Progress(name, len(missing), sum(effort(width) for _, _, width, _ in missing))
        seconds = _seconds_file(run, batch)
        for result in train(missing):
            network = _key(result.network)
            point = network[:2]
            stored[point][network] = _stored(run.experiment, result)
            stored_networks.write(
                run.point_file(*point), stored[point].values(), run.fingerprint, durable=False
            )
            _note_seconds(seconds, result)
            progress.advance(effort(network[2]))
        left_out = [network for network in missing if network not in stored[network[:2]]]
        if left_out:
            raise RuntimeError(f"the trainer gave no result for {left_out}")
    return sorted(
        (stored[network[:2]][network] for network in keys), key=stored_networks.network_key
    )


def collect(run: Run, tables: Iterable[tuple[Batch, Path]]) -> list[StoredNetwork]:
    """Gather the tables of all batches of a sweep.

    Parameters
    ----------
    run : Run
        The run to which each row must belong.
    tables : iterable of (Batch, pathlib.Path)
        The file of each batch, written by `stored_networks.write`.

    Returns
    -------
    list of StoredNetwork
        All networks in the tables' order, whatever the order and the size of the batches.

    Raises
    ------
    InputError
        A line for each file that is damaged, belongs to another run, or does not hold exactly
        the networks of its batch.
    """
    faults: list[str] = []
    networks: list[StoredNetwork] = []
    for batch, path in tables:
        try:
            rows = stored_networks.read(path, run.experiment, run.fingerprint)
            if {_key(row) for row in rows} != set(batch.networks()):
                raise InputError(f"{path}: holds other networks than those of its batch")
        except InputError as error:
            faults.extend(f"{fault}; delete it and run again" for fault in error.faults)
        else:
            networks.extend(rows)
    if faults:
        raise InputError(faults)
    return sorted(networks, key=stored_networks.network_key)


def _key(row: "StoredNetwork | Network") -> Key:
    return (row.gamma, row.gamma_prime, row.width, row.seed)


def _stored(experiment: str, result: "Result") -> StoredNetwork:
    return StoredNetwork(
        experiment,
        *_key(result.network),
        float(result.rd),
        float(result.loss),
        int(result.steps),
        int(result.evaluations),
        float(result.time_normalised),
        result.status,
        result.reason,
        float(result.condensation),
        result.activation,
    )


def _read_point(path: Path, run: Run, point: Point) -> dict[Key, StoredNetwork]:
    rows = stored_networks.read(path, run.experiment, run.fingerprint)
    if any((row.gamma, row.gamma_prime) != point for row in rows):
        raise InputError(f"{path}: holds networks of another grid point")
    return {_key(row): row for row in rows}


def _seconds_file(run: Run, batch: Batch) -> Path:
    # Kept apart from the networks: times differ between two runs, and tables that are hashed or
    # drawn must not.
    path = run.folder / "seconds" / f"{batch.name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _note_seconds(path: Path, result: "Result") -> None:
    # Appending is enough here; a line lost in a crash is no loss.
    with path.open("a", encoding="utf-8") as file:
        if file.tell() == 0:
            file.write("gamma,gamma_prime,width,seed,seconds\n")
        file.write(",".join(map(repr, (*result.network, round(result.seconds, 4)))) + "\n")
