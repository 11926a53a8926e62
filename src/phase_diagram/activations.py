"""The activations sigma of f(x) = kappa sum_k a_k sigma(w_k . x), by name.

Two kinds. The piecewise linear ones are homogeneous, sigma(c z) = c sigma(z) for c > 0, as the
theory of the phase diagram asks (docs/theory.md section 13); their slope jumps at 0, where neurons
may slide (gates.py). The smooth ones are not homogeneous, and need no such care. To add one of
these, write it here as a function that gives sigma and its derivative: docs/extending.md.

Nothing here imports torch: functions use the methods of what they are given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

# Changes of z below this are too small to tell sigma's mean slope from the difference of two of
# its values, and small enough for two points of Gauss: 1e-13 either way.
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
        Of a piecewise linear one, sigma(z) = z for z > 0: its slope for z <= 0, at least 0 and
        less than 1. None: smooth.
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
        """Give sigma(start + shift) - sigma(start), exact to rounding of this difference.

        Weights that are many and hardly move change the output by far less than the rounding of
        sigma itself.
        """
        if self.below is None:
            return shift * self.mean_slope(start, shift)
        above = shift.maximum(-start).where(start > 0, (start + shift).relu())
        return above if self.below == 0.0 else self.below * shift + (1.0 - self.below) * above

    def mean_slope(self, start: "Tensor", shift: "Tensor") -> "Tensor":
        """Sigma' of a smooth one, averaged over the straight path from start to start + shift."""
        far = shift.abs() > NEAR
        secant = (self.value(start + shift) - self.value(start)) / shift.where(far, 1.0)
        inner = self.slope(start + GAUSS * shift) + self.slope(start + (1.0 - GAUSS) * shift)
        return secant.where(far, 0.5 * inner)


ACTIVATIONS: dict[str, Activation] = {}


def _add(activation: Activation) -> Activation:
    ACTIVATIONS[activation.name] = activation
    return activation


def piecewise_linear(name: str, below: float) -> Activation:
    """Add max(z, below z), with 0 <= below < 1."""

    def function(z: "Tensor") -> "tuple[Tensor, Tensor]":
        above = z.sign().clamp(min=0.0)
        if below == 0.0:
            return z.relu(), above
        return z.maximum(below * z), below + (1.0 - below) * above

    return _add(Activation(name, function, below))


def smooth(function: "Callable[[Any], tuple[Any, Any]]") -> Activation:
    """Add a function that gives sigma and sigma', under its own name."""
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
