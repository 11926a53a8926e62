"""Find where a label fits into a region of the plane without covering data."""

from collections.abc import Callable

import numpy as np
from matplotlib.transforms import Bbox

CANDIDATES = 41
# Space for a label with a margin around it, in units of the label's size.
AMPLE = 4.0


def place(
    inside: Callable[[np.ndarray, np.ndarray], np.ndarray],
    limits: Bbox,
    size: tuple[float, float],
    obstacles: list[Bbox],
) -> tuple[float, float] | None:
    """Find where to centre a label in a region.

    Among the places with enough free space the one nearest the region's middle is taken; if there
    is none, the place with the most space.

    Parameters
    ----------
    inside : callable
        (x, y), arrays of one shape -> bool array of that shape: which points are in the region.
    limits : Bbox
        The part of the plane that is drawn.
    size : tuple of float
        Width and height of the label, in the plane's units.
    obstacles : list of Bbox
        Boxes that must stay free.

    Returns
    -------
    tuple of float, or None
        The centre; None if the label does not fit.
    """
    x, y = (
        axis.ravel()
        for axis in np.meshgrid(
            np.linspace(limits.x0, limits.x1, CANDIDATES),
            np.linspace(limits.y0, limits.y1, CANDIDATES),
        )
    )
    within = inside(x, y)
    if not within.any():
        return None
    points = np.column_stack([x, y])
    centres = points[within]
    # A box about a centre is free up to the nearest obstacle, in units of half the label's size.
    # Points outside the region are obstacles too, and so are the edges of the plane.
    half = np.asarray(size) / 2
    corners = np.array([(box.min, box.max) for box in obstacles]).reshape(-1, 2, 2)
    low, high = (np.concatenate([points[~within], corners[:, end]]) for end in (0, 1))
    room = np.min(
        np.concatenate([centres - limits.min, limits.max - centres], axis=1) / np.tile(half, 2),
        axis=1,
    )
    if len(low):
        room = np.minimum(room, np.min(_gaps(centres, low, high, half), axis=1))
    best = int(np.argmax(room))
    if room[best] < 1:
        return None
    distance = np.linalg.norm((centres - centres.mean(axis=0)) / limits.size, axis=1)
    ample = room >= min(AMPLE, 0.9 * room[best])
    x_best, y_best = centres[ample][np.argmin(distance[ample])]
    return float(x_best), float(y_best)


def _gaps(centres: np.ndarray, low: np.ndarray, high: np.ndarray, half: np.ndarray) -> np.ndarray:
    """How far each centre is from each box, along the axis on which they are farther apart."""
    # An axis after the other: a maximum over an array's last axis of two takes ten times as long.
    x, y = (
        np.maximum(low[:, axis] - centres[:, axis, None], centres[:, axis, None] - high[:, axis])
        / half[axis]
        for axis in (0, 1)
    )
    return np.maximum(x, y)
