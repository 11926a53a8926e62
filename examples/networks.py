"""Networks to probe: functions from a width to a torch.nn.Module (docs/probe.md).

phase-diagram probe examples/networks.py:mean_field --dataset four_points --width 100 --width 1000
"""

import torch
from torch import Tensor, nn


def pytorch_2_layers(width: int, input_size: int) -> nn.Module:
    """Two layers as PyTorch initialises them: uniform within 1 / sqrt(inputs of the layer)."""
    return nn.Sequential(nn.Linear(input_size, width), nn.ReLU(), nn.Linear(width, 1))


def pytorch_3_layers(width: int, input_size: int) -> nn.Module:
    """Three layers as PyTorch initialises them."""
    return nn.Sequential(
        *(nn.Linear(input_size, width), nn.ReLU()),
        *(nn.Linear(width, width), nn.ReLU()),
        nn.Linear(width, 1),
    )


class TwoLayers(nn.Module):
    """f(x) = sum_k a_k relu(w_k . (x, 1)) / alpha, with standard normal a and w."""

    def __init__(self, width: int, input_size: int, alpha: float) -> None:
        super().__init__()
        self.alpha = alpha
        self.w = nn.Parameter(torch.randn(width, input_size + 1))
        self.a = nn.Parameter(torch.randn(width))

    def forward(self, inputs: Tensor) -> Tensor:
        """f at inputs (n, d): (n,)."""
        with_bias = nn.functional.pad(inputs, (0, 1), value=1.0)
        return (with_bias @ self.w.T).relu() @ self.a / self.alpha


def ntk(width: int, input_size: int) -> nn.Module:
    """The parametrisation of the neural tangent kernel: (gamma, gamma') = (1/2, 0)."""
    return TwoLayers(width, input_size, alpha=width**0.5)


def mean_field(width: int, input_size: int) -> nn.Module:
    """The parametrisation of the mean field: (gamma, gamma') = (1, 0), on the boundary."""
    return TwoLayers(width, input_size, alpha=width)


def small_output(width: int, input_size: int) -> nn.Module:
    """An output scaled down beyond the mean field's: (gamma, gamma') = (7/4, 0), condensed."""
    return TwoLayers(width, input_size, alpha=width**1.75)
