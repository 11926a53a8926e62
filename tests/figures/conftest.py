import formulas  # noqa: F401
import numpy as np
import pytest
from drawn import stored

from phase_diagram.figures.phase_plane import draw
from phase_diagram.fits.boundary import find_boundary
from phase_diagram.parameters.figures import FigureSettings


@pytest.fixture
def slopes():
    """Slopes on a regular grid, all of them converged."""
    return stored("slopes")["slopes"]


@pytest.fixture
def slopes_with_gaps():
    """Slopes on an irregular grid; some missing, some with networks that did not converge."""
    return stored("slopes_with_gaps")["slopes_with_gaps"]


@pytest.fixture
def measured():
    """Find the boundary of a table of slopes, with errors of a size that can be seen."""

    def measured(slopes):
        found = find_boundary(slopes)
        return found.assign(gamma_standard_error=np.linspace(0.02, 0.08, len(found)))

    return measured


@pytest.fixture
def plane(measured):
    """Draw a table at a journal's column width."""

    def plane(slopes, title="", boundary=None, **settings):
        settings = FigureSettings(**{"width_inches": 3.3, "dpi": 100, **settings})
        boundary = measured(slopes) if boundary is None else boundary
        return draw(slopes, boundary, settings, title)

    return plane
