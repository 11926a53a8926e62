import itertools

import numpy as np
import pandas as pd
import pytest
from drawn import artist, artists, collide, compared, legend, within
from numpy.testing import assert_allclose

from phase_diagram.figures import descents
from phase_diagram.figures.drawing import cells
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.plane import theory
from phase_diagram.studies import descents as study

GAMMAS, ROWS = (0.5, 0.8, 1.1, 1.4, 1.7), (-1.0, -0.5, 0.0, 0.5, 1.0)


def tables(widths=(1000, 3000), gammas=GAMMAS, rows=ROWS, seeds=2):
    """Descent moves too far where gamma' is large, and does not converge in one corner."""
    networks = []
    for row, gamma, width, seed in itertools.product(rows, gammas, widths, range(seeds)):
        flow = width ** float(theory.exponent(gamma, row)) * (1.0 + 0.01 * seed)
        descent = flow * (1.0 + (width / 1000) ** 1.5 * max(row - gamma + 0.5, 0.0) ** 3)
        lost = (gamma > 1.6 and row < -0.4) or (gamma == 1.4 and row == -1.0 and seed == 0)
        status = "step_limit" if lost else "converged"
        descent = np.nan if lost else descent
        networks.append((gamma, row, width, seed, flow, descent, descent / flow, 9, 9, status))
    networks = pd.DataFrame(networks, columns=list(study.TABLES["networks"]))
    return {"networks": networks, "slopes": study._slopes(networks)}


def drawn(found, width_inches=6.0, title="Title", **settings):
    chosen = FigureSettings(width_inches=width_inches, dpi=100, **settings)
    figures = descents.draw(found, chosen, title)
    assert tuple(figures) == descents.FIGURES
    return figures["descent"]


@compared
def test_descent():
    return drawn(tables())


def test_cells_are_ratios_and_differences():
    found = tables()
    figure = drawn({name: table.sample(frac=1.0, random_state=2) for name, table in found.items()})
    for gid, width in (("ratio_smallest", 1000), ("ratio_largest", 3000)):
        chosen = found["networks"][found["networks"]["width"] == width]
        mean = np.log2(chosen["ratio"]).groupby([chosen["gamma_prime"], chosen["gamma"]]).mean()
        shown = artist(figure, gid)
        assert_allclose(shown.get_array().filled(np.nan), mean.unstack("gamma"), atol=1e-12)
        # The same colours for both widths; white, the middle, where descent does as the flow.
        assert (shown.norm.vmin, shown.norm.vmax) == (-1.0, 1.0)
        assert min(shown.to_rgba(0.0)) > 0.95
    expected = cells.matrix(found["slopes"], "difference")
    assert_allclose(artist(figure, "difference").get_array().filled(np.nan), expected, atol=1e-12)
    assert len(artists(figure, "theoretical_boundary")) == 3


def test_numbers_are_written_into_their_cells():
    found = tables()
    figure = drawn(found)
    figure.draw_without_rendering()
    of_panel = [
        {tuple(np.round(t.get_position(), 6)): t.get_text() for t in axes.texts}
        for axes in figure.axes[:3]
    ]
    networks = found["networks"]
    for width, numbers in zip((1000, 3000), of_panel, strict=False):
        chosen = networks[networks["width"] == width].groupby(["gamma", "gamma_prime"])["ratio"]
        means = np.exp2(np.log2(chosen.mean())).dropna()
        assert set(numbers) == {tuple(np.round(point, 6)) for point in means.index}
        for point, value in means.items():
            shown = numbers[tuple(np.round(point, 6))]
            assert float(shown) == pytest.approx(value, rel=0.006)
    for row in found["slopes"].dropna(subset=["difference"]).itertuples():
        shown = of_panel[2][row.gamma, row.gamma_prime].replace("\N{MINUS SIGN}", "-")
        assert float(shown) == pytest.approx(row.difference, abs=0.0051)


def test_missing_cells_are_hatched_and_named():
    figure = drawn(tables())
    assert len(artists(figure, "no_slope")) == len(artists(figure, "not_converged")) == 3
    missing = artist(figure, "difference").get_array().mask
    assert missing.sum() == 2
    assert legend(figure)[1:] == ["descent did not converge", "not all seeds converged"]


@pytest.mark.parametrize("width", [3.0, 6.0])
def test_nothing_sticks_out_and_numbers_fit_their_cells(width):
    figure = drawn(tables(), width)
    assert within(figure)
    boxes = [text.get_window_extent() for text in artists(figure, "number")]
    assert boxes and not collide(boxes)


def test_numbers_are_left_out_where_cells_are_small():
    fine = tables(gammas=np.linspace(0.5, 2.0, 31), rows=np.linspace(-1, 1, 5), seeds=1)
    figure = drawn(fine, 3.0)
    assert not [text for text in artists(figure, "number") if len(text.get_text()) > 1]
    assert within(figure)


@pytest.mark.parametrize("lost", [False, True])
def test_single_cells_and_empty_planes_are_drawn(lost):
    found = tables(gammas=(1.0,), rows=(0.0,))
    if lost:
        found["networks"]["ratio"] = np.nan
        found["slopes"] = study._slopes(found["networks"])
    assert within(drawn(found, title=""))
