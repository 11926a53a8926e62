import math
from pathlib import Path

import pytest

from phase_diagram.errors import InputError
from phase_diagram.files import stored_networks
from phase_diagram.files.stored_networks import StoredNetwork

FINGERPRINT = "0123456789abcdef" * 4


def network(gamma=0.1 + 0.2, gamma_prime=-0.5, width=1000, seed=0, **values):
    given = {
        "rd": 1 / 3,
        "loss": 4.9e-7,
        "steps": 12,
        "evaluations": 25,
        "time_normalised": 1e300,
        "status": "converged",
        "reason": "tolerance",
        "condensation": 0.25,
        "activation": "relu",
        **values,
    }
    return StoredNetwork("four_points", gamma, gamma_prime, width, seed, **given)


NARROW = network(width=50, status="step_limit")
WIDE = network(width=10**20)  # beyond 64 bits


@pytest.fixture
def path(tmp_path) -> Path:
    path = tmp_path / "points" / "some.csv"
    stored_networks.write(path, [network(seed=1), network(), NARROW, WIDE], FINGERPRINT)
    return path


def read(path, experiment="four_points", fingerprint=FINGERPRINT):
    return stored_networks.read(path, experiment, fingerprint)


def test_what_is_read_is_what_was_written(path):
    assert read(path) == [NARROW, network(), network(seed=1), WIDE]
    read_back = read(path)[1]
    assert [type(value) for value in read_back] == list(stored_networks.TYPES.values())


def test_what_diverged_can_be_stored(tmp_path):
    diverged = network(rd=math.nan, loss=math.inf, status="diverged")
    stored_networks.write(tmp_path / "some.csv", [diverged], FINGERPRINT)
    (found,) = read(tmp_path / "some.csv")
    assert math.isnan(found.rd)
    assert found[6:] == diverged[6:]


def test_no_cut_goes_unnoticed(path):
    whole = path.read_bytes()
    line_ends = {index + 1 for index, byte in enumerate(whole) if byte == ord("\n")}
    for length in sorted(line_ends | set(range(0, len(whole), 10))):
        path.write_bytes(whole[:length])
        if length in line_ends:
            # Whole rows are missing, nothing else: those that are there can be used.
            rows = whole[:length].count(b"\n") - 1
            assert len(read(path)) == rows
        else:
            with pytest.raises(InputError, match=r"some\.csv: "):
                read(path)


def test_no_changed_byte_goes_unnoticed(path):
    whole = path.read_bytes()
    for index in range(0, len(whole), 7):
        path.write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
        with pytest.raises(InputError, match=r"some\.csv: "):
            read(path)


def test_rows_of_others_are_refused(path, tmp_path):
    with pytest.raises(InputError, match="row 2 has the fingerprint 0123456789ab, expected ffff"):
        read(path, fingerprint="f" * 64)
    with pytest.raises(InputError, match="another experiment than 'mnist'"):
        read(path, experiment="mnist")
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "absent.csv")


def test_a_network_that_stands_there_twice_is_refused(path):
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1]]))
    with pytest.raises(InputError, match="holds a network twice"):
        read(path)
