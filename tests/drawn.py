"""Short ways to find what a figure shows, for the tests of the figures."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from phase_diagram.files.tables import read_csv

# A test that returns a figure, which is then compared with its baseline.
compared = pytest.mark.mpl_image_compare(style="default", tolerance=2, baseline_dir="baseline")


def stored(*names: str, prefix: str = "") -> dict[str, pd.DataFrame]:
    """Tables of tests/figures/data, by name."""
    data = Path(__file__).parent / "figures" / "data"
    return {name: read_csv(data / f"{prefix}{name}.csv") for name in names}


def artists(figure: Figure, gid: str) -> list[Artist]:
    return figure.findobj(lambda candidate: candidate.get_gid() == gid)


def artist(figure: Figure, gid: str) -> Artist:
    (found,) = artists(figure, gid)
    return found


def words(figure: Figure) -> dict[str, Text]:
    """The texts on all axes, by what they say; titles, ticks and legends are not among them."""
    return {text.get_text(): text for axes in figure.axes for text in axes.texts}


def legend(figure: Figure) -> list[str]:
    """What the legends of the figure say; not those of its axes."""
    return [text.get_text() for legend in figure.legends for text in legend.texts]


def collide(boxes: Sequence[Bbox]) -> bool:
    return any(one.overlaps(two) for one, two in combinations(boxes, 2))


def covers_data(panel: Artist, lines: Iterable[Artist]) -> bool:
    """Whether the legend of a panel covers a point of these lines, or leaves the panel."""
    box = panel.get_legend().get_window_extent()
    points = [point for line in lines for point in panel.transData.transform(line.get_xydata())]
    return (
        box.x0 < panel.bbox.x0
        or box.x1 > panel.bbox.x1
        or any(box.contains(*point) for point in points)
    )


def within(figure: Figure) -> bool:
    """Whether nothing that is drawn sticks out of the figure.

    And it is laid out for good: with an engine left, saved twice it would have other bytes.
    """
    assert figure.get_layout_engine() is None
    figure.draw_without_rendering()
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    slack = 1e-6
    return min(box.min) >= -slack and box.x1 <= width + slack and box.y1 <= height + slack
