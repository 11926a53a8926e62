import numpy as np
import pytest
from drawn import artist, artists, compared, covers_data, stored, within
from numpy.testing import assert_allclose

from phase_diagram.figures import local_slopes
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.studies.local_slopes import TABLES


@pytest.fixture
def tables():
    return stored(*TABLES)


def drawn(tables, title="", **settings):
    settings = FigureSettings(**{"dpi": 100, **settings})
    figures = local_slopes.draw(tables, settings, title)
    assert tuple(figures) == local_slopes.FIGURES
    return figures["local_slopes"]


def chosen(tables):
    found = tables["extrapolations"]
    return found[found["chosen"] == 1]


@compared
def test_local_slopes(tables):
    return drawn(tables, "Title")


def test_panels_show_the_tables(tables):
    figure = drawn(tables)
    points = list(chosen(tables)[["gamma", "gamma_prime"]].drop_duplicates().to_numpy())
    assert len(figure.axes) == len(points) == 3
    drawn_sources = 0
    for place, point in enumerate(points):
        for source in ("quadrature", "random"):
            rows = tables["local_slopes"]
            rows = rows[(rows["source"] == source) & (rows["gamma"] == point[0])]
            if rows.empty:
                assert not artists(figure, f"slopes_{source}_{place}")
                continue
            drawn_sources += 1
            middle = np.sqrt(rows["width_from"] * rows["width_to"])
            x, y = artist(figure, f"slopes_{source}_{place}").get_xydata().T
            assert_allclose(1 / x, np.log10(middle))
            assert_allclose(y, rows["slope"])
    assert drawn_sources == 5


def test_fits_go_through_their_slopes_to_infinity(tables):
    figure = drawn(tables)
    for place, (_, fits) in enumerate(chosen(tables).groupby("gamma_prime", sort=False)):
        for fit in fits.itertuples():
            parts = artists(figure, f"fit_{fit.source}_{place}")
            x, y = np.concatenate([part.get_xydata() for part in parts]).T
            assert 1 / x.max() == pytest.approx(np.log10(fit.width_from))
            assert x.min() == 0.0
            assert y[np.argmin(x)] == pytest.approx(fit.slope, abs=1e-9)
            # The slope between two widths is about that of the fit between them.
            shown = artist(figure, f"slopes_{fit.source}_{place}").get_xydata()
            shown = shown[shown[:, 0] <= x.max()]
            order = np.argsort(x)
            near = np.interp(shown[:, 0], x[order], y[order])
            assert np.abs(near - shown[:, 1]).max() < 0.006
            (infinite,) = artist(figure, f"infinite_{fit.source}_{place}").get_xydata()
            assert infinite[1] == fit.slope
            assert abs(infinite[0]) <= local_slopes.SHIFT


def test_numbers_are_in_the_legends(tables):
    for panel, (_, fits) in zip(
        drawn(tables).axes, chosen(tables).groupby("gamma_prime", sort=False), strict=True
    ):
        *numbers, expected = [text.get_text() for text in panel.get_legend().texts]
        assert float(expected.replace("\u2212", "-")) == fits["theory"].iloc[0]
        for text, fit in zip(numbers, fits.itertuples(), strict=True):
            value, uncertainty = text.replace("\u2212", "-").split(" \u00b1 ")
            assert float(value) == pytest.approx(fit.slope, abs=0.06 * fit.uncertainty + 6e-5)
            assert float(uncertainty) == pytest.approx(fit.uncertainty, rel=0.06, abs=1e-4)


@pytest.mark.parametrize("width_inches", [3.0, 6.0])
def test_legends_fit_and_cover_no_data(tables, width_inches):
    figure = drawn(tables, "Title", width_inches=width_inches)
    assert within(figure)
    for panel in figure.axes:
        lines = [line for line in panel.get_lines() if str(line.get_gid()).startswith("slopes")]
        assert lines and not covers_data(panel, lines)


def test_slopes_without_errors_are_drawn(tables):
    tables["local_slopes"]["slope_standard_error"] = np.nan
    tables["extrapolations"]["uncertainty"] = np.nan
    figure = drawn(tables)
    assert np.isfinite(figure.axes[0].get_ylim()).all()
