"""Four points, a user's CSV or NPZ file, and prepared problems on disk. MNIST: test_mnist.py."""

import hashlib
import io
import zipfile

import numpy as np
import pytest

from phase_diagram.datasets.load import load
from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import InputError
from phase_diagram.files.archive import write_archive


def faults_of(path) -> list[str]:
    with pytest.raises(InputError) as raised:
        load(path)
    for fault in raised.value.faults:
        assert "\n" not in fault and "\r" not in fault
        assert fault.startswith(f"{path}: ")
    return [fault.removeprefix(f"{path}: ") for fault in raised.value.faults]


def csv_file(folder, content: str):
    path = folder / "points.csv"
    path.write_text(content, encoding="latin-1")
    return path


def npz_file(folder, **arrays):
    path = folder / "points.npz"
    np.savez(path, allow_pickle=True, **arrays)
    return path


# Four points and names


def test_four_points():
    problem = load("four_points")
    third = 1.0 / 3.0
    np.testing.assert_array_equal(
        problem.inputs, [[-1.0, 1.0], [-third, 1.0], [third, 1.0], [1.0, 1.0]]
    )
    np.testing.assert_array_equal(problem.targets, [0.2, -0.5, 0.7, 0.1])
    assert problem.name == "four_points"


@pytest.mark.parametrize("name", ["mnits", "four_points.txt", ""])
def test_unknown_dataset_names_what_is_accepted(name):
    with pytest.raises(InputError) as raised:
        load(name)
    (fault,) = raised.value.faults
    assert fault.startswith(f"dataset: {name!r}: ")
    for accepted in ("four_points", "mnist", ".csv", ".npz"):
        assert accepted in fault


# CSV


@pytest.mark.parametrize("header", ["y", "x1,x3,y", "y,x1", "1.0,2.0"])
def test_csv_with_another_header(tmp_path, header):
    (fault,) = faults_of(csv_file(tmp_path, f"{header}\n1,2\n"))
    assert fault == f"line 1: header {header!r}; expected x1,...,xd,y with d >= 1"


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("1_000", "not a number"),
        ("-inf", "not finite"),
        ("1e999", "too large for a 64-bit float"),
    ],
)
def test_csv_field_that_is_no_finite_number(tmp_path, field, kind):
    (fault,) = faults_of(csv_file(tmp_path, f"x1,x2,y\n1,2,3\n4,{field},6\n"))
    assert fault == f"line 3: column x2: {field!r} is {kind}; expected a finite number"


def test_csv_names_every_fault(tmp_path):
    faults = faults_of(csv_file(tmp_path, "x1,y\n1,a\n\n1\n1,2,3\nnan,inf\n1,1\n"))
    assert [fault.split(";")[0] for fault in faults] == [
        "line 2: column y: 'a' is not a number",
        "line 4: 1 fields",
        "line 5: 3 fields",
        "line 6: column x1: 'nan' is not finite",
        "line 6: column y: 'inf' is not finite",
    ]


def test_csv_with_very_many_faults_shows_some_and_counts_the_rest(tmp_path):
    faults = faults_of(csv_file(tmp_path, "x1,y\n" + "a,1\n" * 1000))
    assert len(faults) == 21
    assert faults[-1] == "and 980 more faults"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "empty; expected a header x1,...,xd,y and at least one row"),
        ("x1,y\n\n \n", "no rows under the header; expected at least one"),
        ("x1,y\n1,2\n\xff\xfe,3\n", "line 3: not UTF-8 text; save it as UTF-8"),
        ('x1,y\n1,"2\n', "line 2: not a CSV file: unexpected end of data"),
    ],
)
def test_csv_that_is_none(tmp_path, content, expected):
    assert faults_of(csv_file(tmp_path, content)) == [expected]


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_file_that_cannot_be_read(tmp_path, suffix):
    path = tmp_path / f"points{suffix}"
    assert faults_of(path) == ["cannot be read: No such file or directory"]
    path.mkdir()
    assert faults_of(path) == ["cannot be read: Is a directory"]


# NPZ


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "u1"])
def test_npz_gets_the_constant_column(tmp_path, dtype):
    inputs = np.asfortranarray(np.array([[1, 2], [3, 4], [5, 6]], dtype=dtype))
    path = npz_file(tmp_path, inputs=inputs, targets=np.array([7, 8, 9], dtype=dtype))
    problem = load(path)
    np.testing.assert_array_equal(problem.inputs, [[1, 2, 1], [3, 4, 1], [5, 6, 1]])
    np.testing.assert_array_equal(problem.targets, [7, 8, 9])
    for array in (problem.inputs, problem.targets):
        assert array.dtype == np.dtype("=f8") and array.flags.c_contiguous


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        (
            {"inputs": [[1.0]], "targets": [1.0], "weights": [1.0]},
            ["holds inputs, targets, weights; expected the arrays inputs, targets"],
        ),
        (
            {"inputs": [1.0, 2.0], "targets": [1.0, 2.0]},
            ["inputs: shape (2,); expected (n, d) with n, d >= 1"],
        ),
        (
            {"inputs": np.ones((0, 2)), "targets": np.ones(0)},
            ["inputs: shape (0, 2); expected (n, d) with n, d >= 1"],
        ),
        ({"inputs": [[1.0], [2.0]], "targets": [1.0]}, ["targets: shape (1,); expected (2,)"]),
        (
            {"inputs": [["a"]], "targets": [1j]},
            [
                "inputs: dtype <U1; expected real numbers",
                "targets: dtype complex128; expected real numbers",
            ],
        ),
        (
            {"inputs": [[1.0, np.nan], [-np.inf, 1.0]], "targets": [np.inf, 0.0]},
            [
                "inputs[0, 1] is nan; expected a finite number",
                "inputs[1, 0] is -inf; expected a finite number",
                "targets[0] is inf; expected a finite number",
            ],
        ),
        (
            {"inputs": np.array([[object()]]), "targets": [1.0]},
            ["inputs: an array of Python objects; expected numbers"],
        ),
    ],
)
def test_npz_faults(tmp_path, arrays, expected):
    assert faults_of(npz_file(tmp_path, **arrays)) == expected


def test_npz_with_very_many_faults_shows_some_and_counts_the_rest(tmp_path):
    faults = faults_of(npz_file(tmp_path, inputs=np.full((50, 2), np.nan), targets=np.ones(50)))
    assert len(faults) == 21
    assert faults[-1] == "inputs: and 80 more such places"


# Prepared problems on disk


@pytest.fixture
def problem() -> Problem:
    return Problem.from_features("sample", [[0.1, -2.0], [1e-300, 3.0]], [0.5, 1.0 / 3.0])


def test_problem_comes_back_bit_for_bit(tmp_path, problem):
    problem.save(tmp_path / "deep" / "problem.npz")
    read = Problem.read(tmp_path / "deep" / "problem.npz")
    assert read.name == "sample"
    for array, expected in ((read.inputs, problem.inputs), (read.targets, problem.targets)):
        assert array.dtype == np.float64 and array.flags.c_contiguous and array.flags.writeable
        assert array.shape == expected.shape and array.tobytes() == expected.tobytes()


def test_saved_bytes_are_those_recorded(tmp_path):
    # Bytes that changed with a version of NumPy or Python would make every stage run again.
    load("four_points").save(tmp_path / "problem.npz")
    assert hashlib.sha256((tmp_path / "problem.npz").read_bytes()).hexdigest() == (
        "68c402408f9baf22795e8f46b738bc3ee5195b45177afc84be8e3e042ec806b4"
    )


def test_archive_bytes_do_not_depend_on_byte_order(tmp_path):
    for order in "<>":
        write_archive(tmp_path / f"{order}.npz", {"inputs": np.array([1.5, 2.0], f"{order}f8")})
    assert (tmp_path / "<.npz").read_bytes() == (tmp_path / ">.npz").read_bytes()


def test_any_damaged_byte_is_noticed_or_harmless(tmp_path, problem):
    path = tmp_path / "problem.npz"
    problem.save(path)
    whole = path.read_bytes()
    noticed = 0
    places = range(0, len(whole), 3)
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 0x01
        path.write_bytes(damaged)
        try:
            read = Problem.read(path)
        except InputError as error:
            assert all(fault.startswith(f"{path}: ") for fault in error.faults)
            noticed += 1
        else:
            # Some bytes of a zip archive (dates, permissions) say nothing about its content.
            assert (read.name, read.sha256()) == (problem.name, problem.sha256())
    assert noticed > len(places) / 2


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"inputs": [[1.0]], "targets": [1.0]}, "holds inputs, targets; expected"),
        ({"name": "a", "inputs": [[2.0]], "targets": [1.0]}, "must be the constant 1"),
        ({"name": "a", "inputs": [["1"]], "targets": [1.0]}, "inputs: dtype"),
        ({"name": 3, "inputs": [[1.0]], "targets": [1.0]}, "expected a text"),
    ],
)
def test_file_that_is_no_prepared_problem(tmp_path, arrays, expected):
    with pytest.raises(InputError) as raised:
        Problem.read(npz_file(tmp_path, **arrays))
    (fault,) = raised.value.faults
    assert fault.startswith(f"{tmp_path / 'points.npz'}: ") and expected in fault


def test_a_member_may_not_come_twice(tmp_path):
    path = tmp_path / "points.npz"
    array = io.BytesIO()
    np.save(array, np.ones((1, 1)))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "w") as archive:
        for name in ("inputs", "targets", "inputs"):
            archive.writestr(f"{name}.npy", array.getvalue())
    assert faults_of(path) == ["holds inputs, inputs, targets; expected the arrays inputs, targets"]


def test_sha256_follows_the_content_and_not_the_name(problem):
    def changed(name="sample", inputs=problem.inputs, targets=problem.targets):
        return Problem(name, inputs, targets).sha256()

    assert changed() == problem.sha256()
    assert changed(name="other") == problem.sha256()
    assert changed(targets=np.nextafter(problem.targets, 9)) != problem.sha256()
    assert changed(inputs=problem.inputs[::-1]) != problem.sha256()
    # The same bytes in another shape are another problem.
    assert (
        Problem("a", np.ones((1, 3)), [1.0]).sha256()
        != Problem("a", np.ones((2, 1)), [1.0, 1.0]).sha256()
    )


@pytest.mark.parametrize(
    ("inputs", "targets", "fault"),
    [
        ([1.0], [1.0], "inputs: shape"),
        ([[1.0]], [1.0, 2.0], "targets: shape"),
        ([[1.0]], [np.nan], "finite"),
        ([[1.0, 2.0]], [1.0], "the constant 1"),
    ],
)
def test_problem_refuses_what_cannot_be_trained_on(inputs, targets, fault):
    with pytest.raises(ValueError, match=fault):
        Problem("sample", inputs, targets)
