"""Short ways to find what a figure shows, for the tests of the figures."""

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text


def artists(figure: Figure, gid: str) -> list[Artist]:
    return figure.findobj(lambda candidate: candidate.get_gid() == gid)


def artist(figure: Figure, gid: str) -> Artist:
    (found,) = artists(figure, gid)
    return found


def words(figure: Figure) -> dict[str, Text]:
    """The texts on all axes, by what they say; titles, ticks and legends are not among them."""
    return {text.get_text(): text for axes in figure.axes for text in axes.texts}


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
