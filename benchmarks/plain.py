"""The equations written plainly in torch for one network, as a user would: docs/theory.md 1.

Deliberately a second implementation: methods that are compared with this project's solver must not
share code with it.
"""

from typing import NamedTuple, Self

import torch
from torch import Tensor

from benchmarks.cases import Start


class Plain(NamedTuple):
    """f(x) = kappa sum_k a_k relu(w_k . x) on n inputs, with w of shape (d, m)."""

    inputs: Tensor
    targets: Tensor
    kappa: float
    kappa_prime: float

    @classmethod
    def of(cls, start: Start) -> Self:
        """Take over data and scales."""
        network = start.network
        scales = float(network.kappa), float(network.kappa_prime)
        return cls(network.inputs, network.targets, *scales)

    def hidden(self, w: Tensor) -> Tensor:
        """relu(w . x): (n, m)."""
        return torch.relu(self.inputs @ w)

    def error(self, hidden: Tensor, a: Tensor) -> Tensor:
        """f(x_i) - y_i: (n,)."""
        return self.kappa * (hidden @ a) - self.targets

    def gradient_a(self, hidden: Tensor, error: Tensor) -> Tensor:
        """-da/dt of the flow: (m,)."""
        return (self.kappa / self.kappa_prime / len(error)) * (error @ hidden)

    def gradient_w(
        self, hidden: Tensor, error: Tensor, a: Tensor, out: Tensor | None = None
    ) -> Tensor:
        """-dw/dt of the flow: (d, m)."""
        scaled = (self.kappa * self.kappa_prime / len(error)) * error[:, None]
        gate = (hidden > 0).to(hidden.dtype)
        return torch.matmul(self.inputs.T, scaled * gate * a, out=out)

    def fastest(self, hidden: Tensor, a: Tensor) -> float:
        """lambda_max of the tangent kernel, the rate at which its top mode decays."""
        gated = (hidden > 0).to(hidden.dtype) * a
        by_a = hidden @ hidden.T / self.kappa_prime
        by_w = self.kappa_prime * (gated @ gated.T) * (self.inputs @ self.inputs.T)
        kernel = self.kappa**2 / len(self.inputs) * (by_a + by_w)
        return float(torch.linalg.eigvalsh(kernel)[-1])
