"""The normalised two-layer network: output, kernel, velocities (docs/theory.md section 1).

Each function evaluates one formula for a batch of B networks of equal width that share their data.
Sums over neurons are plain sums, so a caller may pass any part of the neurons and add up the
results. `activation` is sigma(w . x); `gate` is its derivative. For relu that is 1 where w . x > 0
and 0 elsewhere, or a value in between for a neuron that slides along w . x = 0 (see gates.py).

Input weights move in the span of the inputs, w_k(t) = w_k(0) + sum_j z_jk s_j, and the solver
follows the coordinates z (B, k, m). With more samples than dimensions the s_j are the unit vectors,
and z is the increment of w itself; otherwise s_j = x_j, and a step needs one product with the Gram
matrix instead of two with the inputs.
"""

from functools import cached_property
from typing import Self

import torch
from torch import Tensor

from phase_diagram.activations import RELU, Activation
from phase_diagram.two_layer.equations import rows

TENSORS = (
    *("inputs", "targets", "kappa", "kappa_prime", "multiplicity", "output_scale"),
    *("rate_a", "rate_w", "gram", "gram_of_others", "longest_input"),
)
"""The tensors that define a network beside its activation, see `Network.tensors`."""


class Network:
    """f(x) = kappa sum_k a_k sigma(w_k . x) and its gradient flow, on given data.

    Parameters
    ----------
    inputs : Tensor (n, d)
        Inputs, the constant 1 of the bias included.
    targets : Tensor (n,)
    kappa, kappa_prime : Tensor (B,)
        The two scales of each network of the batch; Luo et al. 2021, section 3.
    multiplicity : Tensor (B,), optional
        How many neurons each one stands for (quadrature.py); they are then antithetic pairs, whose
        initial output is zero. None: one.
    sigma : Activation
    """

    def __init__(
        self,
        inputs: Tensor,
        targets: Tensor,
        kappa: Tensor,
        kappa_prime: Tensor,
        multiplicity: Tensor | None = None,
        sigma: Activation = RELU,
    ) -> None:
        self.inputs, self.targets = inputs, targets
        self.kappa, self.kappa_prime = kappa, kappa_prime
        self.sigma = sigma
        self.antithetic = multiplicity is not None
        self.multiplicity = torch.ones_like(kappa) if multiplicity is None else multiplicity
        self.output_scale = kappa * self.multiplicity
        self.rate_a = (kappa / kappa_prime / len(targets))[:, None]
        self.rate_w = (kappa * kappa_prime / len(targets))[:, None]
        self.gram = inputs @ inputs.T
        self.gram_of_others = self.gram - self.gram.diagonal().diag()
        self.squared_targets = float(targets @ targets)
        self.longest_input = self.gram.diagonal().amax().sqrt()

    @cached_property
    def tensors(self) -> tuple[Tensor, ...]:
        """All tensors of the network, in the order of TENSORS."""
        return tuple(getattr(self, name) for name in TENSORS)

    @classmethod
    def of(cls, tensors: tuple[Tensor, ...], sigma: Activation) -> Self:
        """Build a network from its `tensors`, without computing anything."""
        network = cls.__new__(cls)
        network.sigma = sigma
        for name, tensor in zip(TENSORS, tensors, strict=True):
            setattr(network, name, tensor)
        return network

    def select(self, keep: Tensor) -> Self:
        """The networks of the batch with the indices `keep`."""
        scales = (self.kappa[keep], self.kappa_prime[keep])
        multiplicity = self.multiplicity[keep] if self.antithetic else None
        return type(self)(self.inputs, self.targets, *scales, multiplicity, self.sigma)

    @property
    def by_sample(self) -> bool:
        """Whether coordinates are along the inputs (s_j = x_j) rather than along the dimensions."""
        return self.inputs.shape[0] <= self.inputs.shape[1]

    def initial_output(self, a: Tensor, activation: Tensor) -> Tensor:
        """`output` at the start of training: exactly zero for antithetic pairs."""
        output = self.output(a, activation)
        return torch.zeros_like(output) if self.antithetic else output

    def preactivation(self, w: Tensor) -> Tensor:
        """w . x for w of shape (B, d, m): (B, n, m)."""
        return rows.combine(self.inputs, w)

    def output(self, a: Tensor, activation: Tensor) -> Tensor:
        """The (part of the) output of neurons a (B, m): (B, n)."""
        return self.output_scale[:, None] * rows.over_neurons(activation, a)

    def tangent_kernel(self, a: Tensor, activation: Tensor, gate: Tensor) -> Tensor:
        """The neurons' (part of the) kernel K of de/dt = -K e: (B, n, n), symmetric, >= 0."""
        by_a = self.rate_a[:, :, None] * rows.gram(activation)
        by_w = self.rate_w[:, :, None] * rows.gram(gate * a[:, None, :]) * self.gram
        return self.output_scale[:, None, None] * (by_a + by_w)

    def velocity_a(self, activation: Tensor, residual: Tensor) -> Tensor:
        """da/dt under residuals (B, n): (B, m)."""
        return -self.rate_a * rows.weigh(residual, activation)

    def pressure(self, a: Tensor, residual: Tensor, duration: Tensor) -> Tensor:
        """The push of each sample on each neuron over `duration` (B,) while its gate is open.

        -rate_w h a e_i, for mean output weights a (B, m) and residuals (B, n): (B, n, m).
        """
        return rows.outer(-self.rate_w * duration[:, None] * residual, a)

    def pull(self, force: Tensor) -> Tensor:
        """The step in coordinates under forces, which are pressures times gates (B, n, m)."""
        return force if self.by_sample else rows.combine(self.inputs.T, force)

    def shift(self, coordinates: Tensor) -> Tensor:
        """The change of the preactivations due to coordinates (B, k, m): (B, n, m)."""
        return rows.combine(self.gram if self.by_sample else self.inputs, coordinates)

    def increment(self, coordinates: Tensor) -> Tensor:
        """The change of w given by coordinates (B, k, m): (B, d, m)."""
        return rows.combine(self.inputs.T, coordinates) if self.by_sample else coordinates

    def anchor(self, w: Tensor) -> Tensor:
        """What is stored of the initial w (B, d, m): w itself, or w . x."""
        return self.preactivation(w) if self.by_sample else w

    def start(self, anchor: Tensor) -> Tensor:
        """w . x at the start of training, from the anchor: (B, n, m)."""
        return anchor if self.by_sample else self.preactivation(anchor)

    def coordinates(self, anchor: Tensor) -> Tensor:
        """Coordinates (B, k, m) of the initial w, from the anchor."""
        return torch.linalg.pinv(self.gram, hermitian=True) @ anchor if self.by_sample else anchor

    def squared_length(self, coordinates: Tensor, shift: Tensor | None) -> Tensor:
        """|increment|^2 of each neuron: (B, m); coordinates along the inputs also need `shift`."""
        return rows.over_rows(coordinates * (coordinates if shift is None else shift))

    def kept(self, shift: Tensor) -> Tensor | None:
        """The shift if `squared_length` needs it, else None."""
        return shift if self.by_sample else None

    def movements(self, gate: Tensor, pressure: Tensor) -> tuple[Tensor, Tensor]:
        """How samples move the preactivations over a step; w . x_i moves by others + own g_i.

        Returns
        -------
        others : Tensor (B, n, m)
            The effect of all samples but i, with the gates (B, n, m).
        own : Tensor (B, n, m)
            The effect of sample i while its gate is open, see `own`.
        """
        own = self.own(pressure)
        if 2 * self.inputs.shape[1] < len(self.targets):  # cheaper through the d dimensions
            return self.shift(self.pull(gate * pressure)) - own * gate, own
        return rows.combine(self.gram_of_others, gate * pressure), own

    def own(self, pressure: Tensor) -> Tensor:
        """The effect of each sample on its own preactivations with open gate: (B, n, m)."""
        return pressure * self.gram.diagonal()[None, :, None]

    def velocity(self, a: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
        """The right-hand side of the flow: (da/dt, dw/dt) of neurons a (B, m), w (B, d, m)."""
        preactivation = self.preactivation(w)
        activation, gate = self.sigma.function(preactivation)
        residual = self.output(a, activation) - self.targets
        pressure = self.pressure(a, residual, torch.ones_like(self.kappa))
        moving = self.increment(self.pull(gate * pressure))
        return self.velocity_a(activation, residual), moving
