"""Read the output of `phase-diagram point --json` as the tables of a figure."""

import json
import math
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from phase_diagram.errors import InputError
from phase_diagram.plane import theory

Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Spread = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Part(BaseModel):
    """The keys that a figure needs; others are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Row(_Part):
    width: Annotated[int, Field(ge=2, le=10**50)]
    rd: Positive | None
    rd_standard_error: Spread | None


class _Point(_Part):
    gamma: Annotated[float, Field(ge=-10.0, le=10.0)]
    gamma_prime: Annotated[float, Field(ge=-10.0, le=10.0)]
    rows: Annotated[list[_Row], Field(min_length=1)]
    slope: Finite | None
    slope_standard_error: Spread | None
    theory: Finite | None  # none where the activation is not homogeneous


def read(path: Path) -> dict[str, pd.DataFrame]:
    """Read a saved point.

    Returns
    -------
    dict of DataFrame
        distances and fits, as `figures.relative_distances.draw` takes them. The fitted line goes
        through the middle of the means, where that of the networks does if each width has equally
        many that converged.

    Raises
    ------
    InputError
        If the file is missing, is no such JSON, or has no RD to draw.
    """
    point = _parse(path)
    place = {"gamma": point.gamma, "gamma_prime": point.gamma_prime}
    distances = pd.DataFrame(
        [
            {
                **place,
                "width": float(row.width),
                "rd": _float(row.rd),
                "rd_standard_error": _float(row.rd_standard_error),
            }
            for row in sorted(point.rows, key=lambda row: row.width)
        ]
    )
    known = distances[distances["rd"].notna()]
    if known.empty:
        raise InputError(f"{path}: rows: no network converged, so that there is no RD to draw")
    slope = _float(point.slope)
    off = np.log(known["rd"]) - slope * np.log(known["width"])
    fit = {
        **place,
        "regime": theory.NO_REGIME
        if point.theory is None
        else theory.regime(point.gamma, point.gamma_prime),
        "slope": slope,
        "slope_standard_error": _float(point.slope_standard_error),
        "prefactor": float(np.exp(off.mean())),
        "theory": _float(point.theory),
    }
    return {"distances": distances, "fits": pd.DataFrame([fit])}


def _parse(path: Path) -> _Point:
    printed = "must be what `phase-diagram point --json` printed"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}: {printed}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8 text: {printed}") from None
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError):
        reason = "not JSON, or cut off" if text.strip() else "empty"
        raise InputError(f"{path}: {reason}: {printed}") from None
    try:
        return _Point.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the whole"
        raise InputError(f"{path}: {key}: {first['msg']}: {printed}") from None


def _float(value: float | None) -> float:
    return math.nan if value is None else value
