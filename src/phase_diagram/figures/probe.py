"""RD of each parameter of a network against its width, with the fitted powers (docs/probe.md)."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, LogLocator, NullFormatter, NullLocator

from phase_diagram.figures.drawing import panels, style
from phase_diagram.fits import regression, slopes

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

# Inches.
LINE_HEIGHT = 1.75
PANEL_WIDTH = 1.8
LEAST_DECADES = 1.0
LONGEST_NAME = 24
MOST_TICKS = 4  # widths that are written out below a panel
COLOURS = {"linear": panels.COLOURS[3], "condensed": panels.COLOURS[0]}
NEITHER = panels.COLOURS[6]


def draw(
    networks: pd.DataFrame, summary: pd.DataFrame, settings: "FigureSettings", title: str = ""
) -> Figure:
    """Draw a panel for each parameter that has a slope, and one for all of them together.

    Parameters
    ----------
    networks, summary : DataFrame
        Those of `phase_diagram.probing.result.Probe`.
    settings : FigureSettings
        dpi and width_inches.
    title : str
        Set above the panels; none if empty.

    Returns
    -------
    matplotlib.figure.Figure
        RD of each network that converged against m, both logarithmic, and the fitted power, its
        colour by the regime: all panels have the same axes, so that slopes compare by eye. gids:
        rd_P, fit_P, P being the place of the parameter in the summary.
    """
    shown = summary[np.isfinite(summary["slope"])]
    count = max(1, len(shown))
    width = settings.width_inches * panels.NARROWEST / PANEL_WIDTH
    lines = -(-count // panels.columns_in(count, width))
    with style.context():
        figure = panels.blank(settings, lines * LINE_HEIGHT, "")
        if title:
            # No mathtext, whatever characters a user's names have.
            figure.suptitle(title, fontsize=8.5, parse_math=False)
        axes = [column[0] for column in panels.grid(figure, count, 1, width)]
        leftmost = panels.first_of_line(count, width)
        for panel, first, (place, fit) in zip(axes, leftmost, shown.iterrows(), strict=False):
            _draw_parameter(panel, networks[networks["parameter"] == fit["parameter"]], fit, place)
            panel.set_ylabel("RD" if first else "")
        if len(shown):
            _share(axes, sorted(networks["width"].unique().tolist()))
        else:
            axes[0].set_axis_off()
            axes[0].text(0.5, 0.5, "no parameter has a slope", ha="center", va="center")
        style.settle(figure)
    return figure


def _draw_parameter(axes: Axes, networks: pd.DataFrame, fit: pd.Series, place: object) -> None:
    axes.set(xscale="log", yscale="log", xlabel="$m$")
    used = networks[slopes.fitted(networks)]
    axes.plot(
        used["width"],
        used["rd"],
        linestyle="none",
        marker="o",
        markersize=3.2,
        markerfacecolor="white",
        markeredgecolor=style.INK,
        markeredgewidth=0.7,
        zorder=4,
        gid=f"rd_{place}",
    )
    log_width = np.log(used["width"].to_numpy(dtype=float))
    intercept, slope, _ = regression.line(log_width, np.log(used["rd"].to_numpy()))
    ends = np.array([log_width.min(), log_width.max()])
    colour = COLOURS.get(fit["regime"], NEITHER)
    axes.plot(
        np.exp(ends),
        np.exp(intercept + slope * ends),
        color=colour,
        linewidth=1.2,
        gid=f"fit_{place}",
    )
    name = fit["parameter"]
    name = (
        name if len(name) <= LONGEST_NAME else f"\N{HORIZONTAL ELLIPSIS}{name[1 - LONGEST_NAME :]}"
    )
    axes.set_title(name, parse_math=False)
    # Adding 0.0 turns -0.0 into 0.0.
    words = f"slope {round(fit['slope'], 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")
    if np.isfinite(fit["slope_standard_error"]):
        words += f" \N{PLUS-MINUS SIGN} {fit['slope_standard_error']:.2f}"
    note = f"{words}\n{fit['regime']}"
    axes.text(0.05, 0.05, note, transform=axes.transAxes, va="bottom", color=colour, fontsize=7.0)


def _share(axes: list[Axes], widths: list[int]) -> None:
    """Give all panels the same axes, with space for the text below the data."""
    low = min(np.log10(panel.get_ylim()[0]) for panel in axes)
    high = max(np.log10(panel.get_ylim()[1]) for panel in axes)
    span = max(LEAST_DECADES, high - low)
    middle = (low + high) / 2
    limits = 10 ** (middle - 0.85 * span), 10 ** (middle + 0.55 * span)
    for panel in axes:
        if len(widths) <= MOST_TICKS:
            panel.xaxis.set_major_locator(FixedLocator(widths))
            panel.xaxis.set_major_formatter(lambda width, _: f"{width:g}")
            panel.xaxis.set_minor_locator(NullLocator())
        panel.set_ylim(*limits)
        panel.yaxis.set_major_locator(LogLocator(numticks=6))
        panel.yaxis.set_minor_formatter(NullFormatter())
        panel.xaxis.set_minor_formatter(NullFormatter())
