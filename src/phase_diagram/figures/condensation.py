"""Condensation over the plane: is there an order parameter of the transition?

The relative distance measures how far neurons move, not whether they align. Luo et al. (2021)
claim both: in the condensed regime the neurons that matter point in a few directions. The measure,
C of condensation.py, is the probability that two neurons, drawn in proportion to their amplitude
|a| |w|, point the same way within 5 degrees. Amplitude is the contribution of a neuron to the
output: one that stayed near its random start counts for little. A probability needs no clusters,
bins or thresholds on amplitude and means the same in the plane and in high dimension; 1/C is an
effective number of orientations, k if the amplitude is shared evenly by k of them.

In the linear regime C is that of random directions: 10/360 in the plane, nearly zero in high
dimension. Where neurons condense it stays above that at any width. A network of finite width may
be between the two, so the second panel shows how C changes with the width: it falls on one side
of the boundary and grows on the other.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from phase_diagram.figures.drawing import cells, gaps, planes, regimes, style
from phase_diagram.plane import theory

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

# Sequential, uniform in lightness for any colour vision, and unlike the maps of S_w.
COLOURS = "viridis"
DIFFERENCE_MAPS = ("PuOr", "BrBG")
# Below one in a thousand pairs C is mostly noise, as it is computed from a thousand neurons.
LEAST = 1e-3
PLANE = 10.0 / 360.0  # of directions at random angles
ORIENTATIONS = (1, 2, 3, 5, 10, 20, 30), (1, 3, 10, 30, 100, 1000)
LABEL = r"$C$ = 1 / effective number of orientations"
RANDOM: dict[str, Any] = {
    "linestyle": "none",
    "marker": "v",
    "markersize": 5.0,
    "color": style.INK,
    "label": "directions at random angles",
}
LABELS = {"no slope": "none converged", "not all converged": "not all converged"}
# Inches.
HEIGHT = 4.0
ASPECTS = {"bottom": 14.0, "right": 21.0}  # of the colour bars
STACKED_BELOW = 4.5  # of width, with the panels one below the other
STACKED_HEIGHT = 6.9


def draw(
    distances: pd.DataFrame, boundary: pd.DataFrame, settings: "FigureSettings", title: str = ""
) -> Figure:
    """Draw condensation at the largest width, and how it changes from the smallest to the largest.

    Parameters
    ----------
    distances : pandas.DataFrame
        From `fits.slopes.relative_distances`: gamma, gamma_prime, width, condensation,
        networks, converged. The grid may have gaps.
    boundary : pandas.DataFrame
        From `fits.boundary.find_boundary`: with no theory in any row there is no line of
        it, and the legend says why.
    settings : FigureSettings
        dpi and width_inches are used; colour_map for the choice of another one.
    title : str
        Set above the panels; none if empty.

    Returns
    -------
    matplotlib.figure.Figure
        The cells have the gids `condensation` and `change`; the latter panel is left out if there
        is one width. The mark on the colour bar has the gid `random_angles`; it is there where the
        smallest value is about that of random directions in the plane.
    """
    smallest, largest = distances["width"].min(), distances["width"].max()
    final = _at(distances, largest)
    names = ["condensation"] + (["change"] if smallest < largest else [])
    has_theory = theory.known(boundary)
    stacked = settings.width_inches < STACKED_BELOW and len(names) == 2
    with style.context():
        height = (STACKED_HEIGHT if stacked else HEIGHT) + (0.2 if title else 0.0)
        size = settings.width_inches, height
        figure = Figure(figsize=size, dpi=settings.dpi, layout="constrained")
        if title:
            figure.suptitle(title, fontsize=8.5)
        shape = (len(names), 1) if stacked else (1, len(names))
        axes = figure.subplots(*shape, squeeze=False, sharex=True, sharey=True).ravel().tolist()
        side = "right" if stacked else "bottom"
        handles = _draw_condensation(figure, axes[0], final, side)
        axes[0].set_title(f"$m$ = {style.mathtext(largest)}")
        if len(names) == 2:
            handles |= _draw_change(
                figure, axes[1], _at(distances, smallest), final, settings, side
            )
            axes[1].set_title(f"change from $m$ = {style.mathtext(smallest)}")
        line = regimes.no_theory()
        for place, panel in enumerate(axes):
            if has_theory:
                # A light edge keeps the line visible on the darkest cells.
                regimes.draw_boundary(panel, linewidth=2.4, color="white", gid=None)
                line = regimes.draw_boundary(panel)
            if stacked or place == 0:
                panel.set_ylabel(r"$\gamma'$", rotation="horizontal", va="center", ha="right")
            if not stacked or place == len(axes) - 1:
                panel.set_xlabel(r"$\gamma$")
        entries = [line, *handles.values()]
        figure.legend(handles=entries, loc="outside lower center", ncols=1 if stacked else 3)
        style.settle(figure)
    return figure


def _at(distances: pd.DataFrame, width: float) -> pd.DataFrame:
    of_width = distances[distances["width"] == width]
    return of_width.assign(slope=of_width["condensation"])  # columns that gaps.py reads


def _draw_condensation(
    figure: Figure, axes: Axes, final: pd.DataFrame, side: str
) -> dict[str, Artist]:
    plane = cells.matrix(final, "condensation")
    known = plane.to_numpy()[np.isfinite(plane.to_numpy())]
    floor = float(known.min(initial=1.0))
    random_angles = 0.8 * PLANE < floor < 1.5 * PLANE
    low = 0.9 * PLANE if random_angles else max(LEAST, 0.9 * floor)
    high = max(float(known.max(initial=0.0)), 2.0 * low)
    # On a logarithmic scale, 100 to 50 orientations is the same step as 2 to 1. Zero has no
    # logarithm, and is drawn in the colour of the smallest value.
    norm = LogNorm(low, high)
    planes.draw(axes, plane.clip(lower=LEAST / 1e3), norm, COLOURS, "condensation")
    bar = figure.colorbar(
        ScalarMappable(norm, COLOURS),
        ax=axes,
        location=side,
        extend="min" if floor < low else "neither",
        aspect=ASPECTS[side],
        pad=0.03,
    )
    bar.outline.set_linewidth(0.6)
    bar.set_label(LABEL, fontsize="medium")
    axis = bar.ax.yaxis if side == "right" else bar.ax.xaxis
    numbers = ORIENTATIONS[high > 30 * low]
    axis.set_major_locator(FixedLocator([1 / n for n in numbers if low <= 1 / n <= high]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _share(round(1 / value))))
    axis.set_minor_locator(NullLocator())
    handles = _hatch(axes, final)
    if random_angles:
        # On the edge of the bar that has no ticks, pointing at its colour.
        place, marker = ((0.0, PLANE), ">") if side == "right" else ((PLANE, 1.0), "v")
        look = {**RANDOM, "marker": marker}
        (mark,) = bar.ax.plot(*place, **look, clip_on=False, gid="random_angles")
        mark.set_in_layout(False)  # or this bar would be moved away from its neighbour
        handles[RANDOM["label"]] = Line2D([], [], **look)
    return handles


def _share(number: int) -> str:
    return "1" if number == 1 else f"1/{number}"


def _draw_change(
    figure: Figure,
    axes: Axes,
    first: pd.DataFrame,
    last: pd.DataFrame,
    settings: "FigureSettings",
    side: str,
) -> dict[str, Artist]:
    change = cells.matrix(last, "condensation") - cells.matrix(first, "condensation")
    limit = planes.limit(change.to_numpy())
    colour_map = next(name for name in DIFFERENCE_MAPS if not settings.colour_map.startswith(name))
    mesh = planes.draw(axes, change, Normalize(-limit, limit), colour_map, "change")
    planes.colour_bar(
        figure, [axes], [mesh], "change of $C$", location=side, aspect=ASPECTS[side], pad=0.03
    )
    points = ["gamma", "gamma_prime"]
    both = first.merge(last, on=points, suffixes=("_first", ""))
    lost = both.assign(
        slope=both["condensation"] - both["condensation_first"],
        networks=both["networks"] + both["networks_first"],
        converged=both["converged"] + both["converged_first"],
    )
    return _hatch(axes, lost)


def _hatch(axes: Axes, table: pd.DataFrame) -> dict[str, Artist]:
    handles: dict[str, Artist] = {}
    for handle in gaps.draw(axes, table)[1]:
        label = LABELS[str(handle.get_label())]
        handle.set_label(label)
        handles[label] = handle
    return handles
