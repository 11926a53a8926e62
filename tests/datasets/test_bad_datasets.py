"""Bad data files: one line per fault, with file, line and column, or exactly the numbers in them.

300 CSV files in each run: 200 tables in which it is known which cells are bad, and which numbers
the others hold; 100 with damage to their bytes, where Python's own csv and float say what is
right. 40 small problems and 10 of absurd size are trained to an end. NPZ files:
test_bad_archives.py.
"""

import csv
import io
import math
import re
from pathlib import Path

import numpy as np
import pytest
from bad_tables import Table, damaged_tables, tables
from endings import endings
from hypothesis import strategies as st
from plans import command

from phase_diagram.datasets.load import load
from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import InputError
from phase_diagram.flow.outcome import Status
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training

PLACE = re.compile(r"line (\d+): column (\w+): ")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "points.csv"


def assert_single_lines(faults: list[str], path: Path) -> None:
    assert 1 <= len(faults) <= 21
    for fault in faults:
        assert fault.startswith(f"{path}: ") and fault.isprintable()
        assert len(fault) < len(str(path)) + 250


def assert_holds(problem: Problem, rows: list[list[str]]) -> None:
    """See that a problem is, bit for bit, what float() makes of the cells."""
    expected = np.array([[float(cell) for cell in row] for row in rows])
    assert np.isfinite(expected).all()
    assert problem.name == "points"
    np.testing.assert_array_equal(problem.inputs[:, -1], 1.0)
    assert problem.inputs[:, :-1].tobytes() == expected[:, :-1].tobytes()
    assert problem.targets.tobytes() == expected[:, -1].tobytes()


def test_every_bad_cell_is_named_and_every_good_one_read(path: Path) -> None:
    def ending(table: Table) -> str:
        path.write_bytes(table.content)
        try:
            problem = load(path)
        except InputError as error:
            assert_single_lines(error.faults, path)
            places = [PLACE.match(fault.removeprefix(f"{path}: ")) for fault in error.faults]
            named = [(int(one[1]), one[2]) for one in places if one]
            assert sorted(named) == sorted(table.faults) and len(named) == len(error.faults)
            return "refused"
        assert not table.faults
        assert_holds(problem, table.rows)
        return "valid"

    counted = endings(tables(), 200, ending)
    assert min(counted["refused"], counted["valid"]) >= 50


def test_damage_is_told_or_harmless(path: Path) -> None:
    def ending(content: bytes) -> str:
        path.write_bytes(content)
        try:
            problem = load(path)
        except InputError as error:
            assert_single_lines(error.faults, path)
            return "refused"
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        read = [[cell.strip() for cell in row] for row in csv.reader(text)]
        header, *rows = [row for row in read if row not in ([], [""])]
        assert header == [*(f"x{one}" for one in range(1, len(header))), "y"]
        assert_holds(problem, rows)
        return "valid"

    counted = endings(damaged_tables(), 100, ending)
    assert counted["refused"] >= 40 and counted["valid"] >= 4


def test_a_long_field_takes_no_time(path: Path) -> None:
    # As long as a field may be; each of 40 was once divided between two patterns in every way.
    path.write_text("x1,y\n" + f"{'9' * 131_000}x,1\n" * 40)
    with pytest.raises(InputError) as caught:
        load(path)
    assert_single_lines(caught.value.faults, path)


def test_the_command_tells_each_fault_in_a_line_that_no_name_breaks(tmp_path: Path) -> None:
    path = tmp_path / "a\nerror: b\x1b[31m\u202e.csv"
    path.write_text("x1,y\n0,1\none,2\n1,nan\n")
    point = ("--gamma", "0.75", "--gamma-prime", "0", "--width", "4", "--seeds", "1")
    said = command("point", "--dataset", str(path), *point)
    assert said.code == 2 and said.out == ""
    first, second = said.err.splitlines()
    assert first.isprintable() and second.isprintable()
    assert r"a\nerror: b\x1b[31m\u202e.csv: line 3: column x1: 'one'" in first
    assert r"a\nerror: b\x1b[31m\u202e.csv: line 4: column y: 'nan'" in second
    assert list(tmp_path.iterdir()) == [path]


# Few enough digits that two inputs are equal, or hardly different, again and again.
NUMBERS = st.one_of(
    st.integers(-2, 2).map(float), st.floats(-10, 10).map(lambda one: float(f"{one:.2f}"))
)


def ended(problem: Problem, width: int) -> sweep.Result:
    training = Training(tolerance=1e-2)
    networks = [sweep.Network(0.75, 0.0, width, 0)]
    (result,) = sweep.train(problem, networks, training, device="cpu")
    assert result.status in set(Status)
    if result.status == Status.CONVERGED:
        assert result.loss < 1e-2 and math.isfinite(result.rd)
    return result


def test_small_data_is_trained_to_an_end() -> None:
    rows = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=2).map(np.array)

    def ending(drawn: tuple[np.ndarray, int]) -> str:
        table, width = drawn
        return ended(Problem.from_features("points", table[:, :1], table[:, 1]), width).status

    statuses = endings(st.tuples(rows, st.integers(2, 10)), 40, ending)
    assert statuses[Status.CONVERGED] >= 10


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
@pytest.mark.parametrize("scale", [1e308, 1e160, 1e10, 5e-324, 0.0])
@pytest.mark.parametrize("scaled", ["inputs", "targets"])
def test_data_of_any_size_is_trained_to_an_end(scaled: str, scale: float) -> None:
    inputs, targets = np.array([[-1.0], [1.0]]), np.array([1.0, -1.0])
    if scaled == "inputs":
        inputs = inputs * scale
    else:
        targets = targets * scale
    ended(Problem.from_features("points", inputs, targets), 10)
