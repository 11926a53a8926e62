"""The decay of residuals of many networks at a time, as decay.py, with all that is n x n on a GPU.

What is of n numbers stays on the host, where the steps are chosen. Eigenproblems alone may be
solved there (eigen.py).
"""

from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram.flow.decay import Array, Decay, Decaying, ordered
from phase_diagram.flow.eigen import eigen


def decay_of(kernel: Tensor) -> Decay:
    """Give the decay under kernels (B, n, n), where they are."""
    return DeviceDecay(kernel) if kernel.is_cuda else Decay(kernel)


class DeviceDecay(Decay):
    """As Decay; `modes` is a Tensor (B, n, n) on the device of the kernel."""

    def __init__(self, kernel: Tensor) -> None:
        finite = kernel.sum((1, 2)).isfinite()
        rates, self.modes = eigen(torch.where(finite[:, None, None], kernel, 0.0))
        self.rates = np.maximum(rates.numpy(force=True), 0.0)
        self.rates[~finite.numpy(force=True)] = np.nan

    def of(self, residual: Array) -> "DeviceDecaying":
        """Let residuals (B, n) decay."""
        amplitudes = self.on_device(residual)[:, None, :] @ self.modes
        return DeviceDecaying(self, amplitudes[:, 0, :].numpy(force=True))

    def select(self, keep: list[int]) -> Self:
        """Those of the batch at the places `keep`."""
        return self._of(self.rates[keep], self.modes[keep])

    def replaced(self, where: NDArray[np.bool_], other: Self) -> Self:
        """Those of `other` where the mask (B,) holds, these elsewhere."""
        mask = self.on_device(where)[:, None, None]
        return self._of(
            np.where(where[:, None], other.rates, self.rates),
            torch.where(mask, other.modes, self.modes),
        )

    def on_device(self, values: NDArray) -> Tensor:
        """Bring values to the device."""
        return torch.from_numpy(values).to(self.modes.device)


class DeviceDecaying(Decaying):
    """As Decaying; `order` gives a Tensor."""

    decay: DeviceDecay

    def order(self, time: Array) -> Tensor:  # type: ignore[override]
        """As `Decaying.order`, on the device."""
        fast = np.maximum(time[:, None] * self.decay.rates, 1e-5)
        values = (self.amplitudes, fast, -np.expm1(-fast), time)
        return ordered(self.decay.modes, *(self.decay.on_device(each) for each in values))

    def _residual(self, amplitudes: Array) -> Array:
        column = self.decay.on_device(amplitudes)[:, :, None]
        return (self.decay.modes @ column)[:, :, 0].numpy(force=True)
