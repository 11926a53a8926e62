"""What a GPU has instead of decay.py, and the shares of wide networks: both on the processor."""

import numpy as np
import pytest
import torch
from training import FOUR_POINTS

from phase_diagram.flow import eigen
from phase_diagram.flow.decay import Decay
from phase_diagram.flow.device_decay import DeviceDecay
from phase_diagram.sweeps import sweep
from phase_diagram.two_layer import exponential_step, shares

TIME = np.array([0.7, 3.0, 40.0])


@pytest.fixture
def kernel():
    factors = np.random.default_rng(0).standard_normal((3, 6, 6))
    return torch.from_numpy(factors @ factors.swapaxes(1, 2))


@pytest.fixture
def residual():
    return np.random.default_rng(1).standard_normal((3, 6))


def test_decays_as_on_the_host(kernel, residual):
    here, there = Decay(kernel).of(residual), DeviceDecay(kernel).of(residual)
    np.testing.assert_allclose(there.decay.rates, here.decay.rates, rtol=1e-12)
    for name in ("after", "mean", "mean_square", "order"):
        found, expected = (getattr(one, name)(TIME) for one in (there, here))
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_eigenproblems_are_shared_out_to_the_processors(kernel, monkeypatch, count):
    monkeypatch.setattr(eigen, "processors", lambda: 2)
    eigen._pool.cache_clear()
    for found, expected in zip(
        eigen.on_host(kernel[:count]), eigen.on_device(kernel[:count]), strict=True
    ):
        torch.testing.assert_close(found, expected)


def test_batches_of_shares_end_as_single_networks(monkeypatch):
    """All that a GPU does otherwise, but for the device: neurons in shares, kernels in batches."""
    networks = [
        sweep.Network(gamma, gamma_prime, 600, seed)
        for gamma, gamma_prime in ((0.5, 0.0), (1.5, -1.0), (1.75, 0.0))
        for seed in (0, 1)
    ]
    alone = {one.network: one for one in sweep.train(FOUR_POINTS, networks, device="cpu")}
    monkeypatch.setattr(shares, "count", lambda a, samples: 5)
    monkeypatch.setattr(exponential_step, "decay_of", DeviceDecay)
    together = list(sweep.train(FOUR_POINTS, networks, device="cpu", batch_size=6))
    assert len(together) == len(networks)
    for one in together:
        assert one.rd == pytest.approx(alone[one.network].rd, rel=1e-6)
        assert one.condensation == pytest.approx(alone[one.network].condensation, rel=1e-6)
        assert (one.steps, one.status) == (alone[one.network].steps, "converged")
