"""The activations sigma of f(x) = kappa sum_k a_k sigma(w_k . x), by name.

Of two kinds. Piecewise linear ones are homogeneous, sigma(c z) = c sigma(z) for c > 0, as the
theory of the phase diagram requires (docs/theory.md section 13); their slope jumps at 0, where
neurons may slide (gates.py). Smooth ones are not homogeneous and do not slide. To add a smooth
one, write it here as a function that returns sigma and its derivative: docs/extending.md.

Nothing here imports torch: functions use the methods of their arguments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

# Below this change of z, a difference of two values of sigma gives its mean slope less accurately
# than two-point Gauss quadrature; here the error of both is 1e-13.
NEAR = 2.0**-9
GAUSS = 0.5 - 0.5 / sqrt(3.0)


@dataclass(frozen=True)
class Activation:
    """An activation, its slope, and how they change along a path.

    Attributes
    ----------
    name : str
        As in params.yaml.
    function : callable
        Tensor to (sigma, sigma') of the same shape.
    below : float, optional
        For a piecewise linear activation, sigma(z) = z for z > 0: its slope for z <= 0, at least
        0 and less than 1. None: smooth.
    """

    name: str
    function: "Callable[[Any], tuple[Any, Any]]"
    below: float | None = None

    @property
    def homogeneous(self) -> bool:
        """Whether sigma(c z) = c sigma(z) for c > 0."""
        return self.below is not None

    def value(self, z: "Tensor") -> "Tensor":
        """Sigma, element by element."""
        value: Tensor = self.function(z)[0]
        return value

    def slope(self, z: "Tensor") -> "Tensor":
        """Sigma', element by element; at a kink the slope below it."""
        slope: Tensor = self.function(z)[1]
        return slope

    def change(self, start: "Tensor", shift: "Tensor") -> "Tensor":
        """Return sigma(start + shift) - sigma(start), exact to rounding of this difference.

        Many weights that hardly move change the output by far less than the rounding of sigma.
        """
        if self.below is None:
            return shift * self.mean_slope(start, shift)
        above = shift.maximum(-start).where(start > 0, (start + shift).relu())
        return above if self.below == 0.0 else self.below * shift + (1.0 - self.below) * above

    def mean_slope(self, start: "Tensor", shift: "Tensor") -> "Tensor":
        """Sigma' of a smooth activation, averaged over the path from start to start + shift."""
        far = shift.abs() > NEAR
        secant = (self.value(start + shift) - self.value(start)) / shift.where(far, 1.0)
        inner = self.slope(start + GAUSS * shift) + self.slope(start + (1.0 - GAUSS) * shift)
        return secant.where(far, 0.5 * inner)


ACTIVATIONS: dict[str, Activation] = {}


def _add(activation: Activation) -> Activation:
    ACTIVATIONS[activation.name] = activation
    return activation


def piecewise_linear(name: str, below: float) -> Activation:
    """Register the piecewise linear activation max(z, below z), with 0 <= below < 1."""

    def function(z: "Tensor") -> "tuple[Tensor, Tensor]":
        above = z.sign().clamp(min=0.0)
        if below == 0.0:
            return z.relu(), above
        return z.maximum(below * z), below + (1.0 - below) * above

    return _add(Activation(name, function, below))


def smooth(function: "Callable[[Any], tuple[Any, Any]]") -> Activation:
    """Register a smooth activation: a function that returns sigma and sigma'."""
    return _add(Activation(function.__name__, function))


RELU = piecewise_linear("relu", 0.0)
LEAKY_RELU = piecewise_linear("leaky_relu", 0.01)  # torch's default


@smooth
def tanh(z: "Tensor") -> "tuple[Tensor, Tensor]":
    """The hyperbolic tangent."""
    value = z.tanh()
    return value, 1.0 - value.square()


@smooth
def gelu(z: "Tensor") -> "tuple[Tensor, Tensor]":
    """z times the normal distribution function (Hendrycks and Gimpel 2016), not approximated."""
    share = 0.5 * (1.0 + (z * sqrt(0.5)).erf())
    density = (-0.5 * z.square()).exp() * (1.0 / sqrt(2.0 * pi))
    return z * share, share + z * density


@smooth
def softplus(z: "Tensor") -> "tuple[Tensor, Tensor]":
    """log(1 + e^z)."""
    return z.relu() + (-z.abs()).exp().log1p(), z.sigmoid()
