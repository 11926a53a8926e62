import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram.fits import regression

NUMBERS = st.floats(-100, 100).map(lambda value: round(value, 3))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=12))
def test_least_squares(points):
    """The slope that no other beats, and the textbook's error of it."""
    x, y = np.array(points).T
    slope, error = regression.slope(x, y)
    if len(np.unique(x)) < 2:
        assert math.isnan(slope) and math.isnan(error)
        return

    def scatter(slope):
        return float(np.sum((y - y.mean() - slope * (x - x.mean())) ** 2))

    assert scatter(slope) <= min(scatter(slope - 1e-3), scatter(slope + 1e-3)) + 1e-9
    expected = math.sqrt(scatter(slope) / (len(x) - 2) / float(np.sum((x - x.mean()) ** 2)))
    assert error == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_two_points_have_no_scatter():
    slope, error = regression.slope(np.array([1.0, 3.0]), np.array([2.0, 1.0]))
    assert slope == pytest.approx(-0.5) and math.isnan(error)


def test_fits_and_figures_import_no_scipy_and_no_torch():
    """Each is made in a process of its own, two dozen times a run."""
    modules = ["workflow.jobs.fit", "workflow.jobs.figures", "workflow.jobs.draw_study"]
    imports = "; ".join(f"import phase_diagram.{name}" for name in modules)
    found = subprocess.run(
        [sys.executable, "-c", f"import sys; {imports}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"scipy", "torch", "pydantic"} & set(found.stdout.split())
