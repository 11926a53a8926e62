"""The phase diagram: S_w over the (gamma, gamma') plane (Luo et al. 2021, figures 4 and 5)."""

from typing import TYPE_CHECKING

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from phase_diagram.figures.drawing import annotations, cells, gaps, regimes, style
from phase_diagram.plane import theory

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

HEIGHT_TO_WIDTH = 0.95


def draw(
    slopes: pd.DataFrame, boundary: pd.DataFrame, settings: "FigureSettings", title: str = ""
) -> Figure:
    """Draw S_w over the plane, with the measured and the theoretical boundary.

    Parameters
    ----------
    slopes : pandas.DataFrame
        From `fits.slopes.fit_slopes`: gamma, gamma_prime, slope, networks, converged. The
        grid may be irregular and have gaps.
    boundary : pandas.DataFrame
        From `phase_diagram.fits.boundary.find_boundary`: gamma_prime, gamma, gamma_standard_error,
        theory. Rows without a crossing (gamma NaN) get no star. If no row has a theory, its line,
        the regimes' names and the initialisations are left out, and the legend says why.
    settings : FigureSettings
        dpi, width_inches, colour_map (a diverging map of matplotlib; its low end is for S_w < 0),
        colour_limit (the |S_w| at which the colours end; None: the largest in the table),
        initialisations (whether the named initialisations are marked).
    title : str
        Set above the plane; none if empty.

    Returns
    -------
    matplotlib.figure.Figure
        Of the requested width; it belongs to no window and no global state. The artists that
        show data have the gids `slopes`, `no_slope`, `not_converged`, `theoretical_boundary`,
        `measured_boundary` and `initialisations`.
    """
    with style.context():
        size = settings.width_inches, settings.width_inches * HEIGHT_TO_WIDTH
        figure = Figure(figsize=size, dpi=settings.dpi, layout="constrained")
        axes = figure.subplots()
        axes.set_xlabel(r"$\gamma$")
        axes.set_ylabel(r"$\gamma'$", rotation="horizontal", va="center", ha="right", labelpad=4)
        axes.set_title(title)

        has_theory = theory.known(boundary)
        mesh = _draw_slopes(axes, slopes, settings)
        incomplete, gap_handles = gaps.draw(axes, slopes)
        handles = [
            _draw_measured_boundary(axes, boundary),
            regimes.draw_boundary(axes, linewidth=1.0) if has_theory else regimes.no_theory(),
            *gap_handles,
        ]
        _draw_colour_bar(figure, axes, mesh)
        # Below the axes a legend hides no data, whatever the grid.
        columns = 2 if has_theory else 1  # the reason for missing theory takes a line
        figure.legend(handles=handles, loc="outside lower center", ncols=columns)

        # Labels are placed by their real size, which is known once the axes have theirs.
        style.settle(figure)
        if has_theory:
            marked = annotations.mark_initialisations(axes) if settings.initialisations else []
            annotations.name_regimes(axes, avoid=marked, spare=incomplete)
    return figure


def _draw_slopes(axes: Axes, slopes: pd.DataFrame, settings: "FigureSettings") -> QuadMesh:
    plane = cells.matrix(slopes, "slope")
    gamma, gamma_prime = plane.columns.to_numpy(), plane.index.to_numpy()
    values = np.ma.masked_invalid(plane.to_numpy())
    limit = settings.colour_limit
    if limit is None:
        # Without any slope, or with zeros alone, any limit will do.
        limit = float(np.abs(values.compressed()).max(initial=0.0)) or 1.0
    mesh = axes.pcolormesh(
        cells.edges(gamma),
        cells.edges(gamma_prime),
        values,
        # Symmetric limits put the map's middle, white, at zero.
        norm=Normalize(-limit, limit),
        cmap=matplotlib.colormaps[settings.colour_map].with_extremes(bad=style.MISSING),
        # Viewers of PDF show the gaps between adjoining cells as hairlines, unless they overlap.
        edgecolors="face",
        linewidth=0.1,
        gid="slopes",
    )
    for axis, centres in ((axes.xaxis, gamma), (axes.yaxis, gamma_prime)):
        axis.set_major_locator(FixedLocator(centres.tolist()) if len(centres) == 1 else _ticks())
    return mesh


def _draw_measured_boundary(axes: Axes, boundary: pd.DataFrame) -> ErrorbarContainer:
    crossings = boundary[boundary["gamma"].notna()]
    limits = axes.axis()
    stars = axes.errorbar(
        crossings["gamma"],
        crossings["gamma_prime"],
        xerr=crossings["gamma_standard_error"],
        linestyle="none",
        marker="*",
        markersize=6.5,
        markerfacecolor=style.STAR,
        markeredgecolor=style.INK,
        markeredgewidth=0.5,
        ecolor=style.INK,
        elinewidth=0.8,
        capsize=1.5,
        capthick=0.8,
        label=r"measured $S_w = 0$, $\pm 1$ s.e.",
        zorder=4,
    )
    # An error bar may be longer than the plane is wide; the cells set what is shown.
    axes.axis(limits)
    stars.lines[0].set_gid("measured_boundary")
    stars.lines[2][0].set_gid("measured_boundary_errors")
    return stars


def _draw_colour_bar(figure: Figure, axes: Axes, mesh: QuadMesh) -> None:
    values: np.ndarray = np.ma.asarray(mesh.get_array()).compressed()
    norm = mesh.norm
    beyond = bool(np.any(values < norm.vmin)), bool(np.any(values > norm.vmax))
    # A pointed end says that there are values beyond the last colour.
    extend = {(False, False): "neither", (True, False): "min", (False, True): "max"}.get(
        beyond, "both"
    )
    bar = figure.colorbar(
        ScalarMappable(norm, mesh.cmap), ax=axes, extend=extend, aspect=30, pad=0.02
    )
    bar.locator = _ticks()
    bar.update_ticks()
    # Smaller than the axes' labels, so that it is no longer than the bar in a narrow figure.
    bar.set_label(
        r"$S_w$, slope of $\log\,\mathrm{RD}(\theta_w)$ against $\log m$", fontsize="medium"
    )
    bar.outline.set_linewidth(0.6)


def _ticks() -> MaxNLocator:
    # Few ticks, so that their labels stay apart in a narrow figure.
    return MaxNLocator(nbins=6, steps=[1, 2, 5, 10])
