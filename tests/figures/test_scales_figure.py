import itertools

import numpy as np
import pandas as pd
import pytest
from drawn import artist, artists, compared, within
from matplotlib.transforms import Bbox
from numpy.testing import assert_allclose

from phase_diagram.figures import scales
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.plane import theory
from phase_diagram.studies.scales import TABLES

POINTS = ((0.5, 0.0), (1.0, 0.0), (1.75, 0.0))
EXPONENTS = (0.0, 0.5, -0.5)


def fits(points=POINTS, exponents=EXPONENTS):
    rows = []
    for place, sharing in itertools.product(points, ("same", "independent")):
        expected = float(theory.exponent(*place))
        for index, exponent in enumerate(exponents):
            same = sharing == "same"
            moved = 0.01 if same else 0.01 * (index - 1.5)
            error = 0.01 if same else 0.01 * (index + 1)
            largest = (0.0 if index == 0 else 3e-15) if same else np.nan
            label = f"beta2 = m^{-exponent + 0.0:g}"
            rows.append(
                (
                    *(*place, label, exponent, sharing, expected + moved, error, expected),
                    *(9, 9, largest, 0.0, np.nan),
                )
            )
    return pd.DataFrame(rows, columns=list(TABLES["fits"]))


def drawn(table, width_inches=6.0, title="Title"):
    settings = FigureSettings(width_inches=width_inches, dpi=100)
    found = scales.draw({"fits": table}, settings, title)
    assert tuple(found) == scales.FIGURES
    return found["scales"]


@compared
def test_scales():
    return drawn(fits())


def test_slopes_and_errors_are_those_of_the_table():
    table = fits()
    figure = drawn(table.sample(frac=1.0, random_state=1).sort_values("gamma", kind="stable"))
    for place, point in enumerate(POINTS):
        expected = theory.exponent(*point)
        assert_allclose(np.array(artist(figure, f"theory_{place}").get_ydata(), float), expected)
        for sharing in ("same", "independent"):
            rows = table[(table["gamma"] == point[0]) & (table["sharing"] == sharing)]
            shown = [mark.get_ydata()[0] for mark in artists(figure, f"slope_{sharing}_{place}")]
            assert sorted(shown) == sorted(rows["slope"])
            bars = [
                np.ptp(bar.get_segments()[0][:, 1]) / 2
                for bar in artists(figure, f"error_{sharing}_{place}")
            ]
            assert_allclose(sorted(bars), sorted(rows["slope_standard_error"]))


@pytest.mark.parametrize(
    ("largest", "words"), [(3e-15, "10^{-14}"), (0.0, "RD equal"), (0.02, "10^{-1}")]
)
def test_the_largest_difference_is_bounded_in_words(largest, words):
    table = fits()
    table.loc[
        (table["sharing"] == "same") & (table["beta2_exponent"] != 0), "rd_difference_max"
    ] = largest
    assert words in artist(drawn(table), "difference_1").get_text()
    table["rd_difference_max"] = np.nan
    assert not artists(drawn(table), "difference_1")


@pytest.mark.parametrize(("width", "count"), [(3.0, 1), (3.0, 5), (6.0, 3)])
def test_nothing_sticks_out_or_collides(width, count):
    points = (*POINTS, (1.5, -1.0), (0.75, 0.5))[:count]
    figure = drawn(fits(points), width)
    assert within(figure)
    assert len(figure.axes) == count
    for place, axes in enumerate(figure.axes):
        note = artist(figure, f"difference_{place}").get_window_extent()
        for sharing in ("same", "independent"):
            for bar in artists(figure, f"error_{sharing}_{place}"):
                ends = axes.transData.transform(bar.get_segments()[0])
                assert not Bbox(ends).overlaps(note)
        labels = [label.get_window_extent() for label in axes.get_xticklabels()]
        assert not labels[0].overlaps(labels[1])


def test_slopes_that_are_missing_are_left_out():
    table = fits()
    table.loc[table["gamma"] == 1.0, ["slope", "slope_standard_error", "rd_difference_max"]] = (
        np.nan
    )
    figure = drawn(table, title="")
    marks = artists(figure, "slope_same_1")
    assert np.isnan(np.array([mark.get_ydata() for mark in marks], float)).all()
    assert within(figure)
