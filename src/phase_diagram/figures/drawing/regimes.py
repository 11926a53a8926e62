"""Draw the theoretical phase diagram: regimes, boundary, and S_w on each linear piece."""

from functools import partial
from itertools import pairwise
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from phase_diagram.figures.drawing import style
from phase_diagram.figures.drawing.placement import place
from phase_diagram.plane import theory

# Positions on the slopes' colour map of the pale colours of the areas.
LINEAR, CONDENSED = 0.40, 0.60
# Below gamma = 1/2 the initial output grows with the width, and the exponents are not checked.
LEAST_GAMMA = 0.5
KINK: dict[str, Any] = {"color": style.INK, "linewidth": 0.6, "linestyle": (0, (1, 2.2))}

# The pieces on which S_w is one linear function of gamma and gamma'. That of gamma < 1 has a kink
# at gamma' = 0 and is two of them.
FORMULAS = {
    ("lazy", 1): r"$\gamma - 1 - 2\gamma'$",
    ("lazy", -1): r"$\gamma - 1$",
    ("linear_upper", 1): r"$2\,(\gamma - 1 - \gamma')$",
    ("condensed_joint", 0): r"$\frac{1}{2}(\gamma - 1 - \gamma')$",
    ("condensed_input", -1): r"$\gamma - 1$",
}


# Text of a figure without theory.
NO_THEORY = "no theory: the activation is not homogeneous"


def no_theory() -> Line2D:
    """Return a legend entry that explains why no theory is drawn; gid `no_theory`."""
    return Line2D([], [], linestyle="none", label=NO_THEORY, gid="no_theory")


def draw_areas(axes: Axes, colour_map: str) -> None:
    """Fill the plane shown: linear, condensed, and grey where gamma < 1/2.

    Parameters
    ----------
    axes : Axes
        With final limits. The areas have the gids `linear`, `condensed` and `unchecked`.
    colour_map : str
        The diverging map that is used for S_w.
    """
    (left, right), (low, high) = axes.viewLim.intervalx, axes.viewLim.intervaly
    line = boundary(low, high)
    colours = matplotlib.colormaps[colour_map]
    rows = line[:, 1]
    look: dict[str, Any] = {"linewidth": 0, "zorder": 0}
    axes.fill_betweenx(rows, left, line[:, 0], color=colours(LINEAR), gid="linear", **look)
    axes.fill_betweenx(rows, line[:, 0], right, color=colours(CONDENSED), gid="condensed", **look)
    axes.axvspan(left, LEAST_GAMMA, facecolor=style.MISSING, gid="unchecked", **look)


def draw_boundary(axes: Axes, **look: Any) -> Line2D:
    """Draw the boundary of theory over the height of the plane; gid `theoretical_boundary`."""
    (line,) = axes.plot(
        *boundary(*axes.viewLim.intervaly).T,
        **{
            "color": style.INK,
            "linewidth": 1.2,
            "label": r"theory, $S_w = 0$",
            "gid": "theoretical_boundary",
            **look,
        },
        scalex=False,
        scaley=False,
    )
    return line


def boundary(low: float, high: float) -> np.ndarray:
    """Give the corners of the boundary for gamma' from low to high, of shape (2 or 3, 2)."""
    # It bends at gamma' = 0 and is straight on either side.
    gamma_prime = np.array([low, *([0.0] if low < 0.0 < high else []), high])
    return np.column_stack([theory.boundary(gamma_prime), gamma_prime])


def draw_kinks(axes: Axes) -> list[Line2D]:
    """Draw dotted lines where S_w bends without a change of sign; gid `kink`."""
    (_, right), (low, high) = axes.viewLim.intervalx, axes.viewLim.intervaly
    return [
        axes.plot(*piece, **KINK, scalex=False, scaley=False, zorder=1, gid="kink")[0]
        for piece in kinks(right, low, high)
    ]


def kinks(right: float, low: float, high: float) -> tuple[tuple[list[float], list[float]], ...]:
    """Give (gamma, gamma') along each line, up to gamma = right, for gamma' in [low, high]."""
    return (
        ([LEAST_GAMMA, 1.0], [0.0, 0.0]),
        ([1.0, 1.0], [0.0, high]),
        ([1.0, min(right, 1.0 - low)], [0.0, max(low, 1.0 - right)]),
    )


def along(line: Line2D) -> list[Bbox]:
    """Return points along a line, as boxes that labels must not cover (placement.py)."""
    corners = np.asarray(line.get_xydata())
    shares = np.linspace(0.0, 1.0, 101)[:, None]
    return [
        Bbox([point, point])
        for start, end in pairwise(corners)
        for point in start + shares * (end - start)
    ]


def write_exponents(axes: Axes, avoid: list[Bbox]) -> list[Text]:
    """Write S_w as a formula into each piece of the plane; gid `exponent`.

    If there is too little space, without "S_w =".

    Parameters
    ----------
    axes : Axes
        With final limits and size.
    avoid : list of Bbox
        Areas that must stay free, in data units.

    Returns
    -------
    list of Text
        The formulas that fit.
    """
    low, high = axes.viewLim.intervaly
    unchecked = Bbox.from_extents(axes.viewLim.x0, low, LEAST_GAMMA, high)
    written = []
    for piece, formula in FORMULAS.items():
        for words in (rf"$S_w =$ {formula}", formula):
            text = axes.text(*axes.viewLim.min, words, ha="center", va="center", gid="exponent")
            size = text.get_window_extent().transformed(axes.transData.inverted()).size
            centre = place(partial(_is_piece, piece), axes.viewLim, size, [*avoid, unchecked])
            if centre is not None:
                text.set_position(centre)
                written.append(text)
                break
            text.remove()
    return written


def _is_piece(piece: tuple[str, int], gamma: np.ndarray, gamma_prime: np.ndarray) -> np.ndarray:
    name, side = piece
    within = (theory.wedge(gamma, gamma_prime) == name) & (gamma >= LEAST_GAMMA)
    return within & (gamma_prime * side >= 0)
