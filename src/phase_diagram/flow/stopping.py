"""Stopping criteria of gradient flow that use the loss and the number of steps."""

import math
from collections.abc import Sequence

import numpy as np

from phase_diagram.flow.decay import Array
from phase_diagram.flow.outcome import Reason

# Steps within which the loss has to fall by a share. Where the data cannot be fitted the flow
# neither rests nor progresses: neurons drift along their kinks. The longest escape from a saddle
# that is possible in 64-bit floats takes about two hundred steps.
PATIENCE = 500
# Saturated smooth neurons still move slowly, but steps are limited by how steep sigma is: tanh
# crosses its plateaus in two thousand.
SMOOTH_PATIENCE = 3000
PROGRESS = 0.01


class Stopping:
    """Checks after each step which networks of a batch are to end.

    Parameters
    ----------
    tolerance : float
        Mean squared error at which a network has converged.
    step_limit : int
        Accepted steps after which a network is given up.
    count : int
        Number of networks.
    patience : int
        Steps within which the loss has to fall by the share PROGRESS.
    """

    def __init__(
        self, tolerance: float, step_limit: int, count: int, patience: int = PATIENCE
    ) -> None:
        self.tolerance, self.step_limit, self.patience = tolerance, step_limit, patience
        # Step and loss from which each network's progress is measured.
        self.since = [(0, math.inf)] * count

    @np.errstate(over="ignore")  # a loss that is not finite ends training
    def reasons(
        self, index: Sequence[int], residual: Array, steps: Sequence[int]
    ) -> list[Reason | None]:
        """Return why networks end; None for those that go on.

        Parameters
        ----------
        index : sequence of int
            Their indices in the original batch.
        residual : ndarray (B, n)
            f(x_i) - y_i.
        steps : sequence of int
            Accepted so far.
        """
        losses = np.square(residual).mean(1).tolist()
        return [
            self._reason(place, loss, count)
            for place, loss, count in zip(index, losses, steps, strict=True)
        ]

    def _reason(self, place: int, loss: float, steps: int) -> Reason | None:
        if not math.isfinite(loss):
            return Reason.NOT_FINITE
        if loss < self.tolerance:
            return Reason.TOLERANCE if steps else Reason.AT_START
        if steps >= self.step_limit:
            return Reason.STEPS
        since, before = self.since[place]
        if loss < (1.0 - PROGRESS) * before:
            self.since[place] = (steps, loss)
        elif steps - since > self.patience:
            return Reason.NO_PROGRESS
        return None
