from itertools import pairwise

import numpy as np
import pytest
from drawn import artist, artists, compared, within
from numpy.testing import assert_allclose, assert_array_equal

from phase_diagram.figures import exponents
from phase_diagram.figures.drawing import cells
from phase_diagram.fits import wedges
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.plane import theory

PANELS = ("measured", "theory", "difference")


def drawn(slopes, title="", **settings):
    settings = FigureSettings(**{"dpi": 100, **settings})
    return exponents.draw(slopes, wedges.compare(slopes), settings, title)


@compared
def test_exponents_side_by_side(slopes):
    return drawn(slopes, "Title", colour_limit=1.0)


@compared
def test_exponents_one_below_the_other(slopes_with_gaps):
    return drawn(slopes_with_gaps, width_inches=3.3, colour_map="PuOr")


def test_cells_show_slopes_theory_and_difference(slopes_with_gaps):
    figure = drawn(slopes_with_gaps.sample(frac=1, random_state=0))
    expected = {
        "measured": cells.matrix(slopes_with_gaps, "slope"),
        "theory": cells.matrix(slopes_with_gaps, "theory"),
    }
    expected["difference"] = expected["measured"] - expected["theory"]
    for name in PANELS:
        shown = artist(figure, name).get_array()
        known = np.isfinite(expected[name].to_numpy())
        assert not known.all()
        assert_array_equal(~np.ma.getmaskarray(shown), known)
        assert_allclose(shown[known], expected[name].to_numpy()[known], atol=1e-15)


@pytest.mark.parametrize("colour_map", ["RdBu", "PuOr_r"])
def test_scales_are_symmetric_and_the_difference_has_its_own(slopes, colour_map):
    figure = drawn(slopes, colour_map=colour_map, colour_limit=0.8)
    measured, expected, difference = (artist(figure, name) for name in PANELS)
    assert (measured.norm.vmin, measured.norm.vmax) == (-0.8, 0.8)
    assert (expected.norm.vmin, expected.norm.vmax) == (-0.8, 0.8)
    largest = (slopes["slope"] - slopes["theory"]).abs().max()
    assert_allclose((difference.norm.vmin, difference.norm.vmax), (-largest, largest))
    assert measured.cmap.name == expected.cmap.name == colour_map
    assert difference.cmap.name != colour_map
    bars = [axes._colorbar for axes in figure.axes if hasattr(axes, "_colorbar")]
    assert [bar.extend for bar in bars] == ["both", "neither"]
    assert [bar.mappable.cmap.name for bar in bars] == [colour_map, difference.cmap.name]


def test_without_a_limit_both_maps_end_at_the_largest_slope(slopes):
    slopes.loc[0, "theory"] = -7.0
    figure = drawn(slopes)
    assert artist(figure, "measured").norm.vmax == 7.0
    assert artist(figure, "theory").norm.vmax == 7.0


def test_panels_share_the_plane_and_show_where_theory_bends(slopes):
    figure = drawn(slopes)
    axes = [artist(figure, name).axes for name in PANELS]
    assert [panel.get_title() for panel in axes] == ["measured", "theory", "measured \u2212 theory"]
    assert len({panel.get_xlim() + panel.get_ylim() for panel in axes}) == 1
    assert axes[0].get_xlim() == pytest.approx((0.375, 2.125))
    lines = artists(figure, "kink") + artists(figure, "theoretical_boundary")
    for panel in axes:
        own = [line for line in lines if line.axes is panel]
        # Each row's kinks beyond gamma = 1/2 lie on a line of the panel.
        for gamma_prime in (-0.5, -0.25, 0.25, 0.5):
            for kink in theory.kinks(gamma_prime)[1:]:
                assert any(on_line(line, kink, gamma_prime) for line in own), (kink, gamma_prime)


def on_line(line, x, y):
    # A point is on a piece if the way past it is no longer than the piece.
    point = np.array([x, y])
    return any(
        np.linalg.norm(point - start) + np.linalg.norm(end - point)
        == pytest.approx(np.linalg.norm(end - start))
        for start, end in pairwise(np.asarray(line.get_xydata()))
    )


@pytest.mark.parametrize("width_inches", [3.0, 6.0])
def test_numbers_stand_in_their_wedges(slopes, width_inches):
    figure = drawn(slopes, width_inches=width_inches)
    table = wedges.compare(slopes).set_index("wedge")
    figure.draw_without_rendering()
    panel = artist(figure, "difference").axes
    numbers = artists(figure, "numbers")
    found = set()
    for text in numbers:
        box = text.get_window_extent().transformed(panel.transData.inverted())
        (wedge,) = set(theory.wedge(*box.corners().T))
        found.add(wedge)
        median, largest = table.loc[wedge, ["error_median", "error_max_away"]]
        assert text.get_text() == f"{median:.2g}\n({largest:.2g})"
    assert found == set(theory.WEDGES)
    assert within(figure)


def test_wedge_without_points_has_no_numbers(slopes):
    figure = drawn(slopes[slopes["gamma"] < 1.0])
    (text,) = artists(figure, "numbers")
    assert text.axes is artist(figure, "difference").axes


def test_table_without_slopes_is_drawn(slopes):
    figure = drawn(slopes.assign(slope=np.nan))
    assert artist(figure, "difference").norm.vmax == 1.0
    assert not artists(figure, "numbers")


def test_the_resolution_is_that_of_the_settings(slopes):
    assert drawn(slopes, dpi=137).dpi == 137
