import itertools

import numpy as np
import pandas as pd
import pytest
from drawn import artist, artists, compared, legend, within
from numpy.testing import assert_allclose

from phase_diagram.figures import condensation
from phase_diagram.figures.drawing import cells
from phase_diagram.fits.slopes import DISTANCE_COLUMNS
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.plane import theory

GAMMAS, ROWS = np.linspace(0.5, 2.0, 6), np.linspace(-1.0, 1.0, 5)


def distances(floor=10 / 360, widths=(1000, 4000, 16000)):
    """Condensation that grows with the distance from the boundary, and with the width beyond it."""
    rows = []
    for row, gamma, width in itertools.product(ROWS, GAMMAS, widths):
        beyond = gamma - float(theory.boundary(row))
        grown = 0.5 / (1.0 + width ** (-1.5 * beyond))
        rows.append((gamma, row, width, 1.0, 0.1, 2, 2, floor + grown * (gamma > 0.6), 0.01))
    return pd.DataFrame(rows, columns=list(DISTANCE_COLUMNS))


def boundary():
    return pd.DataFrame({"gamma_prime": ROWS, "theory": theory.boundary(ROWS)})


def drawn(table, width_inches=6.0, title="Title", **settings):
    chosen = FigureSettings(width_inches=width_inches, dpi=100, **settings)
    return condensation.draw(table, boundary(), chosen, title)


def with_gaps():
    table = distances(floor=1e-5)
    lost = (table["gamma"] == GAMMAS[-1]) & (table["gamma_prime"] < -0.4)
    table.loc[lost & (table["width"] == 16000), ["condensation", "converged"]] = np.nan, 0
    partly = (table["gamma"] == GAMMAS[2]) & (table["gamma_prime"] == ROWS[1])
    table.loc[partly & (table["width"] == 1000), "converged"] = 1
    return table[~((table["gamma"] == GAMMAS[0]) & (table["gamma_prime"] == ROWS[0]))]


@compared
def test_condensation():
    return drawn(distances())


@compared
def test_condensation_with_gaps():
    return drawn(with_gaps(), 3.3)


def test_cells_are_the_largest_width_and_the_change():
    table = distances()
    figure = drawn(table.sample(frac=1.0, random_state=5))
    planes = {
        width: cells.matrix(table[table["width"] == width], "condensation")
        for width in (1000, 16000)
    }
    assert_allclose(artist(figure, "condensation").get_array(), planes[16000])
    change = artist(figure, "change")
    assert_allclose(change.get_array(), planes[16000] - planes[1000])
    assert change.norm.vmin == -change.norm.vmax
    assert len(artists(figure, "theoretical_boundary")) == 2
    assert "16000" in figure.axes[0].get_title() and "1000" in figure.axes[1].get_title()


@pytest.mark.parametrize(
    ("floor", "known"), [(10 / 360, True), (0.031, True), (1e-5, False), (0.2, False)]
)
def test_random_angles_are_marked_where_they_are_those_of_the_plane(floor, known):
    figure = drawn(distances(floor))
    marks = artists(figure, "random_angles")
    assert len(marks) == known
    if known:
        assert marks[0].get_xdata() == pytest.approx([10 / 360])
    assert ("directions at random angles" in legend(figure)) == known


def test_the_bar_says_one_over_the_number_of_orientations():
    figure = drawn(distances(floor=1e-5))
    figure.draw_without_rendering()
    bar = next(axes for axes in figure.axes if "orientations" in axes.get_xlabel())
    for tick, label in zip(bar.get_xticks(), bar.get_xticklabels(), strict=True):
        assert eval(label.get_text()) == pytest.approx(tick)
    assert len(bar.get_xticks()) >= 3
    # Below a thousandth C is noise, and the bar has a pointed end.
    assert artist(figure, "condensation").norm.vmin == 1e-3


def test_gaps_are_hatched():
    figure = drawn(with_gaps())
    missing = artist(figure, "condensation").get_array().mask
    assert missing.sum() == 3  # two that did not converge, one that is not there
    assert len(artists(figure, "no_slope")) == 2
    assert len(artists(figure, "not_converged")) == 1  # of the smallest width: in the change only
    assert legend(figure)[1:] == ["none converged", "not all converged"]


@pytest.mark.parametrize("width", [3.0, 6.0])
def test_within_the_figure_at_any_width(width):
    for table in (distances(), with_gaps()):
        figure = drawn(table, width)
        assert within(figure)
        positions = [axes.get_position() for axes in figure.axes[:2]]
        assert (positions[0].x0 == positions[1].x0) == (width < 4.5)  # one below the other


def test_a_single_width_has_no_change():
    figure = drawn(distances(widths=(1000,)))
    assert artist(figure, "condensation") and not artists(figure, "change")
    assert within(figure)


@pytest.mark.parametrize("value", [0.0, 1.0, np.nan])
def test_extreme_tables_are_drawn(value):
    table = distances().assign(condensation=value)
    figure = drawn(table, title="")
    assert within(figure)
    missing = np.ma.getmaskarray(artist(figure, "condensation").get_array())
    assert missing.all() == np.isnan(value)


def test_the_change_has_another_map_than_the_slopes():
    maps = {
        name: artist(drawn(distances(), colour_map=name), "change").cmap.name
        for name in ("RdBu", "PuOr", "PuOr_r")
    }
    assert all(not name.startswith(used) for name, used in maps.items())
