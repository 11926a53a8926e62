"""Distance of the learned function from the prediction of a frozen kernel, by width."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from phase_diagram.figures.drawing import panels

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

BELOW_AXIS = -25.0  # points
KERNELS = {"initial": "kernel at initialisation", "infinite": "kernel of infinite width"}


def draw(
    distances: pd.DataFrame, fits: pd.DataFrame, settings: "FigureSettings", title: str
) -> Figure:
    """Draw the figure kernel_distance of kernels.py; it has no layout yet.

    `distances` and `fits` are the tables distances and distance_fits of that study.
    """
    points = panels.points(distances)
    side_by_side = panels.columns_in(2, settings.width_inches / 1.8)
    legend = 0.16 * len(points)
    height = (2 // side_by_side) * (2.2 + legend)
    figure = panels.blank(settings, height, title)
    axes = figure.subplots(2 // side_by_side, side_by_side, squeeze=False, sharey=True).ravel()
    for panel, (kernel, label) in zip(axes, KERNELS.items(), strict=True):
        panel.set_title(label)
        for place, point in enumerate(points):
            networks, fit = (panels.at(table, point) for table in (distances, fits))
            networks = networks[networks["kernel"] == kernel]
            _draw_point(panel, networks, fit[fit["kernel"] == kernel].iloc[0], place, kernel)
        panel.set_xscale("log")
        panel.set_yscale("log")
        panel.set_xlabel("width $m$")
        panel.legend(
            title="slope",
            loc="upper center",
            # Below the axis and its label, which have their size in points too.
            bbox_to_anchor=(0.5, 0.0),
            bbox_transform=offset_copy(panel.transAxes, figure, y=BELOW_AXIS, units="points"),
            borderaxespad=0.0,
            handlelength=1.5,
        )
    axes[0].set_ylabel("distance / RMS of targets")
    if side_by_side == 1:
        axes[1].set_ylabel("distance / RMS of targets")
    return figure


def _draw_point(
    axes: Axes, networks: pd.DataFrame, fit: pd.Series, place: int, kernel: str
) -> None:
    look = panels.style(place)
    point = float(fit["gamma"]), float(fit["gamma_prime"])
    axes.plot(
        networks["width"],
        networks["distance"],
        linestyle="none",
        markersize=3.5,
        markerfacecolor="none",
        markeredgewidth=0.8,
        label=f"{panels.name(point)}: {slope_text(fit['slope'], fit['slope_standard_error'])}",
        gid=f"distance_{kernel}_{place}",
        **look,
    )
    used = networks[(networks["status"] == "converged") & (networks["distance"] > 0)]
    if not np.isfinite(fit["slope"]):
        return
    logs = np.log(used[["width", "distance"]]).mean()
    width = np.array([used["width"].min(), used["width"].max()], dtype=float)
    line = np.exp(logs["distance"] + fit["slope"] * (np.log(width) - logs["width"]))
    axes.plot(width, line, color=look["color"], linewidth=1.0, gid=f"fit_{kernel}_{place}")


def slope_text(slope: float, error: float) -> str:
    """A slope and its error, rounded to the first digit of the error, with 2 to 4 decimals."""
    if not np.isfinite(slope):
        return "none"
    digits = 2
    if np.isfinite(error) and error > 0:
        digits = int(np.clip(-np.floor(np.log10(error)), 2, 4))
    text = f"{slope:.{digits}f}".replace("-", "\N{MINUS SIGN}")
    return f"{text} $\\pm$ {error:.{digits}f}" if np.isfinite(error) else text
