"""The page as a file: one, complete, the same every time, not too large; and opened once.

All that it does when it is open: test_browser.py.
"""

import json
import re
from html.parser import HTMLParser

import bokeh
import matplotlib
import numpy as np
import pytest
from browser import fragment, opened, place, shown, words
from matplotlib.colors import to_rgb
from plans import ROOT
from small_experiments import (
    GAMMA,
    GAMMA_PRIME,
    LOOKS,
    NAMES,
    POINTS,
    TRAINING,
    line,
    measured,
    packs,
)

from phase_diagram.explorer import pack, views
from phase_diagram.explorer.page import build, palettes, plots
from phase_diagram.parameters import params_yaml

LIMIT = 6_000_000


@pytest.fixture(scope="module")
def page() -> str:
    return build.build(packs(), LOOKS)


class Elements(HTMLParser):
    """Collects every element with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.fixture(scope="module")
def elements(page) -> Elements:
    parser = Elements()
    parser.feed(page)
    return parser


def test_it_is_the_same_every_time_whatever_plots_were_made_before(page):
    plots.models()
    assert build.build(packs(), LOOKS) == page


def test_it_names_no_other_file(elements):
    for tag, attributes in elements.found:
        for name in ("src", "href", "srcset", "action", "data"):
            value = attributes.get(name) or ""
            assert not value or value.startswith(("#", "data:")), f"{tag}: {name}={value}"


def test_it_holds_the_packs_of_all_experiments(page, elements):
    offered = [found["id"] for tag, found in elements.found if "pack-" in str(found.get("id"))]
    assert offered == [f"pack-{name}" for name in NAMES]
    known = json.loads(re.search(r'id="known">(.*?)</script>', page, re.DOTALL)[1])
    assert known["experiments"] == list(NAMES)
    assert known["plots"]["document"]["version"] == bokeh.__version__
    assert set(known["plots"]["roots"]) == set(plots.NAMES)


def test_without_a_link_a_point_is_shown(browser, file):
    with opened(browser, file) as page:
        assert fragment(page) == "#experiment=line&gamma=1.75&gamma_prime=0&layer=slope"
        assert place(page) == words(1.75, 0)
        assert page.locator("#regime").inner_text() == "condensed regime"
        assert len(shown(page, "plane", "cells")["left"]) == len(GAMMA) * len(GAMMA_PRIME)
        assert "in theory 0.375" in page.locator("#summary").inner_text()
        for plot, renderer in (
            ("distances", "rd"),
            ("distances", "fit"),
            ("learned", "f_after"),
            ("learned", "data"),
            ("neurons", "neurons_before"),
            ("neurons", "neurons_after"),
            ("losses", "loss"),
        ):
            assert shown(page, plot, renderer)["x"], renderer


def test_the_committed_parameters_fit_into_the_limit():
    # So many that no neuron shown is left out, as in params.yaml.
    found = views.measure(line(), POINTS, 300, TRAINING)
    packed = pack.pack("line", found, **measured("line")[1])
    chosen = params_yaml.load(ROOT / "params.yaml")
    points = sum(len(experiment.points()) for experiment in chosen.experiments.values())
    letters = points * len(packed) / len(POINTS) * 4 / 3
    rest = len(build.build({}, LOOKS).encode())
    assert points > 3000 and letters + rest < LIMIT


def test_the_limit_of_colours_is_that_of_the_figures(page):
    other = build.build(packs(), type(LOOKS)(colour_map="PuOr", colour_limit=None))
    assert '"colour_limit":1.5' in page and '"colour_limit":null' in other


def lightness(colour: str) -> float:
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in to_rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((lightness(one), lightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", palettes.LOOKS)
def test_ink_and_marks_stand_out_from_the_ground(theme):
    look = palettes.LOOKS[theme]
    assert contrast(look["ink"], look["ground"]) > 7
    assert contrast(look["muted"], look["ground"]) > 4.5  # WCAG 2 AA, of small letters
    for mark in ("after", "fit"):
        assert contrast(look[mark], look["ground"]) > 3  # of graphics


# Machado, Oliveira and Fernandes 2009, severity 1, in linear light.
VISIONS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.3039]],
}  # fmt: skip


def seen(colours: list[str], vision: str) -> np.ndarray:
    """Give L*, a*, b* of colours as eyes without one kind of cones have them."""
    rgb = np.array([to_rgb(colour) for colour in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ np.array(VISIONS[vision]).T, 0, 1)
    xyz = linear @ np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ).T / [0.9505, 1.0, 1.089]  # fmt: skip
    cubic = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = cubic.T
    return np.column_stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("layer", ["slope", "difference", "order"])
def test_colours_hold_for_colour_blind_readers(theme, layer, vision):
    colours = palettes.palettes("RdBu")[theme][layer]
    found = seen(colours, vision)
    middle = len(colours) // 2
    if layer == "order":  # one way, by lightness alone
        assert (np.diff(found[::8, 0]) > 0).all()
        return
    # Each side differs from zero, and from the other side at the same distance.
    for share in (0.4, 0.7, 1.0):
        reach = int(share * middle)
        low, zero, high = found[[middle - reach, middle, middle + reach]]
        assert np.linalg.norm(low - high) > 20
        assert min(np.linalg.norm(low - zero), np.linalg.norm(high - zero)) > 14


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", palettes.LOOKS)
def test_neurons_before_and_after_are_told_apart(theme, vision):
    look = palettes.LOOKS[theme]
    before, after = seen([look["before"], look["after"]], vision)
    assert np.linalg.norm(before - after) > 40


@pytest.mark.parametrize("name", ["RdBu", "coolwarm"])
def test_any_diverging_map_will_do(name):
    made = palettes.palettes(name)
    assert set(made) == set(palettes.LOOKS)
    assert made["light"]["slope"] != made["light"]["difference"]
    ends = [matplotlib.colors.to_hex(matplotlib.colormaps[name](end)) for end in (0.0, 1.0)]
    assert [made["light"]["slope"][0], made["light"]["slope"][-1]] == ends
    assert all(len(colours) % 2 == 1 for colours in made["dark"].values())
