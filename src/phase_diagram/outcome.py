"""What training one network ends with."""

from dataclasses import dataclass
from enum import StrEnum

from torch import Tensor


class Status(StrEnum):
    """How training ended."""

    CONVERGED = "converged"  # the mean squared error fell below the tolerance
    STEP_LIMIT = "step_limit"  # the steps ran out, or the flow came to rest above the tolerance
    DIVERGED = "diverged"  # numbers that are not finite, or no step small enough


@dataclass(frozen=True)
class Outcome:
    """A trained network.

    Attributes
    ----------
    status : Status
    delta_a : Tensor (m,)
    delta_w : Tensor (d, m)
        Increments of the normalised weights over training, kept as such: in the linear regime
        they fall below the rounding of the weights themselves.
    residual : Tensor (n,)
        f(x_i) - y_i at the end.
    steps : int
        Accepted steps.
    evaluations : int
        Passes over all neurons and samples, those of rejected steps included.
    time : float
        Normalised time (docs/theory.md section 1) at the end.
    """

    status: Status
    delta_a: Tensor
    delta_w: Tensor
    residual: Tensor
    steps: int
    evaluations: int
    time: float
