"""The tangent kernel of an infinitely wide network at initialisation, in closed form.

For w ~ N(0, I) and two inputs at an angle theta (Cho and Saul 2009, arc-cosine kernels of order 0
and 1, halved):

    E 1[w . x > 0] 1[w . x' > 0]  = (pi - theta) / 2 pi
    E relu(w . x) relu(w . x')    = |x| |x'| (sin theta + (pi - theta) cos theta) / 2 pi

The mean of a^2 is 1. A network of width m moves a at the rate kappa / kappa' and w at the rate
kappa kappa' (docs/theory.md section 1), hence de/dt = -K e with

    K(x, x') = (m kappa^2 / n) (E relu relu / kappa' + kappa' E 1 1 x . x')
"""

import math

import torch
from torch import Tensor

from phase_diagram.studies.shared.frozen_kernel import FrozenKernel
from phase_diagram.two_layer.equations.network import Network


def gates(points: Tensor, inputs: Tensor) -> Tensor:
    """E 1[w . x > 0] 1[w . x' > 0] of points (p, d) and inputs (n, d): (p, n), in [0, 1/2]."""
    return (math.pi - _angles(points, inputs)) / (2 * math.pi)


def activations(points: Tensor, inputs: Tensor) -> Tensor:
    """E relu(w . x) relu(w . x') of points (p, d) and inputs (n, d): (p, n)."""
    angle = _angles(points, inputs)
    lengths = points.norm(dim=1)[:, None] * inputs.norm(dim=1)
    return lengths * (angle.sin() + (math.pi - angle) * angle.cos()) / (2 * math.pi)


def tangent_kernel(network: Network, width: int, points: Tensor) -> Tensor:
    """Mean over random neurons of the kernel between new inputs and training inputs.

    Parameters
    ----------
    network : Network
        Data and scales; a batch of one.
    width : int
        m. The kernel is proportional to it; its relative scatter falls as m^-1/2.
    points : Tensor (p, d)

    Returns
    -------
    Tensor (p, n)
        Including the 1/n of the loss, as in network.py.
    """
    by_a = activations(points, network.inputs)
    by_w = gates(points, network.inputs) * (points @ network.inputs.T)
    return width * network.kappa * (network.rate_a * by_a + network.rate_w * by_w)


def frozen_kernel(
    network: Network,
    width: int,
    points: Tensor,
    *,
    residual: Tensor | None = None,
    output: Tensor | None = None,
) -> FrozenKernel:
    """Training with the kernel of infinite width.

    Parameters
    ----------
    network, width, points
        As in `tangent_kernel`.
    residual, output : Tensor (n,), Tensor (p,), optional
        Initial values of a network at training inputs and at new inputs. None: f = 0, the limit
        for gamma > 1/2 and the start of antithetic neurons. At gamma = 1/2 the initial output is
        of order 1 at any width, and has to be given to predict a particular network.
    """
    return FrozenKernel(
        tangent_kernel(network, width, network.inputs),
        tangent_kernel(network, width, points),
        -network.targets if residual is None else residual,
        points.new_zeros(len(points)) if output is None else output,
    )


def _angles(points: Tensor, inputs: Tensor) -> Tensor:
    """Angles in [0, pi] between points (p, d) and inputs (n, d): (p, n).

    By Kahan's half-angle formula, because arccos loses half the digits at small angles.
    """
    first, second = (torch.nn.functional.normalize(x, dim=1, eps=1e-300) for x in (points, inputs))
    columns = [
        2 * torch.atan2((first - unit).norm(dim=1), (first + unit).norm(dim=1)) for unit in second
    ]
    return torch.stack(columns, dim=1)
