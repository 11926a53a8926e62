"""exp(-t K), its means, and the order in which residuals come, against sums over many times."""

import numpy as np
import pytest
import torch

from phase_diagram.flow.decay import Decay
from phase_diagram.flow.device_decay import DeviceDecay

TIME = np.array([0.7, 3.0])


@pytest.fixture
def kernel():
    """Two kernels (2, 3, 3) with eigenvalues of very different sizes, one of them zero."""
    generator = np.random.default_rng(0)
    rates = np.array([[0.0, 0.1, 40.0], [1e-9, 2.0, 300.0]])
    modes = np.stack([np.linalg.qr(generator.standard_normal((3, 3)))[0] for _ in rates])
    return torch.from_numpy(modes @ (rates[:, :, None] * modes.swapaxes(1, 2)))


@pytest.fixture
def residual():
    return np.array([[1.0, -2.0, 0.5], [0.3, 0.1, -0.7]])


def path(kernel, residual, count=200_001):
    """Residuals (count, B, n) at even times (count, B) from 0 to TIME."""
    times = np.linspace(0.0, 1.0, count)[:, None] * TIME
    rates, modes = np.linalg.eigh(kernel.numpy())
    amplitudes = np.einsum("bi,bij->bj", residual, modes)
    decayed = amplitudes * np.exp(-times[:, :, None] * rates)
    return times, np.einsum("bij,tbj->tbi", modes, decayed)


def test_residual_after_a_time(kernel, residual):
    expected = torch.linalg.matrix_exp(-torch.from_numpy(TIME)[:, None, None] * kernel)
    found = Decay(kernel).of(residual)
    np.testing.assert_allclose(
        found.after(TIME), np.einsum("bij,bj->bi", expected.numpy(), residual), atol=1e-12
    )
    np.testing.assert_allclose(found.mean_square(TIME), np.square(found.after(TIME)).mean(1))


def test_mean_residual(kernel, residual):
    times, residuals = path(kernel, residual)
    expected = np.trapezoid(residuals, times[:, :, None], axis=0) / TIME[:, None]
    np.testing.assert_allclose(Decay(kernel).of(residual).mean(TIME), expected, rtol=1e-6)


def test_order_is_the_integral_it_says(kernel, residual):
    times, residuals = path(kernel, residual)
    step = np.diff(times, axis=0)[:, :, None]
    halves = 0.5 * (residuals[1:] + residuals[:-1]) * step
    summed = np.concatenate([np.zeros_like(residuals[:1]), np.cumsum(halves, axis=0)])
    product = (summed - summed[-1] / 2)[:, :, None, :] * residuals[:, :, :, None]
    expected = np.trapezoid(product, times[:, :, None, None], axis=0) / TIME[:, None, None]
    order = Decay(kernel).of(residual).order(TIME)
    np.testing.assert_allclose(order, expected, atol=3e-5 * np.abs(expected).max())
    np.testing.assert_allclose(order, -order.swapaxes(1, 2), atol=1e-14)


@pytest.mark.parametrize("kind", [Decay, DeviceDecay])
def test_a_kernel_that_is_not_finite_harms_no_other(kernel, residual, kind):
    broken = kernel.clone()
    broken[0, 1, 1] = torch.nan
    found, alone = kind(broken).of(residual), kind(kernel[1:]).of(residual[1:])
    assert np.isnan(found.after(TIME)[0]).all()
    np.testing.assert_allclose(found.after(TIME)[1:], alone.after(TIME[1:]), rtol=1e-12)


@pytest.mark.parametrize("kind", [Decay, DeviceDecay])
def test_networks_of_a_batch_are_kept_and_replaced(kernel, kind):
    decay, other = kind(kernel), kind(2 * kernel)
    mixed = decay.replaced(np.array([True, False]), other)
    np.testing.assert_array_equal(mixed.rates, [other.rates[0], decay.rates[1]])
    np.testing.assert_array_equal(mixed.select([1]).modes, decay.modes[1:])
