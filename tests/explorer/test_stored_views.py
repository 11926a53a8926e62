"""Small integers between two bounds: what is lost, and what is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from phase_diagram.explorer import stored_views

VALUES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 20)),
    elements=st.floats(-1e100, 1e100),
)


@given(VALUES, st.sampled_from([np.uint8, np.uint16]))
def test_the_error_is_half_a_step_at_most(values, kind):
    integers, bounds = stored_views.quantised_rows(values, kind)
    assert integers.dtype == kind and bounds.shape == (len(values), 2)
    step = (bounds[:, 1:] - bounds[:, :1]) / np.iinfo(kind).max
    rounding = 1e-9 * np.abs(values).max(axis=1, keepdims=True)
    read = stored_views.read_quantised(integers, bounds)
    assert (np.abs(read - values) <= 0.5 * step + rounding).all()


@given(VALUES)
def test_the_ends_are_exact_and_reading_again_changes_nothing(values):
    integers, bounds = stored_views.quantised_rows(values)
    read = stored_views.read_quantised(integers, bounds)
    assert (bounds == np.stack([values.min(axis=1), values.max(axis=1)], axis=1)).all()
    again = stored_views.quantised(read, bounds)
    assert (again == integers).all()


def test_what_is_not_known_has_no_bounds():
    integers, bounds = stored_views.quantised_rows([[np.nan, 1.0, 3.0], [np.nan, np.nan, np.inf]])
    assert bounds[0].tolist() == [1.0, 3.0] and np.isnan(bounds[1]).all()
    assert integers.tolist() == [[0, 0, 65535], [0, 0, 0]]


@pytest.mark.parametrize(("value", "expected"), [(-9.0, 0), (0.0, 0), (0.5, 128), (1.0, 255)])
def test_beyond_the_bounds_is_the_bound(value, expected):
    assert stored_views.quantised([value], (0.0, 1.0), np.uint8).tolist() == [expected]
