"""Quantities measured on networks: relative distance, conserved quantity, neurons' features."""

import math

import torch
from torch import Tensor


def relative_distance(delta_w: Tensor, initial_norm: float) -> float:
    """RD(theta_w) = |theta_w(t*) - theta_w(0)| / |theta_w(0)|; Luo et al. 2021, section 4.

    Parameters
    ----------
    delta_w : Tensor (d, m)
        Increment of the input weights, biases included, in any orthonormal basis of the space in
        which they moved.
    initial_norm : float
        |theta_w(0)| in the full space.
    """
    return float(torch.linalg.vector_norm(delta_w)) / initial_norm


def loss(residual: Tensor) -> float:
    """R = sum_i e_i^2 / 2n of residuals (n,), half the mean squared error; docs/theory.md 1."""
    return float(residual.square().mean()) / 2


def conserved(a: Tensor, w: Tensor, kappa_prime: float) -> Tensor:
    """kappa'^2 a_k^2 - |w_k|^2 of neurons a (m,), w (d, m): (m,), constant along the flow."""
    return kappa_prime**2 * a.square() - w.square().sum(0)


def amplitude(a: Tensor, w: Tensor) -> Tensor:
    """|a_k| |w_k| of neurons a (m,), w (d, m): (m,)."""
    return a.abs() * w.norm(dim=0)


def orientation(w: Tensor, reference: Tensor | None = None) -> Tensor:
    """Orientation of w_k: its angle in the plane, or its cosine with a reference.

    Parameters
    ----------
    w : Tensor (d, m)
    reference : Tensor (d,), optional
        A fixed direction. None, for d = 2: the angle of (w, b) in (-pi, pi].

    Returns
    -------
    Tensor (m,)

    Raises
    ------
    ValueError
        Without a reference, if d is not 2.
    """
    if reference is not None:
        return (reference @ w) / (math.sqrt(float(reference @ reference)) * w.norm(dim=0))
    if w.shape[0] != 2:
        raise ValueError(f"an angle needs input weights of dimension 2, not {w.shape[0]}")
    return torch.atan2(w[1], w[0])
