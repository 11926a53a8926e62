"""The arc-cosine kernels against their definition, exact values and random neurons."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from training import FOUR_POINTS, draw, network

from phase_diagram.datasets.problem import Problem
from phase_diagram.studies.shared import frozen_kernel, infinite_width

SPACE = Problem.from_features(
    "space", np.random.default_rng(0).standard_normal((6, 9)), np.zeros(6)
)


@pytest.mark.parametrize(
    ("problem", "kappa", "kappa_prime"), [(FOUR_POINTS, 0.02, 4.0), (SPACE, 0.01, 0.7)]
)
def test_mean_over_random_neurons(problem, kappa, kappa_prime):
    """The kernel of a wide network is that of infinite width, but for a scatter of m^-1/2."""
    width, dimension = 200_000, problem.inputs.shape[1]
    new = torch.tensor(problem.inputs[:3] + 0.3)
    model = network(problem, kappa, kappa_prime)
    measured = frozen_kernel.of_network(model, *draw(width, dimension), new)
    kernel = infinite_width.tangent_kernel(model, width, model.inputs)
    cross = infinite_width.tangent_kernel(model, width, new)
    scale = float(kernel.abs().max())
    torch.testing.assert_close(measured.kernel / scale, kernel / scale, atol=0.01, rtol=0)
    torch.testing.assert_close(measured.cross / scale, cross / scale, atol=0.01, rtol=0)


def test_exact_values():
    """Neurons see two inputs together in proportion to the angle between their half-planes."""
    inputs = torch.tensor([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
    together = infinite_width.gates(inputs[:1], inputs)
    np.testing.assert_allclose(together, [[1 / 2, 1 / 4, 0, 3 / 8]], atol=1e-15)
    products = infinite_width.activations(inputs[:1], inputs)
    diagonal = (1 + 3 * math.pi / 4) / (2 * math.pi)
    np.testing.assert_allclose(products, [[1 / 2, 1 / math.pi, 0, diagonal]], atol=1e-15)


def test_small_angles_keep_the_digits_that_an_arc_cosine_would_lose():
    angle = 1e-10
    inputs = torch.tensor([[1.0, 0.0], [math.cos(angle), math.sin(angle)]], dtype=torch.float64)
    apart = 0.5 - infinite_width.gates(inputs[:1], inputs[1:])
    assert float(apart) == pytest.approx(angle / (2 * math.pi), rel=1e-5)


@given(seed=st.integers(0, 10_000), kappa_prime=st.floats(1e-3, 1e3))
def test_kernel_is_symmetric_and_not_negative(seed, kappa_prime):
    generator = np.random.default_rng(seed)
    features = generator.standard_normal((5, 2)) * 10.0 ** generator.uniform(-3, 3, (5, 1))
    model = network(Problem.from_features("some", features, np.zeros(5)), 1.0, kappa_prime)
    kernel = infinite_width.tangent_kernel(model, 10, model.inputs)
    torch.testing.assert_close(kernel, kernel.T)
    rates = torch.linalg.eigvalsh(kernel)
    assert rates[0] >= -1e-12 * rates[-1]


def test_an_input_of_length_zero_moves_nothing():
    inputs = torch.zeros(1, 3, dtype=torch.float64)
    assert infinite_width.activations(inputs, inputs).item() == 0.0
