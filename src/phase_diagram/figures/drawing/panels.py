"""Panels, colours and labels of figures that show several points of the plane."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from phase_diagram.plane import theory

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

# Okabe and Ito's colours, which readers of any colour vision tell apart; each with a marker.
COLOURS = ("#0072b2", "#56b4e9", "#009e73", "#d55e00", "#cc79a7", "#e69f00", "#666666")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

# Inches: no panel is narrower, so that its texts and ticks fit.
NARROWEST = 1.35


def points(table: pd.DataFrame) -> list[tuple[float, float]]:
    """The points (gamma, gamma_prime) of a table, in its order."""
    pairs = table[["gamma", "gamma_prime"]].drop_duplicates()
    return [(float(gamma), float(gamma_prime)) for gamma, gamma_prime in pairs.to_numpy()]


def at(table: pd.DataFrame, point: tuple[float, float]) -> pd.DataFrame:
    """The rows of a table that belong to one point."""
    return table[(table["gamma"] == point[0]) & (table["gamma_prime"] == point[1])]


def name(point: tuple[float, float]) -> str:
    """A point's coordinates, as a label."""
    gamma, gamma_prime = (f"{value:g}".replace("-", "\N{MINUS SIGN}") for value in point)
    return rf"$\gamma$ = {gamma}, $\gamma'$ = {gamma_prime}"


def title(point: tuple[float, float], regime: str | None = None) -> str:
    """A point's regime over its coordinates; None: that of theory."""
    return f"{regime or theory.regime(*point)}\n{name(point)}"


def style(index: int) -> dict[str, Any]:
    """Colour and marker of the point that has this index in its table."""
    return {
        "color": COLOURS[index % len(COLOURS)],
        "marker": MARKERS[index % len(MARKERS)],
    }


def blank(settings: "FigureSettings", height: float, title: str) -> Figure:
    """An empty figure of the settings' width and a height in inches, title apart."""
    size = settings.width_inches, height + (0.2 if title else 0.0)
    figure = Figure(figsize=size, dpi=settings.dpi, layout="constrained")
    if title:
        figure.suptitle(title, fontsize=8.5)
    return figure


def grid(figure: Figure, count: int, rows: int, width: float) -> list[list[Axes]]:
    """Lay out `rows` panels one below the other for each of `count` points, side by side.

    Where the figure's width, in inches, is too narrow for all points the rest go below the first.

    Returns
    -------
    list of list of Axes
        For each point its panels from top to bottom.
    """
    columns = columns_in(count, width)
    lines = -(-count // columns)
    axes = figure.subplots(lines * rows, columns, squeeze=False)
    panels = [
        [axes[place // columns * rows + row, place % columns] for row in range(rows)]
        for place in range(count)
    ]
    for place in range(count, lines * columns):
        for row in range(rows):
            axes[place // columns * rows + row, place % columns].remove()
    return panels


def columns_in(count: int, width: float) -> int:
    """How many of `count` panels fit side by side in a figure of this width in inches."""
    return max(1, min(count, int(width / NARROWEST)))


def first_of_line(count: int, width: float) -> Iterator[bool]:
    """For each of `count` points whether it is the leftmost of its line; width in inches."""
    columns = columns_in(count, width)
    return (place % columns == 0 for place in range(count))
