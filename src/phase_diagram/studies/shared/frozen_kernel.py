"""Training with the tangent kernel frozen at initialisation: the linearised network.

With a constant kernel, residuals and outputs under gradient flow have a closed form:

    e(t)    = exp(-K t) e(0)
    f(x, t) = f(x, 0) - k(x, X) K^-1 (1 - exp(-K t)) e(0)

K is the kernel over the n training inputs X, k(x, X) its row for a new input x, both including the
1/n of the loss (network.py). In the linear regime training follows this as the width
grows; in the condensed regime it does not (Luo et al. 2021, section 3). K^-1 (1 - exp(-K t)) is
computed as t phi1(-K t), mode by mode, so that an eigenvalue may be tiny or zero.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from phase_diagram.flow.decay import Decay, Decaying
from phase_diagram.two_layer import trained
from phase_diagram.two_layer.equations.network import Network


@dataclass(frozen=True)
class FrozenKernel:
    """A network in training whose kernel does not change.

    Attributes
    ----------
    kernel : Tensor (n, n)
        K of de/dt = -K e; symmetric, >= 0.
    cross : Tensor (p, n)
        k(x, X) for p new inputs.
    residual : Tensor (n,)
        f(x_i) - y_i at the start.
    output : Tensor (p,)
        f at the new inputs at the start.
    """

    kernel: Tensor
    cross: Tensor
    residual: Tensor
    output: Tensor

    @cached_property
    def _decay(self) -> Decay:
        return Decay(self.kernel[None])

    @property
    def rates(self) -> Tensor:
        """Eigenvalues of K, ascending: (n,). Mode i decays as exp(-rates[i] t)."""
        return torch.from_numpy(self._decay.rates[0])

    def amplitudes(self, residual: Tensor) -> Tensor:
        """A residual (n,) in the modes of K, ordered as `rates`: (n,)."""
        return torch.from_numpy(self._decaying(residual).amplitudes[0])

    def residual_after(self, time: float) -> Tensor:
        """e at a normalised time: (n,)."""
        return torch.from_numpy(self._decaying(self.residual).after(np.array([time]))[0])

    def output_after(self, time: float) -> Tensor:
        """f at the new inputs at a finite normalised time: (p,)."""
        mean = torch.from_numpy(self._decaying(self.residual).mean(np.array([time]))[0])
        return self.output - self.cross @ (time * mean)

    def _decaying(self, residual: Tensor) -> Decaying:
        return self._decay.of(residual.numpy()[None])


def of_network(network: Network, a: Tensor, w: Tensor, points: Tensor) -> FrozenKernel:
    """Freeze the tangent kernel of a network at some neurons.

    Parameters
    ----------
    network : Network
        A batch of one.
    a : Tensor (1, m)
        Output weights.
    w : Tensor (1, d, m)
        Input weights.
    points : Tensor (p, d)
        New inputs, in the same coordinates as the network's inputs.
    """
    known = len(network.targets)
    both = torch.cat([network.inputs, points])
    gram = both @ network.inputs.T
    output = both.new_zeros(len(both))
    by_a, by_w = torch.zeros_like(gram), torch.zeros_like(gram)
    for part in trained.slices(a.shape[1], len(both)):
        activation, gate = network.sigma.function(both @ w[0, :, part])
        gated = gate * a[0, part]
        output += network.output(a[:, part], activation[None])[0]
        by_a += activation @ activation[:known].T
        by_w += gated @ gated[:known].T
    kernel = network.output_scale * (network.rate_a * by_a + network.rate_w * by_w * gram)
    residual = output[:known] - network.targets
    return FrozenKernel(kernel[:known], kernel[known:], residual, output[known:])
