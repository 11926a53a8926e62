"""The order parameter: known distributions of orientations, invariances, degenerate networks."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram.observables.condensation import DRAWS, condensation


def network(angles, amplitudes):
    angles, amplitudes = np.broadcast_arrays(np.asarray(angles, float), amplitudes)
    w = np.stack([np.cos(angles), np.sin(angles)])
    return torch.tensor(np.asarray(amplitudes, float)), torch.tensor(w)


@given(st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_equal_shares_of_separate_orientations(count, seed):
    """k orientations with equal shares: 1/k, whatever the order of the neurons."""
    angles = np.repeat(2 * np.pi * np.arange(count) / count, 200)
    np.random.default_rng(seed).shuffle(angles)
    assert condensation(*network(angles, 1.0)) == pytest.approx(1 / count, abs=3 / DRAWS)


def test_neurons_count_by_amplitude():
    """Shares of 3/4 and 1/4: 9/16 + 1/16, however many neurons carry them."""
    amplitudes = np.concatenate([np.full(100, 0.75 / 100), np.full(5000, 0.25 / 5000)])
    angles = np.concatenate([np.zeros(100), np.full(5000, 2.0)])
    assert condensation(*network(angles, amplitudes)) == pytest.approx(10 / 16, abs=3 / DRAWS)


def test_random_angles_in_the_plane():
    generator = torch.Generator().manual_seed(0)
    a, w = (torch.randn(*shape, 20_000, generator=generator).double() for shape in ((), (2,)))
    assert condensation(a, w) == pytest.approx(10 / 360, abs=3e-3)


def test_random_orientations_in_space_are_never_the_same():
    generator = torch.Generator().manual_seed(0)
    a, w = (torch.randn(*shape, 5000, generator=generator).double() for shape in ((), (45,)))
    assert condensation(a, w) < 1e-5  # but for a neuron that is drawn twice


@given(st.floats(0.0, 2.0), st.floats(1e-100, 1e100), st.integers(0, 100))
def test_rotations_scales_and_signs_change_nothing(angle, scale, seed):
    generator = np.random.default_rng(seed)
    angles = generator.choice([0.0, 1.0, 2.5], 300) + 1e-3 * generator.standard_normal(300)
    amplitudes = generator.exponential(size=300)
    a, w = network(angles, amplitudes)
    _, rotated = network(angles + angle, amplitudes)
    assert condensation(-scale * a, rotated) == pytest.approx(condensation(a, w), abs=1e-3)


def test_one_neuron_is_one_orientation():
    assert condensation(*network([0.3], 1.0)) == pytest.approx(1.0)


def test_neurons_at_rest_in_the_origin_do_not_count():
    a, w = network([0.0, 1.0, 2.0], 1.0)
    w[:, 2] = 0.0
    assert condensation(a, w) == pytest.approx(0.5, abs=3 / DRAWS)


@pytest.mark.parametrize("value", [0.0, math.nan, math.inf])
def test_a_network_without_amplitudes_has_none(value):
    assert math.isnan(condensation(*network([0.0, 1.0], value)))
