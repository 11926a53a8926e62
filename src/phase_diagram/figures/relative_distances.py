"""RD against the width with its fitted power (Luo et al. 2021, figure 3 a to c)."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from phase_diagram.figures.drawing import panels, style

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

FIGURES = ("relative_distances",)

# Inches: the height of a line of panels, and the width a panel's legend needs with its ticks.
LINE_HEIGHT = 2.25
PANEL_WIDTH = 1.9
LEAST_DECADES = 1.0
MARGIN_DECADES = 0.15
FIT: dict[str, Any] = {"color": panels.COLOURS[0], "linewidth": 1.1}
THEORY: dict[str, Any] = {"color": style.INK, "linewidth": 1.0, "linestyle": (0, (4, 2))}


def draw(
    tables: dict[str, pd.DataFrame], settings: "FigureSettings", title: str = ""
) -> dict[str, Figure]:
    """Draw a panel for each point of a study.

    Parameters
    ----------
    tables : dict of DataFrame
        distances and fits of `phase_diagram.studies.relative_distances.measure`.
    settings : FigureSettings
        dpi and width_inches.
    title : str
        Set above the panels; none if empty.

    Returns
    -------
    dict of Figure
        `relative_distances`: mean RD over the seeds against m, both logarithmic, with its
        standard error, the fitted power, and a line with the slope of the closed form through
        the middle of the fitted one. All panels span the same number of decades of RD, so that
        slopes compare by eye. gids: rd_P, fit_P, theory_P, P being the place of the point.
    """
    distances, fits = tables["distances"], tables["fits"]
    points = panels.points(fits)
    width = settings.width_inches * panels.NARROWEST / PANEL_WIDTH
    lines = -(-len(points) // panels.columns_in(len(points), width))
    with style.context():
        size = settings.width_inches, lines * LINE_HEIGHT + (0.2 if title else 0.0)
        figure = Figure(figsize=size, dpi=settings.dpi, layout="constrained")
        if title:
            figure.suptitle(title, fontsize=8.5)
        axes = [column[0] for column in panels.grid(figure, len(points), 1, width)]
        leftmost = panels.first_of_line(len(points), width)
        for place, (point, panel, first) in enumerate(zip(points, axes, leftmost, strict=True)):
            _draw_point(panel, panels.at(distances, point), panels.at(fits, point).iloc[0], place)
            panel.set_title(panels.title(point, panels.at(fits, point)["regime"].iloc[0]))
            panel.set_ylabel(r"$\mathrm{RD}(\theta_w)$" if first else "")
        _span_equally(axes)
        style.settle(figure)
    return {"relative_distances": figure}


def _draw_point(axes: Axes, distances: pd.DataFrame, fit: pd.Series, place: int) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    known = distances[distances["rd"].notna()]
    bars = axes.errorbar(
        known["width"],
        known["rd"],
        yerr=known["rd_standard_error"],
        linestyle="none",
        marker="o",
        markersize=3.5,
        markerfacecolor="white",
        markeredgecolor=style.INK,
        markeredgewidth=0.8,
        ecolor=style.INK,
        elinewidth=0.8,
        capsize=1.5,
        capthick=0.8,
        zorder=4,
    )
    bars.lines[0].set_gid(f"rd_{place}")
    bars.lines[2][0].set_gid(f"rd_errors_{place}")
    if np.isfinite(fit["slope"]):
        width = np.array([known["width"].min(), known["width"].max()], dtype=float)
        middle = np.sqrt(width[0] * width[1])
        at_middle = fit["prefactor"] * middle ** fit["slope"]
        slope = f"slope {_signed(fit['slope'], 3)}"
        if np.isfinite(fit["slope_standard_error"]):
            slope += f" \u00b1 {fit['slope_standard_error']:.3f}"
        expected = f"closed form {_signed(fit['theory'], 3)}"
        for exponent, label, gid, look in (
            (fit["slope"], slope, f"fit_{place}", FIT),
            (fit["theory"], expected, f"theory_{place}", THEORY),
        ):
            if not np.isfinite(exponent):  # no theory of this activation
                continue
            line = at_middle * (width / middle) ** exponent
            axes.plot(width, line, label=label, gid=gid, **look)
        falling = fit["slope"] < 0
        axes.legend(loc="lower left" if falling else "lower right", borderaxespad=0.2)
    axes.set_xlabel("$m$")


def _span_equally(axes: list[Axes]) -> None:
    """Give all panels the same number of decades, with room for the legend below the data."""
    limits = [np.log10(panel.get_ylim()) for panel in axes]
    span = max(LEAST_DECADES, *(high - low for low, high in limits)) + 2 * MARGIN_DECADES
    below = 0.35 * span
    for panel, (low, high) in zip(axes, limits, strict=True):
        middle = (low + high) / 2
        panel.set_ylim(10 ** (middle - span / 2 - below), 10 ** (middle + span / 2))
        panel.yaxis.set_major_locator(LogLocator(numticks=6))
        panel.yaxis.set_minor_formatter(NullFormatter())
        panel.xaxis.set_minor_formatter(NullFormatter())


def _signed(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "\u2212")
