import json
import math

import pandas as pd
import pytest

from phase_diagram.fits.summary import summarise

NAN = math.nan


BOUNDARY = (
    "gamma",
    "theory",
    "gamma_standard_error",
    "gamma_low",
    "gamma_high",
    "resampled_fraction",
)


def tables(statuses, slopes, boundaries):
    return (
        pd.DataFrame({"status": statuses}),
        pd.DataFrame(slopes, columns=["gamma", "gamma_prime", "slope", "theory"], dtype=float),
        pd.DataFrame(boundaries, columns=list(BOUNDARY), dtype=float),
    )


def test_numbers_by_hand():
    summary = summarise(
        *tables(
            ["converged", "converged", "step_limit", "diverged", "converged", "converged"],
            [
                (0.7, 0.0, -0.5, -0.4),
                (0.75, 0.0, 0.3, 0.3),
                (0.75, 0.5, NAN, 1.0),
                (0.95, 0.0, 0.2, 0.22),  # near the kink at gamma = 1
                (0.95, -0.5, 0.2, 0.24),  # where this row has none
            ],
            [
                (1.0, 1.03, 0.01, 0.98, 1.02, 1.0),
                (1.11, 1.1, 0.03, 1.05, 1.17, 0.97),
                (1.2, 1.2, NAN, NAN, NAN, 0.6),
                (NAN, 1.2, NAN, NAN, NAN, NAN),
            ],
        )
    )
    assert summary == {
        "networks": 6,
        "converged": 4,
        "converged_fraction": 0.666667,
        "rows": 4,
        "rows_with_crossing": 3,
        "boundary_error_max": 0.03,
        "boundary_error_mean": 0.0133333,
        "boundary_error_median": 0.01,
        "boundary_standard_error_max": 0.03,
        "boundary_standard_error_median": 0.02,
        "rows_with_interval": 2,
        "rows_theory_in_interval": 1,
        "boundary_resampled_fraction_min": 0.6,
        "slope_error_max": 0.1,
        "slope_error_median": 0.03,
        "points_away": 3,
        "slope_error_max_away": 0.1,
        "slope_error_median_away": 0.04,
    }


@pytest.mark.parametrize("statuses", [[], ["diverged"]])
def test_nothing_to_compare_is_null_and_not_nan(statuses):
    nothing = [NAN] * (len(BOUNDARY) - 2)
    slopes, boundaries = [(1.0, 0.0, NAN, 1.0)], [(NAN, 1.0, *nothing)]
    summary = summarise(*tables(statuses, slopes * len(statuses), boundaries * len(statuses)))
    back = json.loads(json.dumps(summary, allow_nan=False))
    assert back == summary
    numbers = {key for key in back if "error" in key or key.endswith("fraction_min")}
    assert len(numbers) == 10 and all(back[key] is None for key in numbers)
    assert back["points_away"] == back["rows_with_interval"] == 0
    assert back["converged_fraction"] == (0.0 if statuses else None)
