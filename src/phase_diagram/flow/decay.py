"""The decay exp(-t K) of residuals under a constant kernel, for a batch of small kernels.

All of it is small, of n numbers or n x n, and a step asks for it some thirty times: NumPy on the
host, where such an operation takes a fraction of the time that torch takes, on a GPU above all.
Of the many networks that a GPU has in a batch, what is n x n stays there: device_decay.py.
"""

from typing import Any, NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[np.float64]


class Decay:
    """exp(-t K) through the eigenvalues of K.

    Parameters
    ----------
    kernel : Tensor (B, n, n)
        Symmetric, >= 0. A kernel that is not finite decays to NaN, and harms no other.

    Attributes
    ----------
    rates : ndarray (B, n)
        Eigenvalues, ascending.
    modes : ndarray (B, n, n)
        Eigenvectors, in columns.
    """

    def __init__(self, kernel: Tensor) -> None:
        on_host = kernel.cpu()
        finite = np.isfinite(on_host.numpy().sum((1, 2)))
        if not finite.all():
            on_host = torch.where(torch.from_numpy(finite)[:, None, None], on_host, 0.0)
        rates, modes = torch.linalg.eigh(on_host)
        self.rates = np.maximum(rates.numpy(), 0.0)
        self.rates[~finite] = np.nan
        self.modes = modes.numpy()

    @property
    def fastest(self) -> Array:
        """The largest rate at which residuals decay, lambda_max of the kernel: (B,)."""
        fastest: Array = self.rates.max(1)
        return fastest

    def of(self, residual: Array) -> "Decaying":
        """Let residuals (B, n) decay."""
        return Decaying(self, (residual[:, None, :] @ self.modes)[:, 0, :])

    def select(self, keep: list[int]) -> Self:
        """Those of the batch at the places `keep`."""
        return self._of(self.rates[keep], self.modes[keep])

    def replaced(self, where: NDArray[np.bool_], other: Self) -> Self:
        """Those of `other` where the mask (B,) holds, these elsewhere."""
        return self._of(
            np.where(where[:, None], other.rates, self.rates),
            np.where(where[:, None, None], other.modes, self.modes),
        )

    @classmethod
    def _of(cls, rates: Array, modes: Any) -> Self:
        decay = cls.__new__(cls)
        decay.rates, decay.modes = rates, modes
        return decay


class Decaying(NamedTuple):
    """A residual e under exp(-t K), by its amplitudes (B, n) in the modes of K; times are (B,)."""

    decay: Decay
    amplitudes: Array

    def after(self, time: Array) -> Array:
        """exp(-t K) e: (B, n)."""
        return self._residual(self._remaining(time))

    def mean_square(self, time: Array) -> Array:
        """|exp(-t K) e|^2 / n: (B,)."""
        return np.square(self._remaining(time)).sum(1) / self.amplitudes.shape[1]

    def mean(self, time: Array) -> Array:
        """phi1(-t K) e, the mean of exp(-s K) e over 0 < s < t: (B, n)."""
        return self._residual(self.amplitudes * _mean(time[:, None] * self.decay.rates))

    def order(self, time: Array) -> Array:
        """Which residuals come first, as what one has summed up meanwhile weighs another's mean.

        D_ij, the mean over 0 < t < h of (E_j(t) - E_j(h) / 2) e_i(t), where e decays as
        exp(-t K) e and E is its integral from 0: antisymmetric, (B, n, n).
        """
        # Below, the difference of the two means is rounding, and what it is divided by nothing.
        fast = np.maximum(time[:, None] * self.decay.rates, 1e-5)
        return ordered(self.decay.modes, self.amplitudes, fast, -np.expm1(-fast), time)

    def _remaining(self, time: Array) -> Array:
        return self.amplitudes * np.exp(-time[:, None] * self.decay.rates)

    def _residual(self, amplitudes: Array) -> Array:
        return (self.decay.modes @ amplitudes[:, :, None])[:, :, 0]


def ordered(modes: Any, amplitudes: Any, fast: Any, gone: Any, time: Any) -> Any:
    """`Decaying.order` from t K's eigenvalues (B, n) and 1 - exp of minus these.

    All of them arrays, or all tensors.
    """
    x, y = fast[:, :, None], fast[:, None, :]
    by_x, by_y = gone[:, :, None], gone[:, None, :]
    # (1 - exp(-x - y)) / (x + y) without n^2 exponentials.
    mean_product = (by_x / x - (by_x + by_y - by_x * by_y) / (x + y)) / y
    both = amplitudes[:, :, None] * amplitudes[:, None, :] * time[:, None, None]
    return (
        modes @ (0.5 * both * (mean_product - mean_product.swapaxes(1, 2))) @ modes.swapaxes(1, 2)
    )


def _mean(exponent: Array) -> Array:
    """(1 - exp(-z)) / z, the mean of exp(-s) over 0 < s < z."""
    # Where z is nothing, z^2 beside it is nothing as well.
    z = np.maximum(exponent, 1e-16)
    return -np.expm1(-z) / z
