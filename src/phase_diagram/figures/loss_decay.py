"""Does the loss decay as under the frozen tangent kernel? A column for each point."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from phase_diagram.figures.drawing import panels, style

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

ROW_HEIGHT = 1.35  # inches
NOTE_SIZE = 7.0
FAINT = 0.01  # of the whole residual: modes that start with less are left out
DOTS: dict[str, Any] = {"marker": "o", "markersize": 2.4, "markeredgewidth": 0}
MODE_COLOURS = "viridis"
THEORY: dict[str, Any] = {"color": style.INK, "linewidth": 1.0, "linestyle": (0, (4, 2))}


def draw(
    decay: pd.DataFrame, modes: pd.DataFrame, settings: "FigureSettings", title: str
) -> Figure:
    """Draw the figure loss_decay of kernels.py; it has no layout yet.

    `decay` and `modes` are the tables of that study.
    """
    points = panels.points(decay)
    width = settings.width_inches
    lines = -(-len(points) // panels.columns_in(len(points), width))
    figure = panels.blank(settings, lines * (3 * ROW_HEIGHT + 0.55) + 0.25, title)
    axes = panels.grid(figure, len(points), 3, width)
    first = panels.first_of_line(len(points), width)
    for place, (point, column, leftmost) in enumerate(zip(points, axes, first, strict=True)):
        of_point, modes_of_point = panels.at(decay, point), _distinct(panels.at(modes, point))
        column[0].set_title(panels.title(point))
        _draw_modes(column[0], of_point, modes_of_point, place)
        _draw_rates(column[1], modes_of_point, decay["mode"].max() + 1, place)
        _draw_loss(column[2], of_point, panels.at(modes, point), place)
        names = (r"$u_i(t)\,/\,u_i(0)$", r"rate / $\lambda_i$", "loss")
        for panel, label in zip(column, names, strict=True):
            panel.set_ylabel(label if leftmost else "")
            panel.tick_params(labelleft=leftmost)
    _share_limits(axes, decay, modes)
    handles = [
        Line2D([], [], color=style.INK, linestyle="none", **DOTS, label="network"),
        Line2D([], [], **THEORY, label="frozen kernel"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def _distinct(modes: pd.DataFrame) -> pd.DataFrame:
    """The largest width's modes that start with a significant part of the residual."""
    modes = modes[modes["width"] == modes["width"].max()]
    norm = modes.groupby("seed")["amplitude"].transform(lambda u: np.sqrt(np.sum(u**2)))
    return modes[modes["amplitude"].abs() >= FAINT * norm]


def _colour(mode: float, count: float) -> tuple[float, float, float, float]:
    return colormaps[MODE_COLOURS](0.85 * mode / max(1.0, count - 1))


def _draw_modes(axes: Axes, decay: pd.DataFrame, modes: pd.DataFrame, place: int) -> None:
    seed, count = decay["seed"].iloc[0], decay["mode"].max() + 1
    # The eigenvalues of the same network whose amplitudes are drawn.
    for mode in modes[modes["seed"] == seed].itertuples():
        records = decay[decay["mode"] == mode.mode]
        axes.plot(
            records["time_normalised"] * mode.eigenvalue,
            records["amplitude"] / mode.amplitude,
            color=_colour(mode.mode, count),
            linestyle="none",
            **DOTS,
            rasterized=count > 10,
            gid=f"mode_{place}_{mode.mode:g}",
        )
    time = np.geomspace(1e-9, 1e3, 600)
    axes.plot(time, np.exp(-time), zorder=3, **THEORY)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(numticks=5))
    axes.set_xlabel(r"$\lambda_i\,t$")
    axes.set_ylim(-0.15, 1.1)


def _draw_rates(axes: Axes, modes: pd.DataFrame, count: int, place: int) -> None:
    axes.axhline(1.0, **THEORY)
    axes.scatter(
        modes["mode"] + 1,
        modes["ratio"],
        c=[_colour(mode, count) for mode in modes["mode"]],
        s=12,
        marker="o",
        linewidths=0,
        zorder=3,
        gid=f"rates_{place}",
    )
    ratio = modes["ratio"].dropna()
    if len(ratio):
        axes.set_title(f"{_number(ratio.min())} to {_number(ratio.max())}", fontsize=NOTE_SIZE)
    axes.set_yscale("log")
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlim(0.5 - 0.03 * count, count * 1.03 + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.set_xlabel("mode $i$")


def _draw_loss(axes: Axes, decay: pd.DataFrame, modes: pd.DataFrame, place: int) -> None:
    records = decay.drop_duplicates("index")
    same = (modes["seed"] == decay["seed"].iloc[0]) & (modes["width"] == decay["width"].iloc[0])
    rates, amplitudes = modes.loc[same, ["eigenvalue", "amplitude"]].to_numpy().T
    slowest = rates.min() or 1.0
    time = np.linspace(0.0, records["time_normalised"].max(), 400)
    squares = (amplitudes * np.exp(-np.multiply.outer(time, rates))) ** 2
    axes.plot(
        records["time_normalised"] * slowest,
        records["loss"],
        color=style.INK,
        linestyle="none",
        **DOTS,
        gid=f"loss_{place}",
    )
    axes.plot(
        time * slowest, squares.mean(axis=1) / 2, zorder=3, **THEORY, gid=f"frozen_loss_{place}"
    )
    axes.set_yscale("log")
    axes.set_xlim(left=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3, steps=[1, 2, 5, 10]))
    axes.ticklabel_format(axis="x", style="sci", scilimits=(-2, 3), useMathText=True)
    axes.set_xlabel(rf"$\lambda_{{{len(rates)}}}\,t$")


def _share_limits(axes: list[list[Axes]], decay: pd.DataFrame, modes: pd.DataFrame) -> None:
    """The same times, ratios and losses in all panels, so that they can be compared."""
    ratio = _distinct_ratios(modes)
    slowest, fastest = min(1.0, *ratio), max(1.0, *ratio)
    positive = decay.loc[decay["loss"] > 0, "loss"]
    for amplitudes, rates, loss in axes:
        # From well before the fastest decay to after exp(-lambda t) has ended.
        amplitudes.set_xlim(0.003 / fastest, 30.0)
        rates.set_ylim(slowest / 2, fastest * 2)
        if len(positive):
            loss.set_ylim(positive.min() / 4, positive.max() * 4)


def _distinct_ratios(modes: pd.DataFrame) -> list[float]:
    ratios = [_distinct(panels.at(modes, point))["ratio"] for point in panels.points(modes)]
    all_ratios = pd.concat(ratios)
    return [1.0, *all_ratios[all_ratios > 0]]


def _number(value: float) -> str:
    """A ratio to three digits, without an exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
