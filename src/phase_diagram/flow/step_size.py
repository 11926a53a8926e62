"""How long the steps of a flow are: shortened to the tolerance, chosen by their errors, given up.

A solver asks for steps, tries them, and tells what errors they made; each network of a batch has
steps of its own. What a step is and what its error is measured by is the solver's affair.
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
FIRST_STEP = 0.1  # of the time in which anything changes by its own size
SAFETY = 0.9  # of the step that, by the last one's error, would be accepted just so
# A step, relative to the one before it: at least and at most, after one accepted or rejected.
SHRINKAGE, GROWTH = 0.2, 10.0
REJECTED_SHRINKAGE, REJECTED_GROWTH = 0.1, 0.9
REJECTIONS = 100  # in a row, after which no step is small enough
REST = 1e-13  # a step that adds less than this share to the increments finds the flow at rest


@dataclass
class Steps:
    """The steps of the networks of a batch.

    Attributes
    ----------
    duration : ndarray (B,)
        Of the step to be tried next, in normalised time.
    time : ndarray (B,)
        Sum of the accepted steps.
    accepted : ndarray of int (B,)
        Their number.
    rejected : ndarray of int (B,)
        Steps rejected since the last accepted one.
    """

    duration: Array
    time: Array
    accepted: NDArray[np.int64]
    rejected: NDArray[np.int64]

    @classmethod
    def first(cls, pace: Array) -> Self:
        """Begin with steps that suit the fastest relative rates of change, (B,)."""
        counts = np.zeros(len(pace), dtype=np.int64)
        duration = FIRST_STEP / np.where(pace > 0, pace, 1.0)
        return cls(duration, np.zeros_like(duration), counts, counts.copy())

    def select(self, places: list[int]) -> Self:
        """Those of the batch at some places."""
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
            That they made, of second order in the duration; NaN is never accepted.
        allowed : float
            The largest that is accepted.

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
        """Say which networks have no use for another step; None for those that go on.

        Parameters
        ----------
        progress : ndarray (B,)
            What the steps just judged add to the increments, relative to them; only that of
            accepted ones counts.
        """
        at_rest = (self.rejected == 0) & (progress < REST)
        return [
            Reason.NO_STEP if count > REJECTIONS else Reason.AT_REST if still else None
            for count, still in zip(self.rejected.tolist(), at_rest.tolist(), strict=True)
        ]


def shorten(decaying: Decaying, duration: Array, tolerance: float) -> Array:
    """Shorten steps to end, by the kernel at hand, no further than just below the tolerance.

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
