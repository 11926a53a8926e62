"""Mean gates against the path they stand for, integrated in tiny steps."""

import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from phase_diagram.gates import mean_gate, stops_at_origin
from phase_diagram.network import Network

force = st.floats(-3, 3).map(lambda x: round(x, 2))


def brute_force(
    start: float, closed: float, own: float, steps: int = 20_000
) -> tuple[float, float]:
    """Mean gate and end of ds/dt = closed + own [s > 0] over unit time, by tiny Euler steps."""
    s, open_time = start, 0
    for _ in range(steps):
        gate = s > 0
        s += (closed + own * gate) / steps
        open_time += gate
    return open_time / steps, s


def gate_of(start: float, closed: float, own: float) -> tuple[float, float]:
    old = float(start > 0)
    shaped = (torch.tensor([[[value]]], dtype=torch.float64) for value in
              (start, closed + old * own, own, old))  # fmt: skip
    mean, final = mean_gate(*shaped, torch.ones(1, dtype=torch.float64))
    return float(mean), float(final)


@given(start=st.floats(-2, 2).map(lambda x: round(x, 2)).filter(bool), closed=force, own=force)
def test_mean_gate_is_that_of_the_path(start, closed, own):
    """Free flight, crossing both ways and sliding: the gate's mean and the end it leads to."""
    # Where the end lies on the surface itself, rounding decides.
    assume(abs(start + closed + own * (start > 0)) > 1e-3 and (abs(closed) > 1e-3 or not own))
    mean, final = gate_of(start, closed, own)
    expected, end = brute_force(start, closed, own)
    assert mean == pytest.approx(expected, abs=2e-3)
    assert start + closed + own * mean == pytest.approx(end, abs=1e-2)
    if abs(end) > 0.02:
        assert final == float(end > 0)


def test_sliding_gate_keeps_the_neuron_on_the_surface():
    mean, final = gate_of(0.5, 1.0, -3.0)
    assert final == pytest.approx(1 / 3)
    assert 0.5 + 1.0 - 3.0 * mean == pytest.approx(0.0, abs=1e-12)


def test_a_closed_neuron_on_the_surface_stays_closed():
    """Rounding above zero is not activity: a dead neuron must not wake when own turns repelling."""
    rest = torch.tensor([[[1e-17], [-1.0]]], dtype=torch.float64)
    zero = torch.zeros_like(rest)
    own = torch.tensor([[[2.0], [0.0]]], dtype=torch.float64)
    mean, final = mean_gate(rest, zero, own, zero, torch.ones(1, dtype=torch.float64))
    assert not mean.any() and not final.any()


def test_heading_for_the_origin():
    """A neuron that runs straight into w = 0 stops, one that passes it by does not."""
    double = {"dtype": torch.float64}
    network = Network(
        torch.tensor([[1.0, 1.0]], **double), torch.tensor([0.0], **double),
        torch.tensor([1.0], **double), torch.tensor([1.0], **double),
    )  # fmt: skip
    w = torch.tensor([[[1.0, 1.0, 0.0]], [[1.0, -0.2, 0.0]]], **double).reshape(1, 2, 3)
    a = torch.ones(1, 3, **double)
    gate = torch.ones(1, 1, 3, **double)
    residual, duration = torch.ones(1, 1, **double), torch.full((1,), 2.0, **double)
    velocity = network.velocity_w(a, gate, residual)
    stops = stops_at_origin(network, a, w, velocity, gate, residual, duration)
    assert stops.tolist() == [[True, False, False]]
    short = torch.full((1,), 0.5, **double)
    assert not stops_at_origin(network, a, w, velocity, gate, residual, short).any()


def test_sliding_matches_small_steps_in_the_plane():
    """Two forces on a neuron in the plane: slide along the first surface, leave at the second."""
    inputs = torch.tensor([[1.0, 1.0], [-0.5, 1.0]], dtype=torch.float64)
    double = {"dtype": torch.float64}
    one = torch.ones(1, **double)
    network = Network(inputs, torch.zeros(2, **double), one, one)
    residual = torch.tensor([[2.0, -1.0]], **double)
    a, w = torch.ones(1, 1, **double), torch.tensor([[[0.3], [0.5]]], **double)
    fine = w.clone()
    steps = 20_000
    for _ in range(steps):
        gate = (network.preactivation(fine) > 0).to(torch.float64)
        fine += network.velocity_w(a, gate, residual) / steps
    gate = (network.preactivation(w) > 0).to(torch.float64)
    mean = gate
    for _ in range(3):  # the others' mean gates enter: iterate as predictor and corrector do
        velocity = network.preactivation(network.velocity_w(a, mean, residual))
        mean, _ = mean_gate(
            network.preactivation(w), velocity, network.own_velocity(a, residual), mean, one
        )
    end = w + network.velocity_w(a, mean, residual)
    np.testing.assert_allclose(end, fine, atol=1e-3)
    assert math.isclose(float(network.preactivation(end)[0, 0, 0]), 0.0, abs_tol=1e-3)
