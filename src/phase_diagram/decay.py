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
        finite = kernel.sum((1, 2), keepdim=True).isfinite()
        rates, self.modes = torch.linalg.eigh(torch.where(finite, kernel, 0.0))
        self.rates = torch.where(finite[:, 0], rates.clamp(min=0.0), torch.nan)

    def amplitudes(self, residual: Tensor) -> Tensor:
        """The residual (B, n) in the modes of K: (B, n)."""
        return (residual.unsqueeze(1) @ self.modes).squeeze(1)

    def residual(self, amplitudes: Tensor) -> Tensor:
        """The residual with these amplitudes (B, n): (B, n)."""
        return (self.modes @ amplitudes.unsqueeze(2)).squeeze(2)

    def after(self, amplitudes: Tensor, duration: Tensor) -> Tensor:
        """exp(-t K) e for the amplitudes of e (B, n) and times (B,): (B, n)."""
        return self.residual(amplitudes * torch.exp(-duration.unsqueeze(1) * self.rates))

    def mean(self, amplitudes: Tensor, duration: Tensor) -> Tensor:
        """phi1(-t K) e, the mean of exp(-s K) e over 0 < s < t: (B, n)."""
        # (1 - exp(-z)) / z; where z is nothing, z^2 beside it is nothing as well.
        exponent = (duration.unsqueeze(1) * self.rates).clamp(min=1e-16)
        return self.residual(amplitudes * (-torch.expm1(-exponent) / exponent))

    def order(self, amplitudes: Tensor, duration: Tensor) -> Tensor:
        """Which residuals come first, as what one has summed up meanwhile weighs another's mean.

        D_ij, the mean over 0 < t < h of (E_j(t) - E_j(h) / 2) e_i(t), where e decays as
        exp(-t K) e and E is its integral from 0: antisymmetric, (B, n, n).
        """
        fast = (duration.unsqueeze(1) * self.rates).clamp(min=1e-5)
        x, y = fast.unsqueeze(2), fast.unsqueeze(1)

        def mean(z: Tensor) -> Tensor:
            return -torch.expm1(-z) / z

        one = (mean(x) - mean(x + y)) / y
        both = amplitudes.unsqueeze(2) * amplitudes.unsqueeze(1) * duration.view(-1, 1, 1)
        modes = 0.5 * both * (one - one.mT)
        return self.modes @ modes @ self.modes.mT

    def select(self, keep: Tensor) -> Self:
        """Those of the batch at the places `keep`."""
        return self._of(self.rates[keep], self.modes[keep])

    def replaced(self, where: Tensor, other: Self) -> Self:
        """Those of `other` where the mask (B,) holds, these elsewhere."""
        if where.all():
            return other
        return self._of(
            torch.where(where[:, None], other.rates, self.rates),
            torch.where(where[:, None, None], other.modes, self.modes),
        )

    @classmethod
    def _of(cls, rates: Tensor, modes: Tensor) -> Self:
        decay = cls.__new__(cls)
        decay.rates, decay.modes = rates, modes
        return decay
