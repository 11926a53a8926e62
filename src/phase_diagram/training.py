"""How networks are trained: the settings that, with the data, determine the results."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Method = Literal["gradient_flow", "gradient_descent"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
FLOW, DESCENT = METHODS


@dataclass(frozen=True)
class Training:
    """The settings that all networks of a sweep share.

    Attributes
    ----------
    method : str
        One of METHODS.
    tolerance : float
        Mean squared error at which a network has converged.
    activation : str
        A key of `activations.ACTIVATIONS`.
    quadrature : int, optional
        Number of quadrature neurons that stand for the `width` neurons of a network; None: as
        many random neurons as the width says (docs/theory.md section 6).
    first_rate : float, optional
        First learning rate of gradient descent, in units of 1 / lambda_max of the initial
        kernel; None: the method's own.
    step_limit : int, optional
        Steps after which gradient descent gives up a network; None: the method's own.
    """

    method: Method = FLOW
    tolerance: float = 1e-6
    activation: str = "relu"
    quadrature: int | None = None
    first_rate: float | None = None
    step_limit: int | None = None

    def options(self) -> dict[str, float | int]:
        """Return the settings of the training method that are not None."""
        options = {"first_rate": self.first_rate, "step_limit": self.step_limit}
        return {name: value for name, value in options.items() if value is not None}
