"""Coloured cells of the phase plane, and their colour bar."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from phase_diagram.figures.drawing import cells, style

EXTEND = {(False, False): "neither", (True, False): "min", (False, True): "max"}


def limit(values: np.ndarray) -> float:
    """Return the largest absolute value in an array of any shape; 1 if all are zero."""
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max(initial=0.0)) or 1.0


def draw(axes: Axes, plane: pd.DataFrame, norm: Normalize, colour_map: str, gid: str) -> QuadMesh:
    """Colour the cells of a plane.

    Parameters
    ----------
    axes : Axes
    plane : pandas.DataFrame
        From `cells.matrix`; cells without a value are grey.
    norm : Normalize
        From values to the colours of the map.
    colour_map : str
    gid : str
        Of the cells.
    """
    gamma, gamma_prime = plane.columns.to_numpy(), plane.index.to_numpy()
    mesh = axes.pcolormesh(
        cells.edges(gamma),
        cells.edges(gamma_prime),
        np.ma.masked_invalid(plane.to_numpy()),
        norm=norm,
        cmap=matplotlib.colormaps[colour_map].with_extremes(bad=style.MISSING),
        # Viewers of PDF show the gaps between adjoining cells as hairlines, unless they overlap.
        edgecolors="face",
        linewidth=0.1,
        gid=gid,
    )
    for axis, centres in ((axes.xaxis, gamma), (axes.yaxis, gamma_prime)):
        axis.set_major_locator(FixedLocator(centres.tolist()) if len(centres) == 1 else ticks())
    return mesh


def colour_bar(
    figure: Figure, axes: Sequence[Axes], meshes: Sequence[QuadMesh], label: str, **look: Any
) -> None:
    """Draw the colour bar of meshes with one norm and map; pointed ends mean values beyond it."""
    values = np.concatenate([np.ma.asarray(mesh.get_array()).compressed() for mesh in meshes])
    norm = meshes[0].norm
    beyond = bool(np.any(values < norm.vmin)), bool(np.any(values > norm.vmax))
    mappable = ScalarMappable(norm, meshes[0].cmap)
    bar = figure.colorbar(mappable, ax=list(axes), extend=EXTEND.get(beyond, "both"), **look)
    bar.locator = ticks(6 if len(axes) > 1 else 3)  # beside a single panel there is less room
    bar.update_ticks()
    bar.set_label(label, fontsize="medium")
    bar.outline.set_linewidth(0.6)


def ticks(most: int = 6) -> MaxNLocator:
    """Few ticks, at most `most`, so that their labels stay apart in a narrow figure."""
    return MaxNLocator(nbins=most, steps=[1, 2, 5, 10])
