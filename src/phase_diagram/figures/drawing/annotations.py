"""Labels on the phase plane: names of regimes and of initialisations."""

from collections import defaultdict
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox, offset_copy

from phase_diagram.figures.drawing import style
from phase_diagram.figures.drawing.placement import place
from phase_diagram.plane import scaling, theory

# In points. The ring is wide enough for a star of the measured boundary to be seen inside it.
RING = 10.0
REGIME_SIZE = 9.0
CLEAR_OF_STARS = 7.0
# Words lie over the cells and under the stars and their error bars (4): they never hide data.
LAYER = 3.5
PATCH = {"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.75, "linewidth": 0}


def mark_initialisations(axes: Axes) -> list[Bbox]:
    """Ring the limits of the named initialisations that lie on the plane shown, and label them.

    Parameters
    ----------
    axes : Axes
        With final limits and size, which the placement of labels depends on.

    Returns
    -------
    list of Bbox
        What rings and labels cover, in data units.
    """
    at_point = defaultdict(list)
    for name, point in scaling.NAMED_LIMITS.items():
        if axes.viewLim.contains(*point):
            at_point[point].append(scaling.LABELS[name])
    if not at_point:
        return []
    # A dark ring between two light ones is seen on any colour.
    for colour, width, gid in (("white", 2.4, None), (style.INK, 1.1, "initialisations")):
        axes.plot(
            *zip(*at_point, strict=True),
            linestyle="none",
            marker="o",
            markersize=RING,
            markerfacecolor="none",
            markeredgecolor=colour,
            markeredgewidth=width,
            # A limit on the plane's edge, where its cell is cut, keeps its whole ring.
            clip_on=False,
            scalex=False,
            scaley=False,
            zorder=5,
            gid=gid,
        )
    half = _to_data(axes, RING / 2)
    rings = [Bbox([point - half, point + half]) for point in map(np.asarray, at_point)]
    labels = [_label(axes, point, ", ".join(names)) for point, names in at_point.items()]
    return rings + [_extent(axes, label) for label in labels]


def name_regimes(axes: Axes, avoid: list[Bbox], spare: list[Bbox]) -> None:
    """Write the regimes' names: two near the middle of their areas, one along the boundary.

    A name that does not fit on the axes is left out.

    Parameters
    ----------
    axes : Axes
        With final limits and size.
    avoid : list of Bbox
        Areas that the names must not cover, in data units.
    spare : list of Bbox
        Areas that they cover only if they fit nowhere else.
    """
    avoid = avoid + _name_boundary(axes)
    for regime in ("linear", "condensed"):
        text = _regime_name(axes, regime, verticalalignment="center")
        size = _extent(axes, text).size
        inside = partial(_is_regime, regime)
        centre = place(inside, axes.viewLim, size, avoid + spare)
        if centre is None:
            centre = place(inside, axes.viewLim, size, avoid)
        if centre is None:
            text.remove()
        else:
            text.set_position(centre)


def _is_regime(regime: str, gamma: np.ndarray, gamma_prime: np.ndarray) -> np.ndarray:
    return np.asarray(theory.regime(gamma, gamma_prime)) == regime


def _label(axes: Axes, point: tuple[float, float], words: str) -> Text:
    # On the boundary the words would meet its stars, so they go into the condensed wedge below.
    on_boundary = theory.regime(*point) == "critical"
    x, y = (RING / 2 + 1, -RING / 2) if on_boundary else (RING / 2 + 3, 0)
    label = axes.annotate(
        words,
        point,
        xytext=(x, y),
        textcoords="offset points",
        horizontalalignment="left",
        verticalalignment="top" if on_boundary else "center",
        bbox=PATCH,
        zorder=LAYER,
    )
    if _extent(axes, label).x1 > axes.viewLim.x1:
        label.set_position((-x, y))
        label.set_horizontalalignment("right")
    return label


def _name_boundary(axes: Axes) -> list[Bbox]:
    """Write `critical` along the longer of the boundary's two straight pieces; give its box."""
    (left, right), (low, high) = axes.viewLim.intervalx, axes.viewLim.intervaly
    vertical = low, min(high, 0.0)
    diagonal = max(low, 0.0, left - 1.0), min(high, right - 1.0)
    pieces = []
    for start, end in (vertical, diagonal):
        if start < end and left <= theory.boundary(start) < right:
            gamma_prime = np.array([start, end])
            pieces.append(np.column_stack([theory.boundary(gamma_prime), gamma_prime]))
    if not pieces:
        return []
    vectors = [np.diff(axes.transData.transform(piece), axis=0)[0] for piece in pieces]
    lengths = np.linalg.norm(vectors, axis=1)
    longest = int(np.argmax(lengths))
    direction = vectors[longest] / lengths[longest]
    # To the upper left of the line, clear of the stars on it.
    x, y = CLEAR_OF_STARS * np.array([-direction[1], direction[0]])
    text = _regime_name(
        axes,
        "critical",
        verticalalignment="bottom",
        rotation=np.degrees(np.arctan2(direction[1], direction[0])),
        rotation_mode="anchor",
        transform=offset_copy(axes.transData, axes.get_figure(root=True), x, y, units="points"),
    )
    text.set_position(pieces[longest].mean(axis=0))
    word = text.get_window_extent()
    on_axes = axes.bbox.contains(*word.min) and axes.bbox.contains(*word.max)
    if max(word.size) > lengths[longest] or not on_axes:
        text.remove()
        return []
    return [_extent(axes, text)]


def _regime_name(axes: Axes, regime: str, **look: Any) -> Text:
    return axes.text(
        *axes.viewLim.min,
        regime,
        horizontalalignment="center",
        fontsize=REGIME_SIZE,
        fontstyle="italic",
        bbox=PATCH,
        zorder=LAYER,
        **look,
    )


def _extent(axes: Axes, text: Text) -> Bbox:
    return text.get_window_extent().transformed(axes.transData.inverted())


def _to_data(axes: Axes, points: float) -> np.ndarray:
    """Convert a length in points to (gamma, gamma') lengths."""
    pixels = points * axes.figure.dpi / 72
    return pixels * np.asarray(axes.viewLim.size) / np.asarray(axes.bbox.size)
