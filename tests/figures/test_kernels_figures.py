"""Decay of the loss and distance to the kernel: what is plotted, as numbers and as pictures."""

import numpy as np
import pytest
from drawn import artist, artists, compared, stored, within
from numpy.testing import assert_allclose, assert_array_equal

from phase_diagram.figures import kernel_distance, kernels, loss_decay
from phase_diagram.parameters.figures import FigureSettings

GAMMAS = (0.5, 1.0, 1.75)


@pytest.fixture(scope="module")
def tables():
    return stored("decay", "modes", "distances", "distance_fits", prefix="kernels_")


@pytest.fixture(scope="module")
def draw(tables):
    def draw(title="", width_inches=6.0, **changed):
        settings = FigureSettings(width_inches=width_inches, dpi=100)
        return kernels.draw({**tables, **changed}, settings, title)

    return draw


@pytest.fixture(scope="module")
def figures(draw):
    return draw()


@compared
def test_loss_decay(draw):
    return draw("Decay")["loss_decay"]


@compared
def test_loss_decay_in_a_column(draw):
    return draw(width_inches=3.3)["loss_decay"]


@compared
def test_kernel_distance(draw):
    return draw("Distance")["kernel_distance"]


@compared
def test_kernel_distance_in_a_column(draw):
    return draw(width_inches=3.3)["kernel_distance"]


# ---- decay ------------------------------------------------------------------------------------


def of(table, gamma, **values):
    for column, value in {"gamma": gamma, **values}.items():
        table = table[table[column] == value]
    return table


def test_modes_are_drawn_against_time_in_units_of_their_eigenvalues(tables, draw, monkeypatch):
    monkeypatch.setattr(loss_decay, "FAINT", 0.0)
    figure = draw()["loss_decay"]
    for place, gamma in enumerate(GAMMAS):
        for mode in range(4):
            records = of(tables["decay"], gamma, mode=mode)
            (row,) = of(tables["modes"], gamma, mode=mode, width=3000, seed=0).itertuples()
            dots = artist(figure, f"mode_{place}_{mode}")
            assert_allclose(dots.get_xdata(), records["time_normalised"] * row.eigenvalue)
            assert_allclose(dots.get_ydata(), records["amplitude"] / row.amplitude)
            assert dots.get_ydata()[0] == pytest.approx(1)


def test_loss_is_drawn_with_that_of_the_frozen_kernel(tables, figures):
    figure = figures["loss_decay"]
    for place, gamma in enumerate(GAMMAS):
        first = of(tables["decay"], gamma, mode=0)
        dots, line = (artist(figure, f"{name}_{place}") for name in ("loss", "frozen_loss"))
        assert_array_equal(dots.get_ydata(), first["loss"])
        # Both start from the same residual, and run for the same time.
        assert line.get_ydata()[0] == pytest.approx(dots.get_ydata()[0], rel=1e-4)
        assert line.get_xdata()[-1] == pytest.approx(dots.get_xdata()[-1])
    linear = of(tables["decay"], 0.5, mode=0)
    line = artist(figure, "frozen_loss_0")
    at_records = np.interp(artist(figure, "loss_0").get_xdata(), *line.get_data())
    early = linear["loss"] > 1e-3
    assert early.sum() > 10
    assert_allclose(at_records[early], linear["loss"][early], rtol=0.5)


def test_rates_of_all_seeds_of_the_largest_width(tables, draw, monkeypatch):
    monkeypatch.setattr(loss_decay, "FAINT", 0.0)
    figure = draw()["loss_decay"]
    for place, gamma in enumerate(GAMMAS):
        rows = of(tables["modes"], gamma, width=3000)
        dots = artist(figure, f"rates_{place}").get_offsets()
        assert_allclose(dots, np.column_stack([rows["mode"] + 1, rows["ratio"]]))


def test_faint_modes_are_left_out(tables, draw):
    modes = tables["modes"].copy()
    modes.loc[(modes["gamma"] == 1.0) & (modes["mode"] == 2), "amplitude"] = 1e-4
    figure = draw(modes=modes)["loss_decay"]
    assert not artists(figure, "mode_1_2") and artists(figure, "mode_1_3")
    assert 3 not in artist(figure, "rates_1").get_offsets()[:, 0]


def test_without_any_rate(tables, draw):
    modes = tables["modes"].assign(rate=np.nan, ratio=np.nan)
    assert within(draw(modes=modes)["loss_decay"])


# ---- distances --------------------------------------------------------------------------------


def test_distances_and_fits_are_those_of_the_tables(tables, figures):
    figure = figures["kernel_distance"]
    for kernel in ("initial", "infinite"):
        for place, gamma in enumerate(GAMMAS):
            networks = of(tables["distances"], gamma, kernel=kernel)
            dots = artist(figure, f"distance_{kernel}_{place}")
            assert_array_equal(dots.get_xydata(), networks[["width", "distance"]])
            (fit,) = of(tables["distance_fits"], gamma, kernel=kernel).itertuples()
            width, line = artist(figure, f"fit_{kernel}_{place}").get_data()
            slope = np.diff(np.log(line)) / np.diff(np.log(width))
            assert slope == pytest.approx(fit.slope, abs=1e-6)
            middle = np.exp(np.log(networks[["width", "distance"]]).mean())
            on_line = np.interp(np.log(middle["width"]), np.log(width), np.log(line))
            assert on_line == pytest.approx(np.log(middle["distance"]), abs=1e-3)


def test_legends_tell_the_slopes(tables, figures):
    for axes, kernel in zip(figures["kernel_distance"].axes, ("initial", "infinite"), strict=True):
        (fit,) = of(tables["distance_fits"], 0.5, kernel=kernel).itertuples()
        first = axes.get_legend().texts[0].get_text()
        assert f"{abs(fit.slope):.2f}" in first and "\N{MINUS SIGN}" in first


@pytest.mark.parametrize(
    ("slope", "error", "text"),
    [
        (-0.4856, 0.0311, "\N{MINUS SIGN}0.49 $\\pm$ 0.03"),
        (0.00005, 0.0009, "0.0001 $\\pm$ 0.0009"),
        (0.5, 0.0, "0.50 $\\pm$ 0.00"),
        (-1.25, np.nan, "\N{MINUS SIGN}1.25"),
        (np.nan, np.nan, "none"),
    ],
)
def test_slopes_have_the_digits_of_their_errors(slope, error, text):
    assert kernel_distance.slope_text(slope, error) == text


def test_one_width_has_no_line(tables, draw):
    distances = tables["distances"][tables["distances"]["width"] == 300]
    fits = tables["distance_fits"].assign(slope=np.nan, slope_standard_error=np.nan)
    figure = draw(distances=distances, distance_fits=fits)["kernel_distance"]
    assert artists(figure, "distance_initial_0") and not artists(figure, "fit_initial_0")
    assert within(figure)


@pytest.mark.parametrize("width", [3.0, 6.0])
def test_everything_fits(draw, width):
    for figure in draw("Title", width_inches=width).values():
        assert figure.get_figwidth() == width
        assert within(figure)
