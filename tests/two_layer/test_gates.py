"""Mean gates against the path they stand for, integrated in tiny steps."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from phase_diagram.two_layer.equations.gates import along_paths
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.equations.passes import Part, predict
from phase_diagram.two_layer.exponential_step import begin
from phase_diagram.two_layer.origin import stop_at_origin

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


DOUBLE = {"dtype": torch.float64}


def gate_of(start: float, closed: float, own: float) -> tuple[float, float]:
    """Mean and final gate of one neuron on one sample over unit time."""
    shaped = [torch.tensor([[[value]]], **DOUBLE) for value in (start, closed, own)]
    mean, final = along_paths(shaped[0], torch.ones(1, 1, **DOUBLE), *shaped[1:])
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
    assert gate_of(1e-17, 0.0, 2.0) == (0.0, 0.0)


ONE = torch.ones(1, **DOUBLE)


def with_neurons(
    inputs: list[list[float]], w: list[list[float]]
) -> tuple[Network, Part, torch.Tensor]:
    """A network on these inputs, and its neurons, all with a = 1: as a part, and w alone."""
    network = Network(torch.tensor(inputs, **DOUBLE), torch.zeros(len(inputs), **DOUBLE), ONE, ONE)
    weights = torch.tensor([w], **DOUBLE)
    state, *_ = begin(network, torch.ones_like(weights[:, 0]), weights)
    (neurons,) = state.parts
    return network, neurons, weights


def test_stopping_at_the_origin():
    """A neuron that runs straight into w = 0 stops, one that passes it by does not."""
    network, neurons, _ = with_neurons([[1.0, 1.0]], [[1.0, 1.0, 1.0], [1.0, -0.2, 1.0]])
    suspect = torch.tensor([[True, True, False]])
    stops = stop_at_origin(network, suspect, neurons, ONE[None])
    assert stops.tolist() == [[True, False, False]]


def test_who_is_suspected_of_reaching_the_origin():
    """Those whose |w| would fall below zero in the step, and no neuron that is there already."""
    network, neurons, w = with_neurons([[1.0, 1.0]], [[1.0, 1.0, 0.0], [1.0, -0.2, 0.0]])
    pressure = network.pressure(neurons.a, ONE[None], ONE)
    velocity = network.increment(network.pull(neurons.gate * pressure))
    for duration in (0.5, 0.9, 1.1, 2.0):
        length = w.norm(dim=1)
        expected = length + duration * (w * velocity).sum(1) / length <= 0
        expected[0, 2] = False
        found = predict(network, neurons, ONE[None], duration * ONE).stops
        assert found.tolist() == expected.tolist()


def test_a_force_behind_the_origin_carries_on():
    """Two opposite samples: the second takes over where the first lets go, so none stops."""
    network, neurons, _ = with_neurons([[1.0], [-1.0]], [[0.5]])
    suspect = torch.tensor([[True]])
    for second, expected in ((-1.0, [[False]]), (1.0, [[True]])):
        residual = torch.tensor([[1.0, second]], **DOUBLE)
        assert stop_at_origin(network, suspect, neurons, residual).tolist() == expected


def test_sliding_matches_small_steps_in_the_plane():
    """Two forces on a neuron in the plane: it meets a surface and slides along it."""
    network, neurons, w = with_neurons([[1.0, 1.0], [-0.5, 1.0]], [[0.3], [0.5]])
    fine, steps = w.clone(), 10_000
    pressure = network.pressure(neurons.a, torch.tensor([[2.0, -1.0]], **DOUBLE), ONE)

    def moving(gate):
        return network.increment(network.pull(gate * pressure))

    for _ in range(steps):
        gate = (network.preactivation(fine) > 0).double()
        fine += moving(gate) / steps
    start = network.preactivation(w)
    mean = (start > 0).double()
    for _ in range(3):  # the others' mean gates enter: iterate as predictor and corrector do
        mean = along_paths(start, ONE[None], *network.movements(mean, pressure)).mean
    end = w + moving(mean)
    np.testing.assert_allclose(end, fine, atol=1e-3)
    assert float(network.preactivation(end)[0, 0, 0]) == pytest.approx(0.0, abs=1e-3)
