"""Slopes of different (alpha, beta1, beta2) at equal (gamma, gamma'): Luo et al., figure 3 d."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from phase_diagram.figures.drawing import panels, style

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

FIGURES = ("scales",)

SHARINGS = {"same": "same\nneurons", "independent": "independent\nneurons"}
NOTE_ROOM = 0.22  # below the slopes, as a share of their range
# Inches.
NARROWEST = 1.8
HEIGHT = 2.1
LEGEND_HEIGHT = 0.25
LEGEND_ENTRY = 1.1


def draw(
    tables: dict[str, pd.DataFrame], settings: "FigureSettings", title: str = ""
) -> dict[str, Figure]:
    """Draw S_w of each triple, a panel for each point of the plane.

    Parameters
    ----------
    tables : dict
        Those of studies/scales.py; `fits` is drawn.
    settings : FigureSettings
        dpi and width_inches are used.
    title : str
        Set above the panels; none if empty.

    Returns
    -------
    dict
        The figure of `FIGURES`. The slopes have the gids `slope_S_P` and their error bars
        `error_S_P`, S being the sharing and P the place of the point; the exponent of theory has
        the gid `theory_P`, the note on the same neurons `difference_P`.
    """
    fits = tables["fits"]
    points = panels.points(fits)
    columns = max(1, min(len(points), int(settings.width_inches / NARROWEST)))
    lines = -(-len(points) // columns)
    with style.context():
        height = lines * HEIGHT + LEGEND_HEIGHT + (0.2 if title else 0.0)
        figure = Figure(
            figsize=(settings.width_inches, height), dpi=settings.dpi, layout="constrained"
        )
        if title:
            figure.suptitle(title, fontsize=8.5)
        axes = figure.subplots(lines, columns, squeeze=False).ravel().tolist()
        for place, (panel, point) in enumerate(zip(axes, points, strict=False)):
            handles = _draw_point(panel, panels.at(fits, point), place)
            panel.set_title(panels.title(point))
            if place % columns == 0:
                panel.set_ylabel(r"slope $S_w$")
        for panel in axes[len(points) :]:
            panel.remove()
        entries = max(1, int(settings.width_inches / LEGEND_ENTRY))
        figure.legend(handles=handles, loc="outside lower center", ncols=min(entries, len(handles)))
        style.settle(figure)
    return {"scales": figure}


def _draw_point(axes: Axes, fits: pd.DataFrame, place: int) -> list[Line2D | ErrorbarContainer]:
    exponents = fits["beta2_exponent"].drop_duplicates().tolist()
    handles: list[Line2D | ErrorbarContainer] = [
        axes.axhline(
            fits["theory"].iloc[0],
            color=style.INK,
            linewidth=0.9,
            linestyle=(0, (4, 2)),
            label=r"theory, $m\to\infty$",
            gid=f"theory_{place}",
        )
    ]
    middles = []
    for group, sharing in enumerate(SHARINGS):
        of_sharing = fits[fits["sharing"] == sharing]
        left = group * (len(exponents) + 1.0)
        middles.append(left + (len(exponents) - 1) / 2)
        for index, exponent in enumerate(exponents):
            row = of_sharing[of_sharing["beta2_exponent"] == exponent].iloc[0]
            drawn = _draw_slope(axes, left + index, row, index)
            drawn.lines[0].set_gid(f"slope_{sharing}_{place}")
            drawn.lines[2][0].set_gid(f"error_{sharing}_{place}")
            if not group:
                drawn.set_label(_label(exponent))
                handles.append(drawn)
    axes.set_xticks(middles, list(SHARINGS.values()))
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.8, 2 * len(exponents) + 0.8)
    axes.margins(y=0.12)
    axes.axvline(len(exponents), color=style.MISSING, linewidth=0.6)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    _note_difference(axes, fits, place)
    return handles


def _draw_slope(axes: Axes, x: float, row: pd.Series, index: int) -> ErrorbarContainer:
    look = panels.style(index)
    return axes.errorbar(
        [x],
        [row["slope"]],
        yerr=[row["slope_standard_error"]],
        linestyle="none",
        marker=look["marker"],
        color=look["color"],
        markersize=4.5,
        markeredgecolor=style.INK,
        markeredgewidth=0.5,
        elinewidth=1.0,
        capsize=2.0,
        zorder=3,
    )


def _note_difference(axes: Axes, fits: pd.DataFrame, place: int) -> None:
    """Note how much RD of the same neurons differs between triples, for converged networks."""
    largest = fits["rd_difference_max"].max()
    if not np.isfinite(largest):
        return
    _, exponent = f"{largest:.0e}".split("e")
    # What is written is an upper bound, hence the next power of ten.
    words = f"RD equal\nwithin $10^{{{int(exponent) + 1}}}$" if largest > 0 else "RD equal"
    low, high = axes.get_ylim()
    axes.set_ylim(low - NOTE_ROOM * (high - low), high)
    axes.text(
        0.25,
        0.03,
        words,
        transform=axes.transAxes,
        ha="center",
        va="bottom",
        fontsize="small",
        linespacing=1.1,
        gid=f"difference_{place}",
    )


def _label(exponent: float) -> str:
    if exponent == 0:
        return r"$\beta_2=1$"
    return rf"$\beta_2=m^{{{-exponent:g}}}$"
