from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from drawn import artist, artists, collide, compared, within, words
from matplotlib.transforms import Bbox
from numpy.testing import assert_allclose

from phase_diagram.figures import initialisations, initialisations_table
from phase_diagram.figures.drawing import regimes
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.plane import scaling, theory
from phase_diagram.studies import initialisations as study

TABLE, DIAGRAM = initialisations.FIGURES


@cache
def measured(width=1000):
    return study.measure(SimpleNamespace(width=width, dimension=785))


@cache
def drawn(name, width_inches=6.0, width=1000):
    """One of the figures; drawing takes long enough to do it once for all tests."""
    settings = FigureSettings(width_inches=width_inches, dpi=100)
    return initialisations.draw(measured(width), settings, "Title")[name]


@compared
def test_initialisations_table():
    return drawn(TABLE)


@compared
def test_initialisations_diagram():
    return drawn(DIAGRAM, 3.3)


# ---- the table ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1", "$1$"),
        ("sqrt(m)", r"$\sqrt{m}$"),
        ("sqrt((m+d)/(m+1))", r"$\sqrt{(m+d)/(m+1)}$"),
        ("2/sqrt((m+1)*(m+d))", r"$2/\sqrt{(m+1)(m+d)}$"),
        ("sqrt(1/sqrt(m))", r"$\sqrt{1/\sqrt{m}}$"),
        ("beta", r"$\beta$"),
    ],
)
def test_formulas_become_mathtext(formula, expected):
    assert initialisations_table.mathtext(formula) == expected


@pytest.mark.parametrize("width", [3.0, 6.0])
def test_no_cell_of_the_table_covers_another(width):
    figure = drawn(TABLE, width)
    assert within(figure)
    cells = [text.get_window_extent() for text in artists(figure, "cell") if text.get_text()]
    assert not collide(cells)
    # All columns, whether beside or below each other.
    shown = [text.get_text() for text in artists(figure, "cell")]
    assert set(initialisations_table.HEADINGS) <= set(shown)
    assert {"LeCun", "$0.982$", r"$1/\sqrt{md}$", "critical"} <= set(shown)


def test_very_wide_networks_have_powers_of_ten():
    shown = {text.get_text() for text in artists(drawn(TABLE, width=10**9), "cell")}
    assert {"$10^{9}$", "$10^{-9}$", r"$3.162\times 10^{-5}$", "$3.162\\times 10^{4}$"} <= shown


# ---- the diagram ----------------------------------------------------------------------------


def test_limits_finite_widths_and_the_line():
    figure = drawn(DIAGRAM)
    rings = artist(figure, "initialisations").get_xydata()
    assert {tuple(point) for point in rings} == set(scaling.NAMED_LIMITS.values())
    marks = np.concatenate([mark.get_xydata() for mark in artists(figure, "finite_width")])
    named = measured()["initialisations"].dropna()
    assert_allclose(marks, named[["gamma", "gamma_prime"]])
    x, y = artist(figure, "free_line").get_data()
    assert x[0] < 0.5 and x[1] > 1.0 and list(x) == list(y)


def test_areas_are_the_regimes():
    figure = drawn(DIAGRAM)
    axes = figure.axes[0]
    mesh = np.meshgrid(np.linspace(0.31, 2.19, 39), np.linspace(-1.09, 1.09, 43))
    points = np.column_stack([axis.ravel() for axis in mesh])
    regime = theory.regime(*points.T)
    for name in ("linear", "condensed"):
        (path,) = artist(figure, name).get_paths()
        inside = path.contains_points(points)
        clear = regime != "critical"
        assert (inside == (regime == name))[clear].all()
    assert artist(figure, "unchecked").get_x() + artist(figure, "unchecked").get_width() == 0.5
    line = artist(figure, "theoretical_boundary")
    assert {(1.0, 0.0), (1.0, -1.1)} <= {tuple(point) for point in line.get_xydata()}
    assert axes.get_xlim() == (0.3, 2.2)


@pytest.mark.parametrize("width", [3.0, 6.0])
def test_formulas_are_those_of_theory_and_stand_in_their_pieces(width):
    figure = drawn(DIAGRAM, width)
    figure.draw_without_rendering()
    assert within(figure)
    to_data = figure.axes[0].transData.inverted()
    written = artists(figure, "exponent")
    assert len(written) == len(regimes.FORMULAS) - (width < 3.3)  # one finds no room there
    python = {
        "$": "", "S_w =": "", r"\frac{1}{2}": "0.5 *", "2\\gamma": "2 * \\gamma",
        r"\,": "*", r"\gamma'": "p", r"\gamma": "g",
    }  # fmt: skip
    for text in written:
        formula = text.get_text()
        for mathtext, code in python.items():
            formula = formula.replace(mathtext, code)
        box = Bbox(to_data.transform(text.get_window_extent()))
        assert len({str(theory.wedge(*corner)) for corner in box.corners()}) == 1
        for g, p in box.corners():
            expected = float(theory.exponent(g, p))
            assert eval(formula.strip(), {"g": g, "p": p}) == pytest.approx(expected)


@pytest.mark.parametrize("width", [3.0, 6.0])
def test_words_of_the_diagram_collide_with_nothing(width):
    figure = drawn(DIAGRAM, width)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in words(figure).values()]
    boxes += [legend.get_window_extent() for legend in figure.legends]
    assert not collide(boxes)
    to_pixels = figure.axes[0].transData
    written = [text.get_window_extent() for text in artists(figure, "exponent")]
    for gid in ("free_line", "kink", "theoretical_boundary"):
        for line in artists(figure, gid):
            for point in regimes.along(line):
                pixel = to_pixels.transform(point.min)
                assert not any(box.contains(*pixel) for box in written), gid
