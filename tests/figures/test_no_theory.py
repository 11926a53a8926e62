"""Figures of networks that theory says nothing about: they draw none of it, and say why."""

import numpy as np
import pandas as pd
import pytest
from drawn import artist, artists, compared, legend, within
from test_condensation_figure import distances
from test_descent_figure import tables as of_descent
from test_relative_distances_figure import tables as of_points  # noqa: F401, a fixture

from phase_diagram.figures import descents, experiment, relative_distances
from phase_diagram.figures.drawing import regimes
from phase_diagram.fits import boundary, wedges
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.plane import theory

WIDE, NARROW = (FigureSettings(width_inches=width, dpi=100) for width in (6.0, 3.3))
OF_THEORY = ("theoretical_boundary", "kink", "theory", "difference", "initialisations", "numbers")


@pytest.fixture
def unknown(slopes):
    return slopes.assign(theory=np.nan)


def drawn(name, slopes, settings=WIDE):
    contents = {
        "slopes": slopes,
        "boundary": boundary.find_boundary(slopes),
        "wedges": wedges.compare(slopes),
        "relative_distances": distances(),
    }
    return experiment.draw(
        name, [contents[table] for table in experiment.TABLES[name]], settings, "tanh"
    )


@compared
def test_plane_without_theory(unknown):
    return drawn("phase_diagram", unknown, NARROW)


@compared
def test_exponents_without_theory(unknown):
    return drawn("exponents", unknown)


@pytest.mark.parametrize("settings", [WIDE, NARROW])
@pytest.mark.parametrize("name", experiment.TABLES)
def test_nothing_of_theory_is_drawn_and_the_legend_says_why(unknown, name, settings):
    figure = drawn(name, unknown, settings)
    assert not [gid for gid in OF_THEORY if artists(figure, gid)]
    assert not [text for axes in figure.axes for text in axes.texts]  # no name of a regime
    assert legend(figure).count(regimes.NO_THEORY) == 1
    assert within(figure)


@pytest.mark.parametrize("name", experiment.TABLES)
def test_what_was_measured_is_drawn_as_ever(slopes, unknown, name):
    gid = {"phase_diagram": "slopes", "exponents": "measured", "condensation": "change"}[name]
    known, shown = (artist(drawn(name, table), gid).get_array() for table in (slopes, unknown))
    np.testing.assert_array_equal(known, shown)


def test_of_single_points_the_fit_alone_is_drawn(of_points):  # noqa: F811
    fits = of_points["fits"].assign(theory=np.nan, regime=theory.NO_REGIME)
    figures = relative_distances.draw({**of_points, "fits": fits}, WIDE)
    figure = figures["relative_distances"]
    for place, axes in enumerate(figure.axes):
        assert artist(figure, f"fit_{place}")
        assert not artists(figure, f"theory_{place}")
        assert axes.get_title().startswith(theory.NO_REGIME)
        assert len(axes.get_legend().texts) == 1


def test_descent_and_flow_are_compared_without_theory():
    found = of_descent()
    found["slopes"] = found["slopes"].assign(theory=np.nan)
    figure = descents.draw(found, WIDE)["descent"]
    assert not artists(figure, "theoretical_boundary")
    assert regimes.NO_THEORY in legend(figure)


def test_a_boundary_has_theory_where_its_slopes_have(slopes, unknown):
    assert boundary.find_boundary(slopes)["theory"].notna().all()
    found = boundary.find_boundary(unknown)
    assert found["theory"].isna().all()
    pd.testing.assert_series_equal(found["gamma"], boundary.find_boundary(slopes)["gamma"])
