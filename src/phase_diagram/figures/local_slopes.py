"""How S_w at finite widths approaches that of infinite width (docs/theory.md section 6)."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from phase_diagram.figures.drawing import panels, style
from phase_diagram.fits import extrapolation

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

FIGURES = ("local_slopes",)

# Inches: the height of a line of panels, and the width a panel's numbers need with its ticks.
LINE_HEIGHT = 2.1
PANEL_WIDTH = 1.9
ONE_LINE = 4.8  # inches of width, for the legend
# Decades of m at which there may be a tick. The axis is linear in 1 / log m, so that infinity is
# on it, at 0.
TICKS = (1, 2, 3, 4, 6, 10)
INFINITY = 0.0
SHIFT = 0.012  # of the random networks' extrapolation, for both to be seen
ABOVE = 1.15  # of the middle of the slopes, in units of their span
LEAST_SPAN = 0.02  # of slopes, so that noise is not blown up
MOST_DECIMALS = 4
SOURCES: dict[str, dict[str, Any]] = {
    "quadrature": {"color": panels.COLOURS[0], "marker": "o", "markersize": 3.0, "zorder": 3},
    "random": {"color": panels.COLOURS[3], "marker": "s", "markersize": 3.5, "zorder": 4},
}
THEORY: dict[str, Any] = {"color": style.INK, "linewidth": 0.8, "linestyle": (0, (4, 2))}
BARS: dict[str, Any] = {"linestyle": "none", "elinewidth": 0.8, "capsize": 1.5, "capthick": 0.8}


def draw(
    tables: dict[str, pd.DataFrame], settings: "FigureSettings", title: str = ""
) -> dict[str, Figure]:
    """Draw a panel for each point of a study.

    Parameters
    ----------
    tables : dict of DataFrame
        local_slopes and extrapolations of `phase_diagram.studies.local_slopes.measure`.
    settings : FigureSettings
        dpi and width_inches.
    title : str
        Set above the panels; none if empty.

    Returns
    -------
    dict of Figure
        `local_slopes`: the slope from one width to the next, over the geometric mean of the two
        on an axis linear in 1 / log m; the chosen fit to infinite width, with its uncertainty
        there; the closed form. gids: slopes_SOURCE_P, fit_SOURCE_P, infinite_SOURCE_P and
        theory_P, SOURCE being quadrature or random and P the place of the point.
    """
    local, extrapolated = tables["local_slopes"], tables["extrapolations"]
    extrapolated = extrapolated[extrapolated["chosen"] == 1]
    points = panels.points(extrapolated)
    width = settings.width_inches * panels.NARROWEST / PANEL_WIDTH
    lines = -(-len(points) // panels.columns_in(len(points), width))
    with style.context():
        size = settings.width_inches, lines * LINE_HEIGHT + 0.3 + (0.2 if title else 0.0)
        figure = Figure(figsize=size, dpi=settings.dpi, layout="constrained")
        if title:
            figure.suptitle(title, fontsize=8.5)
        axes = [column[0] for column in panels.grid(figure, len(points), 1, width)]
        leftmost = panels.first_of_line(len(points), width)
        for place, (point, panel, first) in enumerate(zip(points, axes, leftmost, strict=True)):
            _draw_point(panel, panels.at(local, point), panels.at(extrapolated, point), place)
            panel.set_title(panels.title(point))
            panel.set_ylabel("local slope" if first else "")
        columns = 4 if settings.width_inches >= ONE_LINE else 2
        figure.legend(handles=_legend(), loc="outside lower center", ncols=columns)
        style.settle(figure)
    return {"local_slopes": figure}


def _draw_point(axes: Axes, local: pd.DataFrame, fits: pd.DataFrame, place: int) -> None:
    shown, handles = [], []
    for source, look in SOURCES.items():
        slopes, fit = local[local["source"] == source], fits[fits["source"] == source]
        if slopes.empty:
            continue
        middle = np.log((slopes["width_from"] * slopes["width_to"]).to_numpy(dtype=float)) / 2
        bars = axes.errorbar(
            math.log(10) / middle,
            slopes["slope"],
            yerr=slopes["slope_standard_error"],
            markeredgewidth=0.8,
            markerfacecolor="white",
            **look,
            **BARS,
        )
        bars.lines[0].set_gid(f"slopes_{source}_{place}")
        shown += [slopes["slope"] - slopes["slope_standard_error"].fillna(0.0)]
        shown += [slopes["slope"] + slopes["slope_standard_error"].fillna(0.0)]
        handles.append(_draw_fit(axes, fit.iloc[0], middle[-1], source, place))
    expected = fits["theory"].iloc[0]
    axes.axhline(expected, gid=f"theory_{place}", zorder=1, **THEORY)
    values = np.concatenate([*shown, fits.loc[fits["source"] == "quadrature", "slope"], [expected]])
    _set_axes(axes, values, float(np.log10(local["width_from"].min())))
    handles.append(Line2D([], [], label=_number(expected, 3), **THEORY))
    axes.legend(
        handles=handles,
        loc="upper right",
        fontsize=6.5,
        labelspacing=0.2,
        handlelength=1.3,
        borderaxespad=0.2,
        borderpad=0.2,
        bbox_to_anchor=(0.93, 1.0),
    )


def _draw_fit(axes: Axes, fit: pd.Series, widest: float, source: str, place: int) -> Line2D:
    """Draw a fit from its narrowest width to infinity; give the legend entry with its number."""
    look = SOURCES[source]
    inverse = np.linspace(1 / np.log(fit["width_from"]), INFINITY, 300)
    with np.errstate(divide="ignore"):
        log_width = 1 / inverse
    fitted = extrapolation.Fit(*(np.array([fit[name]]) for name in extrapolation.Fit._fields))
    curve = extrapolation.value(fit["which"], fitted, log_width)[0]
    for part, dashes in ((log_width <= widest, "-"), (log_width >= widest, (0, (1, 1)))):
        axes.plot(
            math.log(10) * inverse[part],
            curve[part],
            color=look["color"],
            linewidth=1.0,
            linestyle=dashes,
            zorder=2,
            gid=f"fit_{source}_{place}",
        )
    bars = axes.errorbar(
        [-SHIFT if source == "random" else INFINITY],
        [fit["slope"]],
        yerr=[fit["uncertainty"]],
        **look,
        **BARS,
    )
    bars.lines[0].set_gid(f"infinite_{source}_{place}")
    look = {**look, "linestyle": "none"}
    return Line2D([], [], label=_with_uncertainty(fit["slope"], fit["uncertainty"]), **look)


def _set_axes(axes: Axes, values: np.ndarray, narrowest: float) -> None:
    low, high = values.min(), values.max()
    span = max(high - low, LEAST_SPAN)
    middle = (low + high) / 2
    # The numbers get the upper part. An uncertainty may be far longer than the slopes differ:
    # then it runs out of the panel.
    axes.set_ylim(middle - 0.6 * span, middle + ABOVE * span)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    decades = [decade for decade in TICKS if decade >= narrowest]
    axes.set_xticks(
        [1 / decade for decade in decades] + [INFINITY],
        [f"$10^{{{decade}}}$" for decade in decades] + [r"$\infty$"],
    )
    axes.set_xlim(1.03 / narrowest, -2.5 * SHIFT)
    axes.set_xlabel("$m$")


def _legend() -> list[Line2D]:
    labels = {"quadrature": "quadrature neurons", "random": "random neurons"}
    return [
        *(
            Line2D([], [], linestyle="none", label=labels[source], **look)
            for source, look in SOURCES.items()
        ),
        Line2D([], [], color="0.4", linewidth=1.0, label="fit, with its limit"),
        Line2D([], [], label="closed form", **THEORY),
    ]


def _with_uncertainty(value: float, uncertainty: float) -> str:
    """Both, to two digits of the uncertainty."""
    if not np.isfinite(uncertainty):
        return _number(value, 3)
    smallest = 10.0**-MOST_DECIMALS
    uncertainty = max(uncertainty, smallest)
    decimals = min(MOST_DECIMALS, max(0, 1 - math.floor(math.log10(uncertainty))))
    return f"{_number(value, decimals)} \u00b1 {uncertainty:.{decimals}f}"


def _number(value: float, decimals: int) -> str:
    # Adding zero turns a negative zero into zero.
    return f"{round(float(value), decimals) + 0.0:.{decimals}f}".replace("-", "\u2212")
