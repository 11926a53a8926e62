"""The portraits: what is plotted, as numbers and as pictures."""

import numpy as np
import pytest
from drawn import artist, artists, compared, stored, within, words
from numpy.testing import assert_allclose, assert_array_equal

from phase_diagram.figures import portraits
from phase_diagram.parameters.figures import FigureSettings


@pytest.fixture(scope="module")
def tables():
    return stored("functions", "neurons", "summary", prefix="portraits_")


@pytest.fixture(scope="module")
def draw(tables):
    def draw(title="", width_inches=6.0, **changed):
        settings = FigureSettings(width_inches=width_inches, dpi=100)
        return portraits.draw({**tables, **changed}, settings, title)["portrait"]

    return draw


@pytest.fixture(scope="module")
def figure(draw):
    return draw()


def in_space(tables):
    """As a problem with several input dimensions gives them."""
    neurons = tables["neurons"].copy()
    for time in ("initial", "final"):
        neurons[f"orientation_{time}"] = np.cos(neurons[f"orientation_{time}"]) / 2
    return {"functions": tables["functions"][:0], "neurons": neurons}


@compared
def test_portraits(draw):
    return draw("Portraits")


@compared
def test_portraits_in_a_column(draw):
    return draw(width_inches=3.3)


@compared
def test_portraits_in_space(tables, draw):
    return draw("In space", **in_space(tables))


def test_functions_and_data_are_those_of_the_table(tables, figure):
    functions = tables["functions"]
    for place, gamma in enumerate((0.5, 1.0, 1.75)):
        expected = functions[functions["gamma"] == gamma]
        for column in ("f_initial", "f_final"):
            line = artist(figure, f"{column}_{place}")
            assert_array_equal(line.get_xydata(), expected[["x", column]])
        data = expected[expected["target"].notna()]
        assert_array_equal(artist(figure, f"data_{place}").get_xydata(), data[["x", "target"]])


def test_each_regime_has_its_comparison(tables, figure):
    shown = {
        (name, place): bool(artists(figure, f"{name}_{place}"))
        for name in ("kernel_prediction", "linear_spline")
        for place in range(3)
    }
    assert [shown["kernel_prediction", place] for place in range(3)] == [True, True, False]
    assert [shown["linear_spline", place] for place in range(3)] == [False, True, True]
    prediction = artist(figure, "kernel_prediction_0").get_ydata()
    linear = tables["functions"]["gamma"] == 0.5
    assert_array_equal(prediction, tables["functions"]["kernel_prediction"][linear])


def test_neurons_are_those_of_the_table_in_units_of_the_largest(tables, figure):
    neurons = tables["neurons"][tables["neurons"]["gamma"] == 1.75]
    for time in ("initial", "final"):
        dots = artist(figure, f"neurons_{time}_2")
        amplitude = neurons[f"amplitude_{time}"]
        assert_array_equal(dots.get_xdata(), neurons[f"orientation_{time}"])
        assert_allclose(dots.get_ydata(), amplitude / amplitude.max())
        assert dots.get_rasterized()


def test_kinks_are_where_condensed_neurons_are(tables, figure):
    lines = artist(figure, "kinks_2")
    angles = np.array([segment[0, 0] for segment in lines.get_segments()])
    assert len(angles) == 8
    neurons = tables["neurons"][tables["neurons"]["gamma"] == 1.75]
    strong = neurons[neurons["amplitude_final"] > 0.2 * neurons["amplitude_final"].max()]
    off = np.abs(strong["orientation_final"].to_numpy()[:, None] - angles).min(axis=1)
    assert off.max() < 0.05


def test_of_many_neurons_an_even_choice_is_drawn(tables, draw, monkeypatch):
    monkeypatch.setattr(portraits, "SHOWN", 100)
    assert_array_equal(
        artist(draw(), "neurons_final_0").get_xdata(),
        tables["neurons"]["orientation_final"][:300:3],
    )


def test_titles_say_regime_and_point(figure):
    titles = [panel.get_title() for panel in figure.axes[:3]]
    assert [title.split("\n")[0] for title in titles] == ["linear", "critical", "condensed"]
    assert "1.75" in titles[2]
    assert any("4 orientations" in word for word in words(figure))


def test_dead_neurons_have_no_cosine(tables, draw):
    changed = in_space(tables)
    changed["neurons"].loc[0, ["orientation_final", "amplitude_final"]] = np.nan, 0.0
    dots = artist(draw(**changed), "neurons_final_0")
    assert np.isnan(dots.get_xdata()[0])
    dead = changed["neurons"].assign(amplitude_final=0.0)
    assert not artist(draw(neurons=dead), "neurons_final_0").get_ydata().any()


@pytest.mark.parametrize(("width", "space"), [(3.0, False), (6.0, True)])
def test_everything_fits(tables, draw, width, space):
    figure = draw("Title", width_inches=width, **(in_space(tables) if space else {}))
    assert figure.get_figwidth() == width
    assert within(figure)
