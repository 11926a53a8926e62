"""Adaptive step sizes of a flow solver: chosen by the error of each step, cut at the tolerance.

A solver gets step sizes from here, tries the steps, and reports their errors; each network of a
batch has its own step size. The solver defines what a step is and how its error is measured.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from phase_diagram.flow.decay import Array, Decaying
from phase_diagram.flow.outcome import Reason

# A step that would carry the loss past the tolerance is shortened to end just below it, so that
# the end of training does not depend on where the steps happen to fall.
AIM = 0.9
BISECTIONS = 16
FIRST_STEP = 0.1  # of the shortest time in which a quantity changes by its own size
SAFETY = 0.9  # relative to the largest step that the last error would allow
# Smallest and largest ratio of a step to the one before, after an accepted or a rejected step.
SHRINKAGE, GROWTH = 0.2, 10.0
REJECTED_SHRINKAGE, REJECTED_GROWTH = 0.1, 0.9
REJECTIONS = 100  # in a row, after which the network is given up
REST = 1e-13  # if a step adds less than this share to the increments, the flow is at rest


@dataclass
class Steps:
    """The step sizes of the networks of a batch.

    Attributes
    ----------
    duration : ndarray (B,)
        Of the next step to try, in normalised time.
    time : ndarray (B,)
        Sum of the accepted steps.
    accepted : ndarray of int (B,)
        Number of accepted steps.
    rejected : ndarray of int (B,)
        Steps rejected since the last accepted one.
    """

    duration: Array
    time: Array
    accepted: NDArray[np.int64]
    rejected: NDArray[np.int64]

    @classmethod
    def first(cls, pace: Array) -> Self:
        """Choose the first steps by the fastest relative rates of change, (B,)."""
        counts = np.zeros(len(pace), dtype=np.int64)
        duration = FIRST_STEP / np.where(pace > 0, pace, 1.0)
        return cls(duration, np.zeros_like(duration), counts, counts.copy())

    def select(self, places: list[int]) -> Self:
        """The step sizes of some networks of the batch."""
        return type(self)(
            *(self.duration[places], self.time[places]),
            *(self.accepted[places], self.rejected[places]),
        )

    @np.errstate(all="ignore")  # an error that is not finite rejects its step
    def judge(self, duration: Array, error: Array, allowed: float) -> NDArray[np.bool_]:
        """Accept or reject the steps tried, and choose the next ones by their errors.

        Parameters
        ----------
        duration : ndarray (B,)
            Of the steps, see `shorten`.
        error : ndarray (B,)
            Of the steps, of second order in the duration; NaN is never accepted.
        allowed : float
            The largest error that is accepted.

        Returns
        -------
        ndarray of bool (B,)
            Which steps are accepted.
        """
        share = error / allowed
        good: NDArray[np.bool_] = share <= 1.0
        factor = SAFETY / np.sqrt(np.fmax(np.fmin(share, 1e6), 1e-6))
        smallest = np.where(good, SHRINKAGE, REJECTED_SHRINKAGE)
        largest = np.where(good, GROWTH, REJECTED_GROWTH)
        self.duration = duration * np.minimum(np.maximum(factor, smallest), largest)
        self.time = np.where(good, self.time + duration, self.time)
        self.accepted = self.accepted + good
        self.rejected = np.where(good, 0, self.rejected + 1)
        return good

    def reasons(self, progress: Array) -> list[Reason | None]:
        """Return why networks end, by their step sizes; None for those that go on.

        Parameters
        ----------
        progress : ndarray (B,)
            What the last steps add to the increments, relative to them; used for accepted steps
            only.
        """
        at_rest = (self.rejected == 0) & (progress < REST)
        return [
            Reason.NO_STEP if count > REJECTIONS else Reason.AT_REST if still else None
            for count, still in zip(self.rejected.tolist(), at_rest.tolist(), strict=True)
        ]


def shorten(decaying: Decaying, duration: Array, tolerance: float) -> Array:
    """Shorten steps that, with the current kernel, would take the loss far below the tolerance.

    Parameters
    ----------
    decaying : Decaying
        The residuals of B networks under their kernels.
    duration : ndarray (B,)
        Of the steps, in normalised time.
    tolerance : float
        Mean squared error at which a network has converged.
    """
    target = AIM * tolerance
    beyond = decaying.mean_square(duration) < target
    if not beyond.any():
        return duration
    low, high = np.zeros_like(duration), duration
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        below = decaying.mean_square(middle) < target
        low, high = np.where(below, low, middle), np.where(below, middle, high)
    return np.where(beyond, high, duration)
