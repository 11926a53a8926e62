"""The normalised two-layer ReLU network: output, kernel, velocities (docs/theory.md section 1).

Everything here is one formula over a batch of B networks of equal width that share their data;
sums over neurons are plain sums, so a caller may hand in any part of the neurons and add up the
results. `activation` is relu(w . x); `gate` is its derivative, 1 where w . x > 0 and 0 elsewhere,
or a value in between for a neuron that slides along w . x = 0 (see gates.py).
"""

from typing import Self

import torch
from torch import Tensor

TENSORS = (
    *("inputs", "targets", "kappa", "kappa_prime", "multiplicity", "output_scale"),
    *("rate_a", "rate_w", "gram", "gram_of_others", "longest_input"),
)
"""What a network consists of, see `Network.tensors`."""


class Network:
    """f(x) = kappa sum_k a_k relu(w_k . x) and its gradient flow, on given data.

    Parameters
    ----------
    inputs : Tensor (n, d)
        Inputs, the constant 1 of the bias included.
    targets : Tensor (n,)
    kappa, kappa_prime : Tensor (B,)
        The two scales of each network of the batch; Luo et al. 2021, section 3.
    multiplicity : Tensor (B,), optional
        How many neurons each one stands for (quadrature.py): they come in antithetic pairs then,
        whose initial output is zero. None: one.
    """

    def __init__(
        self,
        inputs: Tensor,
        targets: Tensor,
        kappa: Tensor,
        kappa_prime: Tensor,
        multiplicity: Tensor | None = None,
    ) -> None:
        self.inputs, self.targets = inputs, targets
        self.kappa, self.kappa_prime = kappa, kappa_prime
        self.antithetic = multiplicity is not None
        self.multiplicity = torch.ones_like(kappa) if multiplicity is None else multiplicity
        self.output_scale = kappa * self.multiplicity
        self.rate_a = (kappa / kappa_prime / len(targets))[:, None]
        self.rate_w = (kappa * kappa_prime / len(targets))[:, None]
        self.gram = inputs @ inputs.T
        self.gram_of_others = self.gram - self.gram.diagonal().diag()
        self.longest_input = self.gram.diagonal().amax().sqrt()

    def tensors(self) -> tuple[Tensor, ...]:
        """All that a network consists of, in the order of TENSORS."""
        return tuple(getattr(self, name) for name in TENSORS)

    @classmethod
    def of(cls, tensors: tuple[Tensor, ...]) -> Self:
        """Put a network together from `tensors()`, computing nothing."""
        network = cls.__new__(cls)
        for name, tensor in zip(TENSORS, tensors, strict=True):
            setattr(network, name, tensor)
        return network

    def select(self, keep: Tensor) -> Self:
        """Those of the batch at the places `keep`."""
        scales = (self.kappa[keep], self.kappa_prime[keep])
        multiplicity = self.multiplicity[keep] if self.antithetic else None
        return type(self)(self.inputs, self.targets, *scales, multiplicity)

    def initial_output(self, a: Tensor, activation: Tensor) -> Tensor:
        """`output` at the start of training: zero, not only to rounding, for antithetic pairs."""
        output = self.output(a, activation)
        return torch.zeros_like(output) if self.antithetic else output

    def preactivation(self, w: Tensor) -> Tensor:
        """w . x for w of shape (B, d, m): (B, n, m)."""
        return self.inputs @ w

    def output(self, a: Tensor, activation: Tensor) -> Tensor:
        """The (part of the) output of neurons a (B, m): (B, n)."""
        return self.output_scale[:, None] * (activation @ a[:, :, None])[:, :, 0]

    def tangent_kernel(self, a: Tensor, activation: Tensor, gate: Tensor) -> Tensor:
        """The neurons' (part of the) kernel K of de/dt = -K e: (B, n, n), symmetric, >= 0."""
        gated = gate * a[:, None, :]
        by_a = self.rate_a[:, :, None] * (activation @ activation.mT)
        by_w = self.rate_w[:, :, None] * (gated @ gated.mT) * self.gram
        return self.output_scale[:, None, None] * (by_a + by_w)

    def velocity_a(self, activation: Tensor, residual: Tensor) -> Tensor:
        """da/dt under residuals (B, n): (B, m)."""
        return -self.rate_a * (residual[:, None, :] @ activation)[:, 0, :]

    def pull(self, gate: Tensor, residual: Tensor) -> Tensor:
        """sum_i e_i g_i x_i, which times `response` is dw/dt: (B, d, m)."""
        return (residual[:, :, None] * self.inputs).mT @ gate

    def response(self, a: Tensor) -> Tensor:
        """What turns `pull` into dw/dt, one factor for each neuron a (B, m): (B, 1, m)."""
        return (-self.rate_w * a)[:, None, :]

    def velocity_w(self, a: Tensor, gate: Tensor, residual: Tensor) -> Tensor:
        """dw/dt under residuals (B, n): (B, d, m)."""
        return self.pull(gate, residual) * self.response(a)

    def drift(self, gate: Tensor, residual: Tensor) -> tuple[Tensor, Tensor]:
        """How the samples move the preactivations, d(w . x_i)/dt = response (others + own g_i).

        Returns
        -------
        others : Tensor (B, n, m)
            What all samples but i do, with the gates (B, n, m).
        own : Tensor (B, n, 1)
            What sample i does while its gate is open.
        """
        own = (residual * self.gram.diagonal())[:, :, None]
        if 2 * self.inputs.shape[1] < len(self.targets):  # cheaper through the d dimensions
            return torch.addcmul(self.inputs @ self.pull(gate, residual), own, gate, value=-1), own
        return (self.gram_of_others * residual[:, None, :]) @ gate, own
