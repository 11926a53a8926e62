from pathlib import Path

import pytest

from phase_diagram.boundary import find_boundary
from phase_diagram.figures.phase_plane import draw
from phase_diagram.parameters import FigureSettings
from phase_diagram.slopes import COLUMNS
from phase_diagram.tables import read_csv


@pytest.fixture
def slopes():
    """Slopes on a regular grid, all of them converged."""
    return read_csv(Path(__file__).parent / "data" / "slopes.csv", COLUMNS)


@pytest.fixture
def slopes_with_gaps():
    """Slopes on an irregular grid; some missing, some with networks that did not converge."""
    return read_csv(Path(__file__).parent / "data" / "slopes_with_gaps.csv", COLUMNS)


@pytest.fixture
def plane():
    """Draw a table at a journal's column width."""

    def plane(slopes, title="", **settings):
        settings = FigureSettings(**{"width_inches": 3.3, "dpi": 100, **settings})
        return draw(slopes, find_boundary(slopes), settings, title)

    return plane
