"""Tables in the style of journals: horizontal rules only, notes below, as wide as the figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from phase_diagram.figures.drawing import style

# All lengths are in points.
LINE = 12.0
BEFORE_ROW = 4.0
NOTE_LINE = 9.5
LEAST_GAP = 6.0  # between two columns
MARGIN = 4.0
HEAVY, LIGHT = 0.9, 0.45
DETAIL = "#5a5a5a"


@dataclass(frozen=True)
class Row:
    """A row of one or more lines, each with a cell per column; the first line is the main one."""

    lines: tuple[tuple[str, ...], ...]


def draw(
    headings: Sequence[str],
    rows: Sequence[Row],
    notes: Sequence[str],
    *,
    width_inches: float,
    dpi: float,
    title: str = "",
) -> Figure:
    """Set a table; the first column names the rows.

    If the columns do not fit side by side, the table continues below, with the first column
    repeated, so that the font size is the same at any width.

    Parameters
    ----------
    headings : sequence of str
        One per column; mathtext between dollar signs, as in all cells.
    rows : sequence of Row
    notes : sequence of str
        Lines set below the table; broken where they are too long.
    width_inches, dpi : float
        The width of the figure; its height follows.
    title : str
        Set above the table; none if empty.

    Returns
    -------
    matplotlib.figure.Figure
        Drawn in the style of the caller's context. The cells have the gid `cell`.
    """
    figure = Figure(figsize=(width_inches, 1.0), dpi=dpi)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    room = 72 * width_inches - 2 * MARGIN
    columns = [
        (heading, *(line[place] for row in rows for line in row.lines))
        for place, heading in enumerate(headings)
    ]
    widths = [max(_width(axes, cell) for cell in column) for column in columns]
    notes = [line for note in notes for line in _broken(axes, note, room)]
    y = MARGIN
    if title:
        y += LINE
        axes.text(MARGIN + room / 2, y, title, ha="center", va="baseline", fontsize="large")
        y += BEFORE_ROW
    for block in _blocks(widths, room):
        y = _draw_block(axes, block, widths, headings, rows, y, room) + BEFORE_ROW
    for note in notes:
        y += NOTE_LINE
        axes.text(MARGIN, y, note, va="baseline", fontsize="small", color=DETAIL)
    height = y + MARGIN + 2.0
    figure.set_size_inches(width_inches, height / 72)
    axes.set(xlim=(0.0, 72 * width_inches), ylim=(height, 0.0))
    return figure


def _blocks(widths: Sequence[float], room: float) -> list[list[int]]:
    """Which columns stand beside each other; every block begins with the first column.

    The smallest number of blocks that fit, as even as possible.
    """
    filled = _filled(widths, room)
    for narrower in np.linspace(0.2, 1.0, 81) * room:
        even = _filled(widths, narrower)
        if len(even) == len(filled):
            return even
    return filled


def _filled(widths: Sequence[float], room: float) -> list[list[int]]:
    blocks = [[0]]
    for place in range(1, len(widths)):
        used = sum(widths[column] + LEAST_GAP for column in blocks[-1])
        if used + widths[place] > room and len(blocks[-1]) > 1:
            blocks.append([0])
        blocks[-1].append(place)
    return blocks


def _draw_block(
    axes: Axes,
    block: Sequence[int],
    widths: Sequence[float],
    headings: Sequence[str],
    rows: Sequence[Row],
    y: float,
    room: float,
) -> float:
    """Set the columns of a block from y downwards; return the y below it."""
    gap = (room - sum(widths[place] for place in block)) / max(1, len(block) - 1)
    left_edges = [
        MARGIN + sum(widths[before] + gap for before in block[:index])
        for index in range(len(block))
    ]

    def write(cells: Sequence[str], **look: Any) -> None:
        for x, place in zip(left_edges, block, strict=True):
            axes.text(x, y, cells[place], va="baseline", gid="cell", **look)

    y += BEFORE_ROW
    _rule(axes, y, room, HEAVY)
    y += LINE + 1.0
    write(headings)
    y += BEFORE_ROW + 1.0
    _rule(axes, y, room, LIGHT)
    for row in rows:
        y += BEFORE_ROW
        for number, line in enumerate(row.lines):
            y += LINE
            write(line, color=DETAIL if number else style.INK)
    y += BEFORE_ROW + 2.0
    _rule(axes, y, room, HEAVY)
    return y


def _rule(axes: Axes, y: float, room: float, thickness: float) -> None:
    axes.plot([MARGIN, MARGIN + room], [y, y], color=style.INK, linewidth=thickness)


def _width(axes: Axes, words: str, **look: Any) -> float:
    text = axes.text(0.0, 0.0, words, **look)
    width = text.get_window_extent().width * 72 / axes.figure.dpi
    text.remove()
    return float(width)


def _broken(axes: Axes, note: str, room: float) -> list[str]:
    """Break a note into lines that fit the width, between words and never within a formula."""
    lines = [""]
    formula = False
    for word in note.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if not formula and _width(axes, longer, fontsize="small") > room:
            lines.append(word)
        else:
            lines[-1] = longer
        formula ^= word.count("$") % 2 == 1
    return lines
