"""The decay exp(-t K) of residuals under a constant kernel, for a batch of small kernels."""

from typing import Self

import torch
from torch import Tensor


class Decay:
    """exp(-t K) and its mean over time, through the eigenvalues of K.

    Parameters
    ----------
    kernel : Tensor (B, n, n)
        Symmetric, >= 0. A kernel that is not finite decays to NaN, and harms no other.
    """

    def __init__(self, kernel: Tensor) -> None:
        finite = kernel.isfinite().all(2).all(1)
        rates, self.modes = torch.linalg.eigh(torch.where(finite[:, None, None], kernel, 0.0))
        self.rates = torch.where(finite[:, None], rates.clamp(min=0.0), torch.nan)

    def amplitudes(self, residual: Tensor) -> Tensor:
        """The residual (B, n) in the modes of K: (B, n)."""
        return (residual[:, None, :] @ self.modes)[:, 0, :]

    def after(self, residual: Tensor, duration: Tensor) -> Tensor:
        """exp(-t K) e for residuals (B, n) and times (B,): (B, n)."""
        return self._scaled(residual, torch.exp(-duration[:, None] * self.rates))

    def mean(self, residual: Tensor, duration: Tensor) -> Tensor:
        """phi1(-t K) e, the mean of exp(-s K) e over 0 < s < t: (B, n)."""
        exponent = duration[:, None] * self.rates
        return self._scaled(
            residual, torch.where(exponent < 1e-8, 1.0, -torch.expm1(-exponent) / exponent)
        )

    def select(self, keep: Tensor) -> Self:
        """Those of the batch at the places `keep`."""
        return self._of(self.rates[keep], self.modes[keep])

    def replaced(self, where: Tensor, other: Self) -> Self:
        """Those of `other` where the mask (B,) holds, these elsewhere."""
        return self._of(
            torch.where(where[:, None], other.rates, self.rates),
            torch.where(where[:, None, None], other.modes, self.modes),
        )

    def _scaled(self, residual: Tensor, factor: Tensor) -> Tensor:
        return (self.modes @ (self.amplitudes(residual) * factor)[:, :, None])[:, :, 0]

    @classmethod
    def _of(cls, rates: Tensor, modes: Tensor) -> Self:
        decay = cls.__new__(cls)
        decay.rates, decay.modes = rates, modes
        return decay
