"""The figures of an experiment, by name, and the tables that each is drawn from."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from phase_diagram.errors import InputError
from phase_diagram.figures import condensation, exponents, phase_plane
from phase_diagram.files import tables
from phase_diagram.fits import boundary, slopes, wedges

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "phase_diagram": {"slopes": tuple(slopes.COLUMNS), "boundary": tuple(boundary.COLUMNS)},
    "exponents": {"slopes": tuple(slopes.COLUMNS), "wedges": tuple(wedges.COLUMNS)},
    "condensation": {
        "relative_distances": tuple(slopes.DISTANCE_COLUMNS),
        "boundary": tuple(boundary.COLUMNS),
    },
}
DRAW: dict[str, Callable[..., Figure]] = {
    "phase_diagram": phase_plane.draw,
    "exponents": exponents.draw,
    "condensation": condensation.draw,
}


def read(folder: Path, figure: str) -> list[pd.DataFrame]:
    """Read the tables of a figure from an experiment's folder.

    Parameters
    ----------
    folder : Path
        With slopes.csv, boundary.csv, relative_distances.csv and wedges.csv.
    figure : str
        One of `TABLES`.

    Raises
    ------
    InputError
        One line per fault of a table that is missing or damaged.
    """
    contents, faults = [], []
    for name, columns in TABLES[figure].items():
        path = folder / f"{name}.csv"
        try:
            contents.append(tables.read_csv(path, columns))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return contents


def draw(
    figure: str, contents: list[pd.DataFrame], settings: "FigureSettings", name: str
) -> Figure:
    """Draw a figure from its tables.

    Parameters
    ----------
    figure : str
        One of `TABLES`.
    contents : list of DataFrame
        From `read`.
    settings : FigureSettings
        All of them.
    name : str
        The experiment's; the figure's title, with spaces for its underscores.
    """
    return DRAW[figure](*contents, settings, name.replace("_", " "))
