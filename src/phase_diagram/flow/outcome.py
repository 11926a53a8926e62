"""The result of training one network: its final state, and why training ended."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from torch import Tensor

Observe = Callable[[int, float, Tensor], None]
"""A callback that follows training, called at the start and after each accepted step. Arguments:
index of the network in its batch, its normalised time, its residual f(x_i) - y_i, a Tensor (n,)."""


class Status(StrEnum):
    """How training ended."""

    CONVERGED = "converged"  # the mean squared error is below the tolerance
    STEP_LIMIT = "step_limit"  # the loss stayed above it
    DIVERGED = "diverged"  # the loss or the step became non-finite
    NOT_TRAINED = "not_trained"


class Reason(StrEnum):
    """Why training ended; each reason belongs to one status."""

    TOLERANCE = "tolerance"  # reached
    AT_START = "below_tolerance_at_start"  # converged before the first step: RD is 0
    STEPS = "steps_used_up"
    NO_PROGRESS = "no_progress"  # the loss no longer falls, though the network moves
    AT_REST = "at_rest"  # the network no longer moves
    NOT_FINITE = "loss_not_finite"
    NO_STEP = "no_step_small_enough"
    SCALES = "scales_out_of_range"  # kappa or kappa' is beyond the range of 64-bit floats

    @property
    def status(self) -> Status:
        """The status that this reason belongs to."""
        return _STATUS[self]


_STATUS = {
    Reason.TOLERANCE: Status.CONVERGED,
    Reason.AT_START: Status.CONVERGED,
    Reason.STEPS: Status.STEP_LIMIT,
    Reason.NO_PROGRESS: Status.STEP_LIMIT,
    Reason.AT_REST: Status.STEP_LIMIT,
    Reason.NOT_FINITE: Status.DIVERGED,
    Reason.NO_STEP: Status.DIVERGED,
    Reason.SCALES: Status.NOT_TRAINED,
}


@dataclass(frozen=True)
class Outcome:
    """A trained network.

    Attributes
    ----------
    reason : Reason
    delta_a : Tensor (m,)
    delta_w : Tensor (d, m)
        Increments of the normalised weights over training, stored separately: in the linear
        regime they are smaller than the rounding of the weights.
    residual : Tensor (n,)
        f(x_i) - y_i at the end.
    steps : int
        Accepted steps.
    evaluations : int
        Passes over all neurons and samples, those of rejected steps included.
    time : float
        Normalised time (docs/theory.md section 1) at the end.
    """

    reason: Reason
    delta_a: Tensor
    delta_w: Tensor
    residual: Tensor
    steps: int
    evaluations: int
    time: float

    @property
    def status(self) -> Status:
        """How training ended."""
        return self.reason.status
