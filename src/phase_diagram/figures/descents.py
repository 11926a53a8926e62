"""The effect of the authors' gradient descent: RD and S_w by descent compared with flow."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from phase_diagram.figures.drawing import cells, gaps, planes, regimes, style
from phase_diagram.plane import theory

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

FIGURES = ("descent",)

# Never the map of the slopes.
MAPS = ("PuOr", "BrBG")
# Limits of the colours: twice or half the distance, and a difference in slope of one half. The
# numbers in the cells may be larger.
LARGEST_DOUBLING, LARGEST_DIFFERENCE = 1.0, 0.5
RATIO = r"$\log_2$ (RD by descent / RD by flow)"
DIFFERENCE = r"$S_w$ by descent $-$ by flow"
# A cell that gaps.py marks as without a slope may be without a ratio here.
LABELS = {"no slope": "descent did not converge", "not all converged": "not all seeds converged"}
# Inches.
HEIGHT = 3.1
STACKED_BELOW = 4.5  # of width, with the panels one below the other
STACKED_HEIGHT = 8.2
NUMBER_SIZES = (5.0, 6.5)  # points, the smallest and the largest
CELL_SHARE = 0.92  # of a cell's width and height, that a number may fill


class _Panel(NamedTuple):
    """One panel: the cells of the plane, and the numbers written into them."""

    gid: str
    title: str
    table: pd.DataFrame  # gamma, gamma_prime, slope (what is coloured), networks, converged
    limit: float


def draw(
    tables: dict[str, pd.DataFrame], settings: "FigureSettings", title: str = ""
) -> dict[str, Figure]:
    """Draw the ratio of RD at the smallest and the largest width, and the difference of S_w.

    Parameters
    ----------
    tables : dict
        `networks` and `slopes` of studies/descents.py.
    settings : FigureSettings
        dpi and width_inches are used; colour_map for the choice of another one.
    title : str
        Set above the panels; none if empty.

    Returns
    -------
    dict
        The figure of `FIGURES`. The cells have the gids `ratio_smallest`, `ratio_largest` (log2
        of RD by descent over RD by flow, the mean over seeds) and `difference` (S_w by descent
        minus S_w by flow), the numbers in them, which are the ratio itself and the difference,
        the gid `number`, and hatching those of gaps.py. In a narrow figure the panels stand one
        below the other, and numbers that do not fit their cells are left out.
    """
    contents = _contents(tables)
    stacked = settings.width_inches < STACKED_BELOW
    with style.context():
        height = (STACKED_HEIGHT if stacked else HEIGHT) + (0.2 if title else 0.0)
        size = settings.width_inches, height
        figure = Figure(figsize=size, dpi=settings.dpi, layout="constrained")
        if title:
            figure.suptitle(title, fontsize=8.5)
        shape = (3, 1) if stacked else (1, 3)
        axes = figure.subplots(*shape, sharex=True, sharey=True).tolist()
        handles = _draw_cells(figure, axes, contents, settings)
        for place, (panel, content) in enumerate(zip(axes, contents, strict=True)):
            if theory.known(tables["slopes"]):
                line = regimes.draw_boundary(panel, linewidth=0.8)
            else:
                line = regimes.no_theory()
            panel.set_title(content.title)
            if stacked or place == 0:
                panel.set_ylabel(r"$\gamma'$", rotation="horizontal", va="center", ha="right")
            if not stacked or place == 2:
                panel.set_xlabel(r"$\gamma$")
        figure.legend(
            handles=[line, *handles], loc="outside lower center", ncols=1 if stacked else 3
        )
        # Numbers are kept if they fit their cells, whose size is known after the layout.
        style.settle(figure)
        for panel, content in zip(axes, contents, strict=True):
            _write_numbers(panel, content)
    return {"descent": figure}


def _contents(tables: dict[str, pd.DataFrame]) -> list[_Panel]:
    networks, slopes = tables["networks"], tables["slopes"]
    doublings = networks.assign(slope=np.log2(networks["ratio"]))
    panels = []
    for gid, width in (
        ("ratio_smallest", networks["width"].min()),
        ("ratio_largest", networks["width"].max()),
    ):
        points = doublings[doublings["width"] == width].groupby(["gamma", "gamma_prime"])["slope"]
        averages = points.agg(slope="mean", networks="size", converged="count").reset_index()
        panels.append(_Panel(gid, f"RD, $m$ = {style.mathtext(width)}", averages, LARGEST_DOUBLING))
    differences = slopes.assign(slope=slopes["difference"])
    return [*panels, _Panel("difference", "slope $S_w$", differences, LARGEST_DIFFERENCE)]


def _draw_cells(
    figure: Figure, axes: list[Axes], contents: list[_Panel], settings: "FigureSettings"
) -> list[Patch]:
    """Colour and hatch the cells and draw the colour bars; give the hatchings' legend entries."""
    colour_map = next(name for name in MAPS if not settings.colour_map.startswith(name))
    stacked = settings.width_inches < STACKED_BELOW
    meshes, handles = [], {}
    for panel, content in zip(axes, contents, strict=True):
        norm = Normalize(-content.limit, content.limit)
        plane = cells.matrix(content.table, "slope")
        meshes.append(planes.draw(panel, plane, norm, colour_map, content.gid))
        for handle in gaps.draw(panel, content.table)[1]:
            handles[LABELS[str(handle.get_label())]] = handle
    for label, handle in handles.items():
        handle.set_label(label)
    for panel_slice, label in ((slice(0, 2), RATIO), (slice(2, 3), DIFFERENCE)):
        planes.colour_bar(
            figure,
            axes[panel_slice],
            meshes[panel_slice],
            label,
            location="right" if stacked else "bottom",
            # As thick beside one panel as beside two.
            aspect=14.0 * len(axes[panel_slice]) * (1.5 if stacked else 1.0),
            pad=0.03,
        )
    return list(handles.values())


def _write_numbers(axes: Axes, content: _Panel) -> None:
    """Write its number into each cell, in the largest size that fits all cells."""
    plane = cells.matrix(content.table, "slope")
    edges = [cells.edges(axis.to_numpy()) for axis in (plane.columns, plane.index)]
    (mesh,) = (collection for collection in axes.collections if collection.get_gid() == content.gid)
    shares = {}  # of its cell that a number fills
    for (row, column), value in np.ndenumerate(plane.to_numpy()):
        if np.isnan(value):
            continue
        low, high = (np.array([edges[0][column + i], edges[1][row + i]]) for i in (0, 1))
        text = axes.text(
            float(low[0] + high[0]) / 2,
            float(low[1] + high[1]) / 2,
            _signed(value) if content.gid == "difference" else _ratio(2.0**value),
            ha="center",
            va="center",
            fontsize=NUMBER_SIZES[1],
            color="white" if abs(value) > 0.7 * content.limit else style.INK,
            # The cell's own colour keeps the line of theory pale behind the number.
            bbox={"facecolor": mesh.to_rgba(value), "alpha": 0.7, "linewidth": 0, "pad": 0.2},
            gid="number",
        )
        size = text.get_window_extent().transformed(axes.transData.inverted()).size
        shares[text] = float((size / (high - low)).max())
    smallest, largest = NUMBER_SIZES
    size = np.clip(largest * CELL_SHARE / max(shares.values(), default=1.0), smallest, largest)
    for text, share in shares.items():
        text.set_fontsize(size)
        if share * size > CELL_SHARE * largest * (1 + 1e-9):
            text.remove()


def _ratio(value: float) -> str:
    return f"{value:.3g}" if value >= 10 else f"{value:.2f}"


def _signed(value: float) -> str:
    # Without the zero before the point, so that it fits a cell; 0 if it rounds to zero.
    text = f"{value:+.2f}".replace("0.", ".").replace("-", "\N{MINUS SIGN}")
    return "0" if text[1:] == ".00" else text
