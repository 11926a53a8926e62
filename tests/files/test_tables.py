import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram.errors import InputError
from phase_diagram.files.tables import read_csv, write_csv

COLUMNS = ("experiment", "gamma", "width", "rd", "status")


def table(rd=(0.1 + 0.2, 1 / 3)):
    count = len(rd)
    return pd.DataFrame(
        {
            "experiment": ["four_points"] * count,
            "gamma": np.linspace(0.5, 2.0, count),
            "width": [1000 * (i + 1) for i in range(count)],
            "rd": rd,
            "status": ["converged"] * count,
        }
    )


def faults(path, columns=COLUMNS):
    with pytest.raises(InputError) as caught:
        read_csv(path, columns)
    return caught.value.faults


@given(st.lists(st.floats(), min_size=1, max_size=8))
def test_every_float_comes_back_bit_for_bit(tmp_path_factory, rd):
    path = tmp_path_factory.mktemp("tables") / "t.csv"
    write_csv(table(rd), path)
    back = read_csv(path, COLUMNS)["rd"].to_numpy()
    expected = np.array(rd)
    missing = np.isnan(expected)
    assert np.array_equal(np.isnan(back), missing)
    assert back[~missing].tobytes() == expected[~missing].tobytes()


def test_types_and_order_are_those_asked_for(tmp_path):
    write_csv(table()[list(reversed(COLUMNS))], tmp_path / "t.csv")
    back = read_csv(tmp_path / "t.csv", COLUMNS)
    pd.testing.assert_frame_equal(back, table(), check_exact=True)


def test_all_columns_are_read_where_none_is_named(tmp_path):
    write_csv(table(), tmp_path / "t.csv")
    back = read_csv(tmp_path / "t.csv")
    pd.testing.assert_frame_equal(back, table(), check_exact=True)
    (tmp_path / "t.csv").write_text("rd,rd\n1,2\n")
    (fault,) = faults(tmp_path / "t.csv", None)
    assert "'rd' occurs 2 times" in fault


def test_bytes_are_plain(tmp_path):
    write_csv(table(rd=[0.1 + 0.2, math.nan]), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == (
        b"experiment,gamma,width,rd,status\n"
        b"four_points,0.5,1000,0.30000000000000004,converged\n"
        b"four_points,2.0,2000,,converged\n"
    )


def test_text_with_commas_quotes_and_missing_lookalikes_survives(tmp_path):
    frame = table(rd=[1.0, 2.0, 3.0, 4.0])
    frame["experiment"] = ['a,"b"', "nan", "", "two\nlines"]
    write_csv(frame, tmp_path / "t.csv")
    assert list(read_csv(tmp_path / "t.csv", COLUMNS)["experiment"]) == list(frame["experiment"])


WIDTHS = [[1000, 2**63 - 1], [1000, 10**18], [1000, 2**63], [10**18, 10**20, 10**24]]


@pytest.mark.parametrize("widths", WIDTHS)
def test_widths_beyond_64_bits(tmp_path, widths):
    path = tmp_path / "t.csv"
    # As networks give them: Python's integers, of object dtype where they do not fit.
    frame = pd.DataFrame({"width": widths, "rd": [0.5] * len(widths)})
    write_csv(frame, path)
    assert path.read_text().split() == ["width,rd", *(f"{width},0.5" for width in widths)]
    back = read_csv(path, ("width", "rd"))
    fits = max(widths) < 2**63
    assert back["width"].dtype == (np.int64 if fits else np.float64)
    assert list(back["width"]) == (widths if fits else [float(width) for width in widths])


@given(st.integers(1, 99), st.integers(0, 22))
def test_a_wide_table_made_from_a_table_is_the_same(tmp_path_factory, digits, zeros):
    path = tmp_path_factory.mktemp("tables") / "t.csv"
    widths = [100.0, float(digits * 10**zeros), 1e20]
    write_csv(pd.DataFrame({"width": widths}), path)
    assert path.read_text().split() == ["width", "100", str(digits * 10**zeros), str(10**20)]
    assert list(read_csv(path, ["width"])["width"]) == widths


def test_table_without_rows_is_a_table(tmp_path):
    write_csv(table().iloc[:0], tmp_path / "t.csv")
    back = read_csv(tmp_path / "t.csv", COLUMNS)
    assert list(back.columns) == list(COLUMNS) and len(back) == 0
    assert back["rd"].dtype == np.float64 and back["width"].dtype == np.int64


@pytest.mark.parametrize("kept", [0, 40, -1])
def test_truncated_file_is_refused_with_a_remedy(tmp_path, kept):
    path = tmp_path / "t.csv"
    write_csv(table(), path)
    path.write_bytes(path.read_bytes()[:kept])
    (fault,) = faults(path)
    assert str(path) in fault and "run snakemake again" in fault


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (",status", ",state", "'status' occurs 0 times"),
        ("gamma,", "rd,", "'rd' occurs 2 times"),
        ("1000", "1000.5", "row 2: width is '1000.5', expected an integer"),
        ("1000", "1e18", "row 2: width is '1e18', expected an integer"),
        ("1000", "9" * 400, "expected an integer"),
        ("0.3333333333333333", "small", "row 3: rd is 'small', expected a number"),
        ("2.0,2000", "2.0,2000,7", "row 3 has 6 fields, expected 5"),
        (",2000,", ",", "row 3 has 4 fields, expected 5"),
        ("four_points,2.0", '"four"_points,2.0', "not a CSV table"),
    ],
)
def test_damage_is_named(tmp_path, old, new, expected):
    path = tmp_path / "t.csv"
    write_csv(table(), path)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = faults(path)
    assert any(expected in fault for fault in found), found
    assert all(str(path) in fault and "\n" not in fault for fault in found)


def test_every_faulty_column_is_reported(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(table(), path)
    path.write_text(path.read_text().replace("1000", "x").replace("0.5", "y"))
    assert len(faults(path)) == 2


def test_what_cannot_be_read_is_named(tmp_path):
    (fault,) = faults(tmp_path / "absent.csv")
    assert "absent.csv" in fault and "snakemake" in fault
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xff\xfe\x00\n")
    (fault,) = faults(path)
    assert "cannot be read" in fault
