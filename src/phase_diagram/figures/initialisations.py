"""Table 1 and figure 1 of Luo et al. (2021): named initialisations on the phase diagram."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator
from matplotlib.transforms import Bbox

from phase_diagram.figures import initialisations_table
from phase_diagram.figures.drawing import annotations, regimes, style
from phase_diagram.plane import scaling

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

FIGURES = ("initialisations_table", "initialisations_diagram")

HEIGHT_TO_WIDTH = 1.1
GAMMA, GAMMA_PRIME = (0.3, 2.2), (-1.1, 1.1)
# Distinguished without colour, because the areas below are coloured.
MARKERS = {"lecun": "^", "he": "v", "ntk": "s", "xavier": "D", "mean_field": "o"}
RING: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 7.0,
    "markerfacecolor": "none",
    "markeredgecolor": style.INK,
    "markeredgewidth": 1.1,
}


def draw(
    tables: dict[str, pd.DataFrame], settings: "FigureSettings", title: str = ""
) -> dict[str, Figure]:
    """Set the table and draw the diagram.

    Parameters
    ----------
    tables : dict
        Those of studies/initialisations.py.
    settings : FigureSettings
        dpi, width_inches and colour_map are used.
    title : str
        Set above both figures; none if empty.

    Returns
    -------
    dict
        The figures of `FIGURES`. In the diagram the artists that carry data have the gids
        `initialisations` (limits), `finite_width`, `free_line` (E et al. 2020), and those of
        regimes.py.
    """
    table = tables["initialisations"]
    return {
        "initialisations_table": initialisations_table.draw(table, settings, title),
        "initialisations_diagram": _draw_diagram(table, settings, title),
    }


def _draw_diagram(table: pd.DataFrame, settings: "FigureSettings", title: str) -> Figure:
    free = table["gamma_limit"].isna()
    named = table[~free]
    with style.context():
        size = settings.width_inches, settings.width_inches * HEIGHT_TO_WIDTH
        figure = Figure(figsize=size, dpi=settings.dpi, layout="constrained")
        axes = figure.subplots()
        axes.set(xlim=GAMMA, ylim=GAMMA_PRIME, title=title, xlabel=r"$\gamma$")
        axes.set_ylabel(r"$\gamma'$", rotation="horizontal", va="center", ha="right", labelpad=4)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MultipleLocator(0.5))
        regimes.draw_areas(axes, settings.colour_map)
        kinks = regimes.draw_kinks(axes)
        lines = [
            regimes.draw_boundary(axes),
            *(_draw_free_line(axes, name) for name in table.loc[free, "initialisation"]),
            *kinks,
        ]
        marks = _draw_finite_widths(axes, named)
        kinks[0].set_label(r"$S_w$ bends")
        ring = Line2D([], [], **RING, label=r"limit $m\to\infty$")
        figure.legend(
            handles=[*marks, ring, *lines[: -len(kinks) + 1]],
            loc="outside lower center",
            ncols=3,
            title=f"marks: at width $m$ = {style.mathtext(table['width'].iloc[0])}, "
            f"input dimension $d$ = {style.mathtext(table['dimension'].iloc[0])}",
        )

        # As in phase_plane.py: words are placed by their real size.
        style.settle(figure)
        _name_unchecked(axes)
        avoid = [box for line in lines for box in regimes.along(line)]
        avoid += annotations.mark_initialisations(axes) + _paths(named)
        annotations.name_regimes(axes, avoid=avoid, spare=[])
        to_data = axes.transData.inverted()
        avoid += [text.get_window_extent().transformed(to_data) for text in axes.texts]
        regimes.write_exponents(axes, avoid)
    return figure


def _draw_free_line(axes: Axes, name: str) -> Line2D:
    ends = [max(GAMMA[0], GAMMA_PRIME[0]), min(GAMMA[1], GAMMA_PRIME[1])]
    (line,) = axes.plot(
        ends,
        ends,
        color=style.INK,
        linewidth=1.0,
        linestyle=(0, (5, 2)),
        label=rf"{scaling.LABELS[name]}, any $\beta$",
        gid="free_line",
    )
    return line


def _draw_finite_widths(axes: Axes, table: pd.DataFrame) -> list[Line2D]:
    handles = []
    for row in table.to_dict("records"):
        axes.plot(
            [row["gamma"], row["gamma_limit"]],
            [row["gamma_prime"], row["gamma_prime_limit"]],
            color=style.INK,
            linewidth=0.5,
            zorder=4,
        )
        (mark,) = axes.plot(
            row["gamma"],
            row["gamma_prime"],
            linestyle="none",
            marker=MARKERS[row["initialisation"]],
            markersize=4.0,
            markerfacecolor=style.STAR,
            markeredgecolor=style.INK,
            markeredgewidth=0.6,
            zorder=6,
            label=scaling.LABELS[row["initialisation"]],
            gid="finite_width",
        )
        handles.append(mark)
    return handles


def _name_unchecked(axes: Axes) -> None:
    """Label the grey strip, in which the initial output grows with the width."""
    axes.text(
        (GAMMA[0] + regimes.LEAST_GAMMA) / 2,
        GAMMA_PRIME[0] / 2,
        r"initial output $\to\infty$",
        rotation="vertical",
        ha="center",
        va="center",
    )


def _paths(table: pd.DataFrame) -> list[Bbox]:
    """Boxes that cover the lines from the marks to their limits."""
    ends = table[["gamma", "gamma_limit", "gamma_prime", "gamma_prime_limit"]].to_numpy()
    return [box for row in ends for box in regimes.along(Line2D(row[:2], row[2:]))]
