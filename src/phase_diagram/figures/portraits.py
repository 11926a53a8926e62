"""Portraits of single networks: functions and neurons (Luo et al. 2021, figure 2)."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from phase_diagram.figures.drawing import panels, style
from phase_diagram.plane import theory

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

FIGURES = ("portrait",)

ROW_HEIGHT = 1.45  # inches
NOTE_SIZE, NOTE_HEIGHT = 7.0, 20.0  # points
# Most neurons drawn, evenly selected among more, which would hide each other.
SHOWN = 2000
INITIAL, FINAL = "#7cc4ee", "#d55e00"
LINES: dict[str, dict[str, Any]] = {
    "f_initial": {"color": "#aaaaaa", "linewidth": 0.8},
    "f_final": {"color": style.INK, "linewidth": 1.2},
    "kernel_prediction": {"color": "#009e73", "linewidth": 1.2, "linestyle": (0, (3, 1.5))},
    "linear_spline": {"color": "#cc79a7", "linewidth": 1.2, "linestyle": (0, (1, 1))},
}
# In the order of the legend.
LABELS = {
    "f_initial": "$f$ before training",
    "f_final": "$f$ after training",
    "kernel_prediction": "frozen kernel",
    "linear_spline": "linear spline",
    "initial": "neurons before",
    "final": "neurons after training",
    "data": "data",
    "kinks": "kink at a data point",
}
QUARTERS = ("\N{MINUS SIGN}$\\pi$", "\N{MINUS SIGN}$\\pi$/2", "0", r"$\pi$/2", r"$\pi$")


def draw(
    tables: dict[str, pd.DataFrame], settings: "FigureSettings", title: str = ""
) -> dict[str, Figure]:
    """Draw the portraits of a study, a column for each of its points.

    Parameters
    ----------
    tables : dict of DataFrame
        functions, neurons and summary of `phase_diagram.studies.portraits.measure`.
    settings : FigureSettings
        dpi and width_inches.
    title : str
        Set above all; none if empty.

    Returns
    -------
    dict of Figure
        portrait. On top, for one input dimension only, f before and after training with the data,
        and a comparison: in the linear regime training with the frozen kernel, in the condensed
        regime the linear spline, at critical points both; without theory, the kernel. Below the
        neurons, amplitude against orientation, relative to the largest amplitude at that time.
        gids, each followed by the index of its point: f_initial_, f_final_, kernel_prediction_,
        linear_spline_, data_, neurons_initial_, neurons_final_.
    """
    functions, neurons, summary = (tables[name] for name in ("functions", "neurons", "summary"))
    points = panels.points(summary)
    rows = 2 if len(functions) else 1
    width = settings.width_inches
    lines = -(-len(points) // panels.columns_in(len(points), width))
    with style.context():
        figure = panels.blank(settings, lines * (rows * ROW_HEIGHT + 0.55) + 0.45, title)
        axes = panels.grid(figure, len(points), rows, width)
        first = panels.first_of_line(len(points), width)
        for place, (point, column, leftmost) in enumerate(zip(points, axes, first, strict=True)):
            row = panels.at(summary, point).iloc[0]
            if rows == 2:
                learned = panels.at(functions, point)
                _draw_functions(column[0], learned, row["regime"], place)
                _draw_kinks(column[1], learned, place)
                column[0].set_ylabel("$f(x)$" if leftmost else "")
            column[0].set_title(
                panels.title(point, row["regime"]), pad=5.0 if rows == 2 else 5.0 + NOTE_HEIGHT
            )
            _note(column[-1], row)
            _draw_neurons(column[-1], panels.at(neurons, point), place, on_line=rows == 2)
            column[-1].set_ylabel("amplitude / largest" if leftmost else "")
            for panel in column:
                panel.tick_params(labelleft=leftmost)
        _share_limits(axes, rows)
        _legend(figure, axes)
        return {"portrait": style.settle(figure)}


def _draw_functions(axes: Axes, functions: pd.DataFrame, regime: str, place: int) -> None:
    x = functions["x"]
    shown = ["f_initial", "f_final"]
    if regime != "condensed":
        shown.append("kernel_prediction")
    if regime not in ("linear", theory.NO_REGIME):  # condensed ReLU networks learn a spline
        shown.append("linear_spline")
    for column in shown:
        gid = f"{column}_{place}"
        axes.plot(x, functions[column], label=LABELS[column], gid=gid, **LINES[column])
    data = functions[functions["target"].notna()]
    axes.plot(
        data["x"],
        data["target"],
        linestyle="none",
        marker="o",
        markersize=4,
        markerfacecolor="white",
        markeredgecolor=style.INK,
        markeredgewidth=0.9,
        label=LABELS["data"],
        zorder=4,
        gid=f"data_{place}",
    )
    axes.set_xlabel("$x$")
    axes.margins(x=0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))


def _draw_neurons(axes: Axes, neurons: pd.DataFrame, place: int, *, on_line: bool) -> None:
    shown = neurons.iloc[:: -(-len(neurons) // SHOWN)]
    for time, colour, size in (("initial", INITIAL, 2.6), ("final", FINAL, 1.3)):
        largest = float(shown[f"amplitude_{time}"].max())
        axes.plot(
            shown[f"orientation_{time}"],
            shown[f"amplitude_{time}"] / (largest if largest > 0 else 1.0),
            linestyle="none",
            marker="o",
            markersize=size,
            markeredgewidth=0,
            color=colour,
            label=LABELS[time],
            # Thousands of dots are drawn as pixels, in a PDF too.
            rasterized=True,
            gid=f"neurons_{time}_{place}",
        )
    axes.set_ylim(-0.04, 1.06)
    axes.set_yticks([0.0, 0.5, 1.0])
    if on_line:
        axes.set_xlim(-np.pi, np.pi)
        axes.set_xticks(np.linspace(-np.pi, np.pi, 5), QUARTERS)
        axes.set_xlabel("orientation (rad)")
    else:
        axes.set_xlabel("orientation (cosine)")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))


def _draw_kinks(axes: Axes, functions: pd.DataFrame, place: int) -> None:
    """Mark the orientations of neurons whose kink, w x + b = 0, is at a data point."""
    x = functions.loc[functions["target"].notna(), "x"].to_numpy()
    angles = np.concatenate([np.arctan2(-x, 1.0), np.arctan2(x, -1.0)])
    axes.vlines(
        np.unique(angles),
        0,
        1,
        transform=axes.get_xaxis_transform(),
        color="#c8c8c8",
        linewidth=0.6,
        label=LABELS["kinks"],
        zorder=0.5,
        gid=f"kinks_{place}",
    )


def _note(axes: Axes, summary: pd.Series) -> None:
    before, after = int(summary["orientations_initial"]), int(summary["orientations_final"])
    axes.annotate(
        f"RD = {summary['rd']:.2g}\n{before} \N{RIGHTWARDS ARROW} {after} orientations",
        (0.5, 1.0),
        xycoords="axes fraction",
        xytext=(0, 3),
        textcoords="offset points",
        horizontalalignment="center",
        verticalalignment="bottom",
        fontsize=NOTE_SIZE,
    )


def _share_limits(axes: list[list[Axes]], rows: int) -> None:
    """Give all panels of a kind the same limits, so that they can be compared."""
    if rows == 2:
        low, high = np.array([column[0].get_ylim() for column in axes]).T
        for column in axes:
            column[0].set_ylim(low.min(), high.max())
    else:
        reach = max(np.abs(column[0].get_xlim()).max() for column in axes)
        for column in axes:
            column[0].set_xlim(-reach, reach)


def _legend(figure: Figure, axes: list[list[Axes]]) -> None:
    by_label = {}
    for panel in (panel for column in axes for panel in column):
        by_label.update(dict(zip(*panel.get_legend_handles_labels()[::-1], strict=True)))
    handles = [by_label[label] for label in LABELS.values() if label in by_label]
    columns = 4 if figure.get_figwidth() > 5 else 2
    legend = figure.legend(handles=handles, loc="outside lower center", ncols=columns)
    for handle in legend.legend_handles:
        # Dots as small as in the panels would show no colour here.
        if isinstance(handle, Line2D) and str(handle.get_label()).startswith("neurons"):
            handle.set_markersize(4)
