"""A pack: all data of one experiment for the explorer's page, as one compressed block.

It contains the length of a header in four bytes, the header as JSON, and the arrays that the
header lists, each at a multiple of eight bytes, little-endian. The browser decompresses it
(DecompressionStream) when the experiment is first shown.
"""

import json
import math
import os
import struct
import zlib
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from phase_diagram.errors import InputError
from phase_diagram.explorer.stored_views import Views
from phase_diagram.figures.drawing import cells, regimes
from phase_diagram.files.atomic import atomic_path
from phase_diagram.fits import slopes as fits
from phase_diagram.plane import theory

ALIGNMENT = 8
LEVEL = 9
# Arrays of the views that are copied unchanged.
TAKEN = (
    *("status", "condensation", "outputs", "outputs_bounds", "orientation", "amplitude"),
    *("losses", "losses_bounds", "times", "lengths", "x", "data"),
)


def pack(
    name: str,
    views: Views,
    slopes: pd.DataFrame,
    boundary: pd.DataFrame,
    distances: pd.DataFrame,
    sweep: pd.DataFrame,
) -> bytes:
    """Pack one experiment.

    Parameters
    ----------
    name : str
        The experiment's.
    views : Views
        The grid points; all arrays are in their order.
    slopes, boundary, distances, sweep : pandas.DataFrame
        The experiment's tables. Points missing in a table have NaN; a theory that is NaN
        everywhere means that there is none.

    Returns
    -------
    bytes
        Equal tables and views give equal bytes with the same version of zlib.

    Raises
    ------
    InputError
        If a table has points that the views lack.
    """
    points = pd.MultiIndex.from_arrays([views.gamma, views.gamma_prime])
    _refuse_other_points(name, points, slopes)
    fitted = slopes.set_index(["gamma", "gamma_prime"]).reindex(points)
    widths = np.unique(distances["width"].to_numpy(dtype=np.float64))
    arrays: dict[str, NDArray] = {
        "gamma": views.gamma,
        "gamma_prime": views.gamma_prime,
        **{
            column: fitted[column].to_numpy(dtype=np.float64)
            for column in ("slope", "slope_standard_error", "theory")
        },
        **{
            column: fitted[column].fillna(0).to_numpy(dtype=np.uint16)
            for column in ("networks", "converged")
        },
        **_by_width(distances, points, widths),
        "centre": _centres(sweep, points),
        "rd": _logarithm(views.rd),
        "loss": _logarithm(views.loss),
        "time": views.time,
        **{key: getattr(views, key) for key in TAKEN},
    }
    crossings = boundary[boundary["gamma"].notna()]
    header = {
        "name": name,
        "dataset": str(views.dataset),
        "activation": str(sweep["activation"].iloc[0]),
        "method": str(views.method),
        "width": float(views.width),
        "quadrature": int(views.quadrature),
        "tolerance": float(views.tolerance),
        "line": bool(views.line),
        "seeds": int(sweep["seed"].nunique()),
        "widths": widths.tolist(),
        "sampled": int(views.sampled),
        "statuses": views.statuses.tolist(),
        "has_theory": theory.known(slopes),
        **_plane(views),
        "boundary": [
            [_number(value) for value in row]
            for row in crossings[["gamma", "gamma_prime", "gamma_standard_error"]].to_numpy()
        ],
        "regimes": [str(each) for each in np.atleast_1d(theory.regime(*_columns(views)))],
        "wedges": [str(each) for each in np.atleast_1d(theory.wedge(*_columns(views)))],
    }
    return _compress(header, arrays)


def write(path: str | os.PathLike[str], packed: bytes) -> None:
    """Write a pack atomically."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(packed)


def unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, NDArray]]:
    """Return the header and the arrays of a pack, each of any shape, as the page reads them."""
    content = zlib.decompress(packed)
    (length,) = struct.unpack_from("<I", content)
    header = json.loads(content[4 : 4 + length])
    arrays = {
        name: np.frombuffer(content, f"<{dtype}", math.prod(shape), 4 + length + offset).reshape(
            shape
        )
        for name, dtype, shape, offset in header.pop("arrays")
    }
    return header, arrays


def _compress(header: dict[str, Any], arrays: dict[str, NDArray]) -> bytes:
    # Offsets count from the end of the header, whose own length they would change.
    described, chunks, offset = [], [], 0
    for name, array in arrays.items():
        array = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False))
        described.append([name, array.dtype.str[1:], list(array.shape), offset])
        chunks.append(array.tobytes())
        chunks.append(bytes(-array.nbytes % ALIGNMENT))
        offset += array.nbytes + len(chunks[-1])
    text = json.dumps({**header, "arrays": described}, separators=(",", ":"), allow_nan=False)
    encoded = text.encode()
    encoded += b" " * (-(len(encoded) + 4) % ALIGNMENT)
    return zlib.compress(struct.pack("<I", len(encoded)) + encoded + b"".join(chunks), LEVEL)


def _plane(views: Views) -> dict[str, Any]:
    """The grid, the edges of its cells, and the lines of theory within them."""
    axes: dict[str, Any] = {}
    for axis in ("gamma", "gamma_prime"):
        centres = np.unique(getattr(views, axis))
        axes[axis] = {"centres": centres.tolist(), "edges": cells.edges(centres).tolist()}
    right = axes["gamma"]["edges"][-1]
    low, high = (axes["gamma_prime"]["edges"][end] for end in (0, -1))
    return {
        "plane": axes,
        "theory_boundary": regimes.boundary(low, high).tolist(),
        "kinks": [[list(axis) for axis in piece] for piece in regimes.kinks(right, low, high)],
    }


def _refuse_other_points(name: str, points: pd.MultiIndex, slopes: pd.DataFrame) -> None:
    slope_points = pd.MultiIndex.from_frame(slopes[["gamma", "gamma_prime"]])
    unknown = slope_points.difference(points)
    if len(unknown):
        raise InputError(
            f"results/{name}/slopes.csv: has {len(unknown)} grid points that views.npz lacks, "
            f"{unknown[0]} among them; run snakemake to make them anew"
        )


def _by_width(
    distances: pd.DataFrame, points: pd.MultiIndex, widths: NDArray[np.float64]
) -> dict[str, NDArray]:
    """Arrays (P, widths): log10 of RD and its error, C; NaN where there is none."""
    columns = ("rd", "rd_standard_error", "condensation")
    values = {name: np.full((len(points), len(widths)), np.nan) for name in columns}
    for place, width in enumerate(widths):
        of_width = distances[distances["width"].astype(float) == width]
        of_width = of_width.set_index(["gamma", "gamma_prime"]).reindex(points)
        for name in columns:
            values[name][:, place] = of_width[name].to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        # RD may be 1e-120, which single precision can hold only as a logarithm.
        share = values["rd_standard_error"] / values["rd"]
    return {
        "distances": _logarithm(values["rd"]),
        "distance_errors": share.astype(np.float32),
        "order": values["condensation"].astype(np.float32),
    }


def _centres(sweep: pd.DataFrame, points: pd.MultiIndex) -> NDArray[np.float32]:
    """Means (P, 2) of log10 m and log10 RD over the networks of a fit: its line goes through."""
    used = sweep[fits.fitted(sweep)]
    logarithms = pd.DataFrame(
        {
            "gamma": used["gamma"],
            "gamma_prime": used["gamma_prime"],
            "width": np.log10(used["width"].to_numpy(dtype=np.float64)),
            "rd": np.log10(used["rd"]),
        }
    )
    means = logarithms.groupby(["gamma", "gamma_prime"]).mean().reindex(points)
    return means.to_numpy(dtype=np.float32)


def _logarithm(values: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.log10(values)
    return np.where(np.isfinite(logarithm), logarithm, np.nan).astype(np.float32)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _columns(views: Views) -> tuple[NDArray, NDArray]:
    return views.gamma, views.gamma_prime
