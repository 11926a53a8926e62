"""The factorisation X = L Q behind the exact row-space reduction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from phase_diagram.datasets.load import load
from phase_diagram.two_layer.start import reduction


def matrices(low=-1e3, high=1e3):
    """Inputs of any shape, with many coinciding and dependent rows."""
    shapes = st_numpy.array_shapes(min_dims=2, max_dims=2, max_side=8)
    numbers = st.floats(low, high, allow_nan=False) | st.integers(-3, 3).map(float)
    # Below this, products of numbers lose digits for want of smaller ones.
    elements = numbers.map(lambda number: number if abs(number) > 1e-250 else 0.0)
    return st_numpy.arrays(np.float64, shapes, elements=elements)


def assert_reduces(inputs: np.ndarray) -> None:
    reduced, basis = reduction.reduce(inputs)
    assert reduced.shape == (len(inputs), len(basis))
    assert basis.shape[1] == inputs.shape[1]
    largest = np.abs(inputs).max(axis=1, keepdims=True)  # a sum of squares could underflow
    assert (np.abs(reduced @ basis - inputs) <= 1e-12 * largest).all()
    np.testing.assert_allclose(basis @ basis.T, np.eye(len(basis)), atol=1e-13)


@given(matrices())
def test_factors_reproduce_the_inputs_and_the_basis_is_orthonormal(inputs):
    assert_reduces(inputs)


@given(matrices(-3, 3), st.data())
def test_known_rank_is_found(inputs, data):
    # Small integers, so that NumPy's singular values decide the rank beyond doubt.
    inputs = np.round(inputs)
    rank = np.linalg.matrix_rank(inputs)
    assert len(reduction.reduce(inputs).basis) == rank
    # Repeating rows or adding combinations of them adds no dimension.
    weights = data.draw(
        st_numpy.arrays(np.float64, (3, len(inputs)), elements=st.integers(-2, 2).map(float))
    )
    longer = np.vstack([inputs, inputs[::-1], weights @ inputs])
    assert len(reduction.reduce(longer).basis) == rank
    assert_reduces(longer)


@given(matrices())
def test_steps_of_the_trapezoid_are_positive_and_nothing_is_above_them(inputs):
    reduced, _ = reduction.reduce(inputs)
    first_used = [np.flatnonzero(column)[0] for column in reduced.T]
    assert first_used == sorted(set(first_used))
    assert all(reduced[row, column] > 0 for column, row in enumerate(first_used))


def test_nearly_dependent_rows_keep_an_orthonormal_basis():
    # One Gram-Schmidt pass would lose orthogonality to about 1e-16 / 1e-11 here.
    rows, noise = np.random.default_rng(2).standard_normal((2, 5, 60))
    inputs = np.vstack([rows, rows + 1e-11 * noise])
    assert len(reduction.reduce(inputs).basis) == 10
    assert_reduces(inputs)


def test_tolerance_is_relative_to_the_length_of_the_row():
    row = np.ones(400)  # of length 20
    zigzag = np.where(np.arange(400) % 2, 1.0, -1.0)
    for fraction, rank in ((0.5, 1), (2.0, 2)):
        other = row + fraction * reduction.RELATIVE_TOLERANCE * zigzag
        assert len(reduction.reduce([row, other]).basis) == rank


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_scale_changes_nothing(scale):
    inputs = np.random.default_rng(4).integers(-9, 9, (4, 9)).astype(float)
    reduced, basis = reduction.reduce(inputs)
    scaled_reduced, scaled_basis = reduction.reduce(inputs * scale)
    np.testing.assert_allclose(scaled_basis, basis, atol=1e-14)
    np.testing.assert_allclose(scaled_reduced, reduced * scale, rtol=1e-12, atol=1e-14 * scale)


def test_mnist_goes_from_785_to_45_dimensions(tmp_path, without_torchvision):
    inputs = load("mnist", data_directory=tmp_path).inputs
    assert len(reduction.reduce(inputs).basis) == 45
    assert_reduces(inputs)


def test_results_are_contiguous_float64_and_repeat_bit_for_bit():
    inputs = np.random.default_rng(5).integers(0, 255, (20, 70))
    first, second = reduction.reduce(inputs), reduction.reduce(np.asfortranarray(inputs))
    for one, other in zip(first, second, strict=True):
        assert one.dtype == np.float64 and one.flags.c_contiguous
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("inputs", [[1.0, 2.0], [[[1.0]]], [[1.0, np.nan]], [[np.inf, 1.0]]])
def test_what_is_no_matrix_of_numbers_is_refused(inputs):
    with pytest.raises(ValueError, match="inputs must be finite"):
        reduction.reduce(inputs)


def test_inputs_stay_as_they_are_where_nothing_is_left_out():
    inputs = np.random.default_rng(3).standard_normal((5, 3))
    kept = reduction.where_smaller(inputs)
    np.testing.assert_array_equal(kept.inputs, inputs)
    np.testing.assert_array_equal(kept.basis, np.eye(3))
    wide = inputs.T
    np.testing.assert_array_equal(reduction.where_smaller(wide).basis, reduction.reduce(wide).basis)
