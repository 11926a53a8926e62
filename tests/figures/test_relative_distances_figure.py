import numpy as np
import pytest
from drawn import artist, artists, compared, covers_data, stored, within
from numpy.testing import assert_allclose

from phase_diagram.figures import relative_distances
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.studies.relative_distances import TABLES


@pytest.fixture
def tables():
    return stored(*TABLES)


def drawn(tables, title="", **settings):
    settings = FigureSettings(**{"dpi": 100, **settings})
    figures = relative_distances.draw(tables, settings, title)
    assert tuple(figures) == relative_distances.FIGURES
    return figures["relative_distances"]


@compared
def test_relative_distances(tables):
    return drawn(tables, "Title")


def test_panels_show_the_tables(tables):
    figure = drawn(tables)
    assert len(figure.axes) == 3
    for place, fit in enumerate(tables["fits"].itertuples()):
        points = tables["distances"].query("gamma == @fit.gamma")
        shown = artist(figure, f"rd_{place}")
        assert_allclose(shown.get_xydata(), points[["width", "rd"]])
        bars = np.array(artist(figure, f"rd_errors_{place}").get_segments())
        assert_allclose(bars[:, 1, 1] - bars[:, 0, 1], 2 * points["rd_standard_error"], rtol=1e-9)
        assert shown.axes.get_title().startswith(fit.regime)
        ends = {}
        for name, slope in (("fit", fit.slope), ("theory", fit.theory)):
            line = artist(figure, f"{name}_{place}")
            width, rd = line.get_data()
            assert list(width) == [points["width"].min(), points["width"].max()]
            assert np.diff(np.log(rd)) / np.diff(np.log(width)) == pytest.approx(slope, abs=1e-9)
            ends[name] = rd
        assert_allclose(ends["fit"], fit.prefactor * points["width"].iloc[[0, -1]] ** fit.slope)
        # Both lines have the same middle.
        assert np.prod(ends["theory"]) == pytest.approx(np.prod(ends["fit"]))
        labels = [text.get_text() for text in shown.axes.get_legend().texts]
        number = f"{fit.slope:.3f}".replace("-", "\u2212")
        assert labels[0] == f"slope {number} \u00b1 {fit.slope_standard_error:.3f}"
        assert labels[1] == f"closed form {fit.theory:.3f}".replace("-", "\u2212")


def test_all_panels_span_the_same_decades(tables):
    factors = {0.5: 1.0, 1.0: 1e-5, 1.5: 1e4}
    for name, column in (
        *(("distances", "rd"), ("distances", "rd_standard_error")),
        ("fits", "prefactor"),
    ):
        tables[name][column] *= tables[name]["gamma"].map(factors)
    limits = np.log10([panel.get_ylim() for panel in drawn(tables).axes])
    spans = limits[:, 1] - limits[:, 0]
    assert_allclose(spans, spans[0])
    assert 1.0 < spans[0] < 3.0


@pytest.mark.parametrize("width_inches", [3.0, 6.0])
def test_legends_fit_and_cover_no_data(tables, width_inches):
    figure = drawn(tables, "Title", width_inches=width_inches)
    assert within(figure)
    for place, panel in enumerate(figure.axes):
        assert not covers_data(panel, artists(figure, f"rd_{place}"))


def test_point_without_a_fit_is_drawn(tables):
    tables["fits"].loc[0, ["slope", "slope_standard_error", "prefactor"]] = np.nan
    tables["distances"].loc[tables["distances"]["gamma"] == 0.5, "rd"] = np.nan
    tables["fits"].loc[1, "slope_standard_error"] = np.nan
    figure = drawn(tables)
    assert not artists(figure, "fit_0") and not artists(figure, "theory_0")
    (first, _) = figure.axes[1].get_legend().texts
    assert "\u00b1" not in first.get_text()
