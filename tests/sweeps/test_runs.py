from collections.abc import Sequence

import numpy as np
import pytest

from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import InputError
from phase_diagram.files import stored_networks
from phase_diagram.sweeps import runs, sweep
from phase_diagram.sweeps.batches import Batch, split
from phase_diagram.sweeps.runs import Run, collect, train_batch
from phase_diagram.training import Training

FINGERPRINT = "0123456789abcdef" * 4
POINTS = ((0.5, -0.5), (1.0, -0.5), (0.5, 0.0))
BATCH = Batch(POINTS, (50, 100), 2)


class Trainer:
    """Stands for training: notes what it is asked for, and can be stopped."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.trained: list[runs.Key] = []
        self.stop_after = stop_after

    def __call__(self, networks: Sequence[runs.Key]):
        # Not in the order asked for, as the real one.
        for key in sorted(networks, key=lambda network: network[2:]):
            if len(self.trained) == self.stop_after:
                raise KeyboardInterrupt
            self.trained.append(key)
            network = sweep.Network(*key)
            # NumPy's numbers, as training may give them.
            rd = np.float64(1.0 / (network.width + network.seed) + network.gamma)
            how = "converged", "tolerance", 0.25, "relu"
            yield sweep.Result(network, rd, 1e-7, np.int64(7), 15, 2.5, *how, 0.01)


@pytest.fixture
def run(tmp_path) -> Run:
    return Run("mine", FINGERPRINT, tmp_path / runs.folder_name("mine", FINGERPRINT))


def files(run):
    return {path.name: path.read_bytes() for path in (run.folder / "points").iterdir()}


# ---- batches --------------------------------------------------------------------------------


def test_batches_divide_the_grid_and_keep_its_order():
    batches = split(POINTS, [50, 100], 2, 2)
    assert [batch.points for batch in batches] == [POINTS[:2], POINTS[2:]]
    assert [key for batch in batches for key in batch.networks()] == BATCH.networks()
    first = [(*POINTS[0], width, seed) for width in (50, 100) for seed in (0, 1)]
    assert BATCH.networks()[:4] == first
    assert len(split(POINTS, [50, 100], 2, 100)) == 1


def test_a_batch_is_named_after_all_of_its_contents():
    others = [
        Batch(POINTS[:2], (50, 100), 2),
        Batch(((0.5, -0.5), (1.0, -0.5), (0.5, 0.1)), (50, 100), 2),
        Batch(POINTS, (50, 101), 2),
        Batch(POINTS, (50, 100), 3),
    ]
    assert len({batch.name for batch in (BATCH, *others)}) == 5
    assert BATCH.name == Batch(POINTS, (50, 100), 2).name
    assert len(BATCH.name) == 12


# ---- training -------------------------------------------------------------------------------


def test_all_networks_are_trained_once_and_given_in_order(run):
    train = Trainer()
    networks = train_batch(run, BATCH, train)
    assert sorted(train.trained) == sorted(BATCH.networks())
    assert [(n.gamma_prime, n.gamma, n.width, n.seed) for n in networks] == sorted(
        (gamma_prime, gamma, width, seed) for gamma, gamma_prime, width, seed in BATCH.networks()
    )
    first = networks[0]
    assert first[:8] == ("mine", 0.5, -0.5, 50, 0, 0.52, 1e-7, 7)
    assert first[8:] == (15, 2.5, "converged", "tolerance", 0.25, "relu")
    assert type(first.rd) is float
    assert type(first.steps) is int
    assert sorted(files(run)) == ["0.5_-0.5.csv", "0.5_0.0.csv", "1.0_-0.5.csv"]


@pytest.mark.parametrize("stop_after", [0, 1, 5, 11])
def test_an_interrupted_batch_is_taken_up_where_it_ended(run, tmp_path, stop_after):
    stopped = Trainer(stop_after)
    with pytest.raises(KeyboardInterrupt):
        train_batch(run, BATCH, stopped)
    rest = Trainer()
    networks = train_batch(run, BATCH, rest)
    assert len(stopped.trained) == stop_after
    assert sorted(stopped.trained + rest.trained) == sorted(BATCH.networks())
    whole = Run("mine", FINGERPRINT, tmp_path / "whole")
    assert networks == train_batch(whole, BATCH, Trainer())
    assert files(run) == files(whole)


def test_more_points_widths_and_seeds_train_only_what_is_new(run):
    train_batch(run, BATCH, Trainer())
    more = Trainer()
    larger = Batch((*POINTS, (2.0, 1.0)), (50, 75, 100), 3)
    networks = train_batch(run, larger, more)
    assert set(more.trained) == set(larger.networks()) - set(BATCH.networks())
    assert len(more.trained) == len(set(more.trained))
    assert len(networks) == len(larger.networks())
    # And back: what the smaller batch does not want is kept, but not given.
    smaller = Trainer()
    assert len(train_batch(run, BATCH, smaller)) == len(BATCH.networks())
    assert train_batch(run, larger, smaller) == networks
    assert smaller.trained == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text.replace(",7,15,", ",8,15,", 1),
        lambda text: text.replace(FINGERPRINT, "f" * 64),
    ],
    ids=["empty", "changed", "of another run"],
)
def test_a_point_that_cannot_be_trusted_is_trained_again(run, capsys, damage):
    networks = train_batch(run, BATCH, Trainer())
    before = files(run)
    path = run.point_file(1.0, -0.5)
    path.write_text(damage(path.read_text()))
    again = Trainer()
    assert train_batch(run, BATCH, again) == networks
    assert {key[:2] for key in again.trained} == {(1.0, -0.5)}
    assert len(again.trained) == 4
    assert files(run) == before
    captured = capsys.readouterr()
    (warning,) = captured.err.splitlines()
    assert warning.startswith(f"warning: {path}: ")
    assert warning.endswith("; training its networks again")
    assert captured.out == ""


def test_a_file_under_the_name_of_another_point_is_not_trusted(run, capsys):
    train_batch(run, BATCH, Trainer())
    run.point_file(1.0, -0.5).write_bytes(run.point_file(0.5, 0.0).read_bytes())
    again = Trainer()
    train_batch(run, BATCH, again)
    assert {key[:2] for key in again.trained} == {(1.0, -0.5)}
    assert "of another grid point" in capsys.readouterr().err


def test_times_are_noted_apart_from_the_networks(run):
    train_batch(run, BATCH, Trainer())
    lines = (run.folder / "seconds" / f"{BATCH.name}.csv").read_text().splitlines()
    assert lines[0] == "gamma,gamma_prime,width,seed,seconds"
    assert lines[1] == "0.5,-0.5,50,0,0.01"
    assert len(lines) == 1 + len(BATCH.networks())
    assert b"seconds" not in files(run)["0.5_0.0.csv"]


def test_a_trainer_that_leaves_networks_out_is_an_error(run):
    with pytest.raises(RuntimeError, match="gave no result"):
        train_batch(run, BATCH, lambda networks: list(Trainer()(networks))[1:])


def test_the_real_trainer_takes_part(run):
    problem = Problem.from_features("line", [[-1.0], [1.0]], [0.3, -0.2])
    batch = Batch(((1.0, 0.0),), (30, 60), 1)
    training = Training(tolerance=1e-5)
    networks = train_batch(run, batch, runs.trainer(problem, training))
    wanted = [sweep.Network(1.0, 0.0, 60, 0)]
    alone = list(sweep.train(problem, wanted, training, device="cpu"))
    assert [network.width for network in networks] == [30, 60]
    assert networks[1].rd == pytest.approx(alone[0].rd, rel=1e-9)
    assert all(network.status == "converged" for network in networks)
    assert all(2 * network.loss < 1e-5 for network in networks)


# ---- collection -----------------------------------------------------------------------------


def stored(run, batch):
    path = run.folder / "batches" / f"{batch.name}.csv"
    stored_networks.write(path, train_batch(run, batch, Trainer()), run.fingerprint)
    return batch, path


def test_the_division_into_batches_does_not_show(run):
    whole = collect(run, [stored(run, BATCH)])
    pieces = [stored(run, batch) for batch in split(POINTS, (50, 100), 2, 1)]
    assert collect(run, reversed(pieces)) == whole
    assert len(whole) == len(BATCH.networks())


def test_faulty_batches_are_refused_and_all_of_them_named(run):
    pieces = [stored(run, batch) for batch in split(POINTS, (50, 100), 2, 1)]
    (_, other_run), (_, cut), (_, lacking) = pieces
    stored_networks.write(other_run, train_batch(run, pieces[0][0], Trainer()), "f" * 64)
    cut.write_text(cut.read_text()[:-3])
    stored_networks.write(lacking, train_batch(run, pieces[2][0], Trainer())[1:], FINGERPRINT)
    with pytest.raises(InputError) as refusal:
        collect(run, pieces)
    assert [fault.split(": ", 1)[0] for fault in refusal.value.faults] == [
        str(path) for _, path in pieces
    ]
    assert "has the fingerprint ffffffffffff, expected 0123" in refusal.value.faults[0]
    assert "other networks than those of its batch" in refusal.value.faults[2]
    assert all(fault.endswith("; delete it and run again") for fault in refusal.value.faults)
