"""Networks that the tests of a probe train."""

import numpy as np
import torch
from torch import Tensor, nn

from phase_diagram.datasets.load import load

FOUR_POINTS = load("four_points")
DATA = FOUR_POINTS.inputs[:, :-1], FOUR_POINTS.targets


class TwoLayers(nn.Module):
    """The model of docs/theory.md section 1 in its original variables, beta2 = 1.

    Neurons are those that the main pipeline draws for the seed.
    """

    def __init__(self, gamma: float, gamma_prime: float, width: int, seed: int) -> None:
        super().__init__()
        generator = np.random.default_rng(seed)
        kappa, kappa_prime = width**-gamma, width**-gamma_prime
        a = generator.standard_normal(width)
        w = generator.standard_normal((width, 2))
        self.alpha = kappa_prime / kappa
        self.a = nn.Parameter(torch.tensor(kappa_prime * a))
        self.w = nn.Parameter(torch.tensor(w))

    def forward(self, inputs: Tensor) -> Tensor:
        with_bias = nn.functional.pad(inputs, (0, 1), value=1.0)
        return (with_bias @ self.w.T).relu() @ self.a / self.alpha


def two_layers(gamma: float, gamma_prime: float):
    """A factory of such networks."""

    def make(width: int, seed: int) -> nn.Module:
        return TwoLayers(gamma, gamma_prime, width, seed)

    return make


class Features(nn.Module):
    """Linear in its weights: as many random features as the width."""

    def __init__(self, width: int, outputs: int = 1) -> None:
        super().__init__()
        self.register_buffer("directions", torch.randn(2, width))
        self.weight = nn.Parameter(torch.randn(width, outputs))

    def forward(self, inputs: Tensor) -> Tensor:
        with_bias = nn.functional.pad(inputs, (0, 1), value=1.0)
        return (with_bias @ self.directions).tanh() @ self.weight / self.weight.shape[0] ** 0.5
