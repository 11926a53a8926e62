import itertools
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram.fits import wedges
from phase_diagram.plane import theory


def slopes(rows):
    return pd.DataFrame(rows, columns=["gamma", "gamma_prime", "slope", "theory"], dtype=float)


def on_grid(gammas, gamma_primes, error):
    points = itertools.product(gammas, gamma_primes)
    return slopes(
        [
            (*point, theory.exponent(*point) + error(*point), theory.exponent(*point))
            for point in points
        ]
    )


def test_errors_by_hand():
    found = wedges.errors(
        slopes(
            [
                (0.7, -0.5, -0.2, -0.3),
                (1.0, 0.3, -0.5, -0.6),  # on a kink
                (1.0, -0.3, 0.05, 0.0),  # on the boundary, where the exponent does not bend
                (1.2, 0.3, -0.1, -0.2),  # 0.1 from the kink at 1.3, but for rounding
                (1.21, 0.3, -0.2, -0.18),
                (1.7, 0.0, math.nan, 0.35),
            ]
        )
    )
    assert list(found["error"]) == pytest.approx([0.1, 0.1, 0.05, 0.1, -0.02])
    assert list(found["wedge"]) == [
        *("lazy", "kinks", "condensed_input", "linear_upper", "linear_upper")
    ]
    assert list(found["away"]) == [True, False, True, True, False]


def test_comparison_by_hand():
    found = wedges.compare(
        slopes(
            [
                (0.55, 0.0, -0.41, -0.45),
                (0.7, 0.0, -0.2, -0.3),
                (0.7, 0.5, -1.5, -1.3),
                (1.6, 0.0, 0.31, 0.30),
                (2.0, 1.0, 0.5, 0.0),
                (1.5, 0.0, math.nan, 0.25),
            ]
        )
    )
    assert tuple(found.columns) == wedges.COLUMNS
    assert list(found["wedge"]) == [*theory.WEDGES, "kinks"]
    known = found.set_index("wedge")
    assert list(known.loc["lazy"]) == pytest.approx([3, 0.1, 0.2, 2, 0.15, 0.2])
    assert list(known.loc["condensed_joint"]) == pytest.approx([1, 0.01, 0.01, 1, 0.01, 0.01])
    assert list(known.loc["kinks"]) == pytest.approx([1, 0.5, 0.5, 0, *[math.nan] * 2], nan_ok=True)
    for empty in ("linear_upper", "condensed_input"):
        assert list(known.loc[empty, ["points", "points_away"]]) == [0, 0]
        assert known.loc[empty, ["error_median", "error_max_away"]].isna().all()


def test_nothing_measured():
    found = wedges.compare(slopes([(1.5, 0.0, math.nan, 0.25)]))
    assert (found["points"] == 0).all() and found["error_max"].isna().all()
    assert wedges.compare(slopes([])).equals(found)


@given(st.integers(-12, 12), st.integers(0, 20))
def test_errors_confined_to_the_kinks_are_not_seen_away_from_them(row, shift):
    # An error of 1 within 0.1 of each kink, and none elsewhere.
    gamma_prime = row / 10

    def error(gamma, gamma_prime):
        return float(min(abs(gamma - kink) for kink in theory.kinks(gamma_prime)) < 0.1 - 1e-9)

    gammas = [round(0.4 + shift / 100 + step / 20, 10) for step in range(60)]
    found = wedges.compare(on_grid(gammas, [gamma_prime], error))
    assert found["points"].sum() == len(gammas)
    assert found["points_away"].sum() > 0
    assert found["error_max_away"].max() < 1e-12
    assert found["error_max"].max() == pytest.approx(1.0)
