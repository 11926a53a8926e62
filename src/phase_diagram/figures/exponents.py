"""Measured S_w, its closed form, and their difference (docs/theory.md section 5)."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from phase_diagram.figures.drawing import cells, planes, regimes, style
from phase_diagram.figures.drawing.placement import place
from phase_diagram.plane import theory

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

PANELS = {"measured": "measured", "theory": "theory", "difference": "measured \u2212 theory"}
BARS = {
    ("measured", "theory"): r"$S_w$, slope of $\log\,\mathrm{RD}(\theta_w)$ against $\log m$",
    ("difference",): "difference of $S_w$",
}
NUMBERS = "numbers: |difference| in each wedge,\nmedian (largest away from kinks)"
HEIGHT = 3.3  # inches
STACKED_BELOW = 4.5  # inches of width, with the panels one below the other
STACKED_HEIGHT = 8.2
ALONE_HEIGHT_TO_WIDTH = 0.9
# Never the map of the slopes: the two scales differ.
DIFFERENCE_MAPS = ("PuOr", "BrBG")
PATCH = {"boxstyle": "round,pad=0.2", "facecolor": "white", "alpha": 0.8, "linewidth": 0}


def draw(
    slopes: pd.DataFrame, wedges: pd.DataFrame, settings: "FigureSettings", title: str = ""
) -> Figure:
    """Draw measured slopes, the closed form, and their difference side by side.

    Parameters
    ----------
    slopes : pandas.DataFrame
        From `phase_diagram.fits.slopes.fit_slopes`: gamma, gamma_prime, slope, theory.
    wedges : pandas.DataFrame
        From `phase_diagram.fits.wedges.compare`: the numbers written into the wedges.
    settings : FigureSettings
        dpi, width_inches, colour_map and colour_limit, the last two for the slopes. The
        difference has a separate map, whose limits are the largest difference.
    title : str
        Set above the panels; none if empty.

    Returns
    -------
    matplotlib.figure.Figure
        The cells have the gids `measured`, `theory` and `difference`, the lines across which the
        closed form bends `kink` and `theoretical_boundary`, the numbers of a wedge `numbers`.
        In a narrow figure the panels are one below the other. Without theory there is only the
        first panel, and the legend says why.
    """
    tables = {"measured": cells.matrix(slopes, "slope"), "theory": cells.matrix(slopes, "theory")}
    tables["difference"] = tables["measured"] - tables["theory"]
    if not theory.known(slopes):
        return _draw_measured(tables["measured"], settings, title)
    stacked = settings.width_inches < STACKED_BELOW
    height = STACKED_HEIGHT if stacked else HEIGHT
    with style.context():
        size = settings.width_inches, height + (0.2 if title else 0.0)
        figure = Figure(figsize=size, dpi=settings.dpi, layout="constrained")
        if title:
            figure.suptitle(title, fontsize=8.5)
        shape = (3, 1) if stacked else (1, 3)
        axes = figure.subplots(*shape, sharex=True, sharey=True).tolist()
        panels = dict(zip(PANELS, axes, strict=True))
        _draw_cells(figure, panels, tables, settings, "right" if stacked else "bottom")
        for name, panel in panels.items():
            panel.set_title(PANELS[name])
            if stacked or name == "measured":
                panel.set_ylabel(r"$\gamma'$", rotation="horizontal", va="center", ha="right")
            if not stacked or name == "difference":
                panel.set_xlabel(r"$\gamma$")
            lines = [regimes.draw_boundary(panel, linewidth=0.7), *regimes.draw_kinks(panel)]
        handles = [lines[0], Line2D([], [], **regimes.KINK, label="kink of theory")]
        words = Line2D([], [], linestyle="none", label=NUMBERS)
        figure.legend(handles=[*handles, words], loc="outside lower center", ncols=3 - 2 * stacked)
        # The numbers are placed by their real size, known once the panels have theirs.
        style.settle(figure)
        _write_numbers(panels["difference"], wedges)
    return figure


def _draw_measured(plane: pd.DataFrame, settings: "FigureSettings", title: str) -> Figure:
    """Draw the slopes alone."""
    limit = settings.colour_limit or planes.limit(plane.to_numpy())
    with style.context():
        size = settings.width_inches, settings.width_inches * ALONE_HEIGHT_TO_WIDTH
        figure = Figure(figsize=size, dpi=settings.dpi, layout="constrained")
        axes = figure.subplots()
        axes.set_title(title)
        axes.set_xlabel(r"$\gamma$")
        axes.set_ylabel(r"$\gamma'$", rotation="horizontal", va="center", ha="right")
        look = Normalize(-limit, limit), settings.colour_map
        mesh = planes.draw(axes, plane, *look, gid="measured")
        label = BARS["measured", "theory"]
        planes.colour_bar(figure, [axes], [mesh], label, location="right", aspect=30.0, pad=0.02)
        figure.legend(handles=[regimes.no_theory()], loc="outside lower center")
        return style.settle(figure)


def _draw_cells(
    figure: Figure,
    panels: dict[str, Axes],
    tables: dict[str, pd.DataFrame],
    settings: "FigureSettings",
    side: str,
) -> None:
    slopes = np.concatenate([tables["measured"], tables["theory"]])
    limit = settings.colour_limit or planes.limit(slopes)
    largest = planes.limit(tables["difference"].to_numpy())
    difference_map = next(
        name for name in DIFFERENCE_MAPS if not settings.colour_map.startswith(name)
    )
    of_slopes = Normalize(-limit, limit), settings.colour_map
    looks: dict[str, tuple[Normalize, str]] = dict.fromkeys(PANELS, of_slopes)
    looks["difference"] = Normalize(-largest, largest), difference_map
    meshes = {
        name: planes.draw(panels[name], tables[name], *look, gid=name)
        for name, look in looks.items()
    }
    for names, label in BARS.items():
        planes.colour_bar(
            figure,
            [panels[name] for name in names],
            [meshes[name] for name in names],
            label,
            location=side,
            # As thick under one panel as under two.
            aspect=14.0 * (len(names) if side == "bottom" else 1.5 * len(names)),
            pad=0.03,
        )


def _write_numbers(axes: Axes, wedges: pd.DataFrame) -> None:
    """Write the errors of each wedge into it, if they fit."""
    known = wedges.set_index("wedge")
    for wedge in theory.WEDGES:
        if wedge not in known.index or known.loc[wedge, "points"] == 0:
            continue
        median, largest = known.loc[wedge, ["error_median", "error_max_away"]].to_numpy(float)
        brackets = f"\n({largest:.2g})" if np.isfinite(largest) else ""
        text = axes.text(
            *axes.viewLim.min,
            f"{median:.2g}{brackets}",
            ha="center",
            va="center",
            fontsize="small",
            linespacing=1.0,
            bbox=PATCH,
            gid="numbers",
        )
        size = text.get_window_extent().transformed(axes.transData.inverted()).size
        inside = partial(_in_wedge, wedge)
        centre = place(inside, axes.viewLim, size, [])
        if centre is None:
            text.remove()
        else:
            text.set_position(centre)


def _in_wedge(wedge: str, gamma: np.ndarray, gamma_prime: np.ndarray) -> np.ndarray:
    return theory.wedge(gamma, gamma_prime) == wedge
