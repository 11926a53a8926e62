"""Mark cells of the phase plane without a slope, or with networks that did not converge."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import Bbox

from phase_diagram.figures.drawing import cells, style


def draw(axes: Axes, slopes: pd.DataFrame) -> tuple[list[Bbox], list[Patch]]:
    """Hatch the cells without a slope, or with networks that did not converge.

    Parameters
    ----------
    axes : Axes
        With the cells drawn.
    slopes : pandas.DataFrame
        From `phase_diagram.fits.slopes.fit_slopes`.

    Returns
    -------
    list of Bbox
        The cells hatched, in data units.
    list of Patch
        A legend entry for each kind of hatching in use. The artists have the gids `no_slope` and
        `not_converged`.
    """
    slope = cells.matrix(slopes, "slope")
    lost = cells.matrix(slopes, "networks") - cells.matrix(slopes, "converged")
    no_slope = ~np.isfinite(slope.to_numpy())
    kinds = (
        ("no_slope", "no slope", no_slope, "xxxxx"),
        ("not_converged", "not all converged", (lost.to_numpy() > 0) & ~no_slope, "/////"),
    )
    x = cells.edges(slope.columns.to_numpy())
    y = cells.edges(slope.index.to_numpy())
    incomplete, handles = [], []
    for gid, label, where, hatch in kinds:
        boxes = [
            Bbox.from_extents(x[i], y[j], x[i + 1], y[j + 1])
            for j, i in zip(*np.nonzero(where), strict=True)
        ]
        if not boxes:
            continue
        cells_hatched = [Rectangle(box.min, box.width, box.height) for box in boxes]
        # Dark lines on white ones are visible on the darkest and on the palest cells.
        for colour, width, name in (("white", 1.8, None), (style.INK, 0.6, gid)):
            hatching = PatchCollection(
                cells_hatched, facecolor="none", hatch=hatch, linewidth=0, gid=name
            )
            hatching.set_hatchcolor(colour)
            hatching.set_hatch_linewidth(width)
            axes.add_collection(hatching, autolim=False)
        face = style.MISSING if gid == "no_slope" else "white"
        handles.append(
            Patch(facecolor=face, edgecolor=style.INK, hatch=hatch, linewidth=0.5, label=label)
        )
        incomplete += boxes
    return incomplete, handles
