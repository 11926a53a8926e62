import math

import numpy as np
import pandas as pd
import pytest
from drawn import artist, artists, compared, within

from phase_diagram.figures import probe
from phase_diagram.figures.drawing.save import save
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.probing.result import COLUMNS, Probe

POWERS = {"0.weight": -0.5, "blocks.3.attention.projection.weight": 0.0, "a_$1": 0.4}


def found(powers: dict[str, float]) -> Probe:
    rows = []
    for name, exponent in {**powers, "0.bias": math.nan}.items():
        for width in (100, 300, 1000):
            for seed in range(3):
                rd = 0.3 * width**exponent * math.exp(0.1 * (seed - 1))
                start = 1.0 if math.isfinite(exponent) else 0.0
                ending = "converged", "tolerance", 1e-7, 9, 0.1
                rows.append((name, width, seed, 5, start, 1.0, rd, *ending))
    return Probe("some", 1e-6, 0.95, 0.05, pd.DataFrame(rows, columns=list(COLUMNS)))


def drawn(powers: dict[str, float] = POWERS, title: str = "", **settings: float):
    result = found(powers)
    chosen = FigureSettings(**{"dpi": 100, **settings})
    return probe.draw(result.networks, result.summary, chosen, title)


@compared
def test_probe_figure():
    return drawn(title="networks.py:wide")


def test_panels_show_the_networks_and_their_powers():
    figure = drawn()
    result = found(POWERS)
    for place, (name, exponent) in enumerate(POWERS.items()):
        networks = result.networks[result.networks["parameter"] == name]
        points = artist(figure, f"rd_{place}").get_xydata()
        np.testing.assert_allclose(points, networks[["width", "rd"]])
        line = artist(figure, f"fit_{place}")
        width, rd = line.get_data()
        slope = np.diff(np.log(rd)) / np.diff(np.log(width))
        assert slope == pytest.approx(exponent, abs=1e-9)
    colours = [artist(figure, f"fit_{place}").get_color() for place in range(3)]
    assert colours == [probe.COLOURS["linear"], probe.NEITHER, probe.COLOURS["condensed"]]
    assert len({axes.get_ylim() for axes in figure.axes}) == 1


def test_parameters_without_a_slope_are_left_out():
    assert artists(drawn(), "rd_3") == []
    assert len(drawn().axes) == 3


def test_nothing_to_draw_is_said():
    figure = drawn({})
    assert [text.get_text() for text in figure.axes[0].texts] == ["no parameter has a slope"]


@pytest.mark.parametrize("width", [3.0, 6.0])
def test_everything_stays_within_the_figure(width, tmp_path):
    figure = drawn(title="$broken{mathtext", width_inches=width)
    save(figure, tmp_path / "a.png")
    assert within(figure)
