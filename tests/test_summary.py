import json
import math

import pandas as pd
import pytest

from phase_diagram.summary import summarise, write_json

NAN = math.nan


def tables(statuses, slopes, boundaries):
    return (
        pd.DataFrame({"status": statuses}),
        pd.DataFrame(slopes, columns=["slope", "theory"], dtype=float),
        pd.DataFrame(boundaries, columns=["gamma", "theory"], dtype=float),
    )


def test_numbers_by_hand():
    summary = summarise(
        *tables(
            ["converged", "converged", "step_limit", "diverged", "converged", "converged"],
            [(-0.5, -0.4), (0.3, 0.3), (NAN, 1.0), (0.2, 0.22)],
            [(1.0, 1.03), (1.11, 1.1), (NAN, 1.2)],
        )
    )
    assert summary == {
        "networks": 6,
        "converged": 4,
        "converged_fraction": 0.666667,
        "rows": 3,
        "rows_with_crossing": 2,
        "boundary_error_max": 0.03,
        "boundary_error_mean": 0.02,
        "slope_error_max": 0.1,
        "slope_error_median": 0.02,
    }


@pytest.mark.parametrize("statuses", [[], ["diverged"]])
def test_nothing_to_compare_is_null_and_not_nan(tmp_path, statuses):
    summary = summarise(*tables(statuses, [(NAN, 1.0)] * len(statuses), [(NAN, 1.0)]))
    write_json(summary, tmp_path / "metrics.json")
    back = json.loads((tmp_path / "metrics.json").read_text())
    assert back == summary
    assert back["boundary_error_max"] is None and back["slope_error_median"] is None
    assert back["converged_fraction"] == (0.0 if statuses else None)


def test_file_is_sorted_indented_and_the_same_each_time(tmp_path):
    write_json({"rows": 2, "networks": 6}, tmp_path / "first.json")
    write_json({"networks": 6, "rows": 2}, tmp_path / "second.json")
    assert (tmp_path / "first.json").read_bytes() == b'{\n  "networks": 6,\n  "rows": 2\n}\n'
    assert (tmp_path / "second.json").read_bytes() == (tmp_path / "first.json").read_bytes()


def test_nan_never_reaches_the_file(tmp_path):
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json({"rows": NAN}, tmp_path / "metrics.json")
    assert list(tmp_path.iterdir()) == []
