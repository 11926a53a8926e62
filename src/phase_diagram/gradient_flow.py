"""Gradient flow to convergence: the adaptive solver around exponential_step.py.

Each network of a batch has a step size of its own and leaves the batch when it has ended. There
is no learning rate; the one setting is the error a step may make.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram import heap
from phase_diagram.decay import Array, Decay, Decaying
from phase_diagram.exponential_step import State, begin, try_step
from phase_diagram.network import Network
from phase_diagram.outcome import Outcome, Reason
from phase_diagram.stopping import PATIENCE, SMOOTH_PATIENCE, Stopping

# The error that a step may make, see exponential_step.py; RD then is within 1% of tight runs
# (tests/test_accuracy.py). Steps go with its inverse square root. Without kinks, on which neurons
# come to slide, their paths part for longer, and an error made early grows.
STEP_TOLERANCE = 0.085
SMOOTH_STEP_TOLERANCE = 0.02
STEP_LIMIT = 10_000

# A step that would carry the loss past the tolerance is shortened to end just below it, so that
# the end of training does not depend on where the steps happen to fall.
AIM = 0.9
BISECTIONS = 16
FIRST_STEP = 0.1  # of the time in which anything changes by its own size
SAFETY = 0.9  # of the step that, by the last one's error, would be accepted just so
GROWTH = 10.0  # of a step, at most
REJECTIONS = 100  # in a row, after which no step is small enough
REST = 1e-13  # a step that adds less than this share to the increments finds the flow at rest


@dataclass
class _Batch:
    """The networks still training; `index` is their place in the batch handed in."""

    state: State
    decay: Decay
    duration: Array
    time: Array
    index: list[int]
    steps: list[int]
    evaluations: list[int]
    rejected: list[int]  # in a row


def train(
    network: Network,
    a: Tensor,
    w: Tensor,
    *,
    tolerance: float,
    step_tolerance: float | None = None,
    step_limit: int = STEP_LIMIT,
    observe: Callable[[int, float, Tensor], None] | None = None,
) -> Iterator[tuple[int, Outcome]]:
    """Train a batch of networks by gradient flow.

    Parameters
    ----------
    network : Network
        Data and scales of B networks.
    a, w : Tensor (B, m), (B, d, m)
        Initial neurons.
    tolerance : float
        Mean squared error at which a network has converged.
    step_tolerance : float, optional
        Error that a step may make; None: `default_step_tolerance`.
    step_limit : int
        Accepted steps after which a network is given up.
    observe : callable, optional
        Called at the start and after each accepted step with the index of a network, its
        normalised time and its residual f(x_i) - y_i, a Tensor (n,).

    Yields
    ------
    index, outcome : int, Outcome
        In the order in which the networks end.
    """
    if step_tolerance is None:
        step_tolerance = default_step_tolerance(network)
    heap.prepare(0 if a.is_cuda else a.numel() * len(network.targets))
    batch = _begin(network, a, w)
    patience = SMOOTH_PATIENCE if network.sigma.below is None else PATIENCE
    stopping = Stopping(tolerance, step_limit, len(a), patience)
    ended = stopping.reasons(batch.index, batch.state.residual, batch.steps)
    _report(batch, observe, [True] * len(a))
    while True:
        outcomes = list(_outcomes(batch, ended))
        batch = _remaining(batch, ended)  # of those that have ended nothing else is kept
        yield from outcomes
        del outcomes
        if not batch.index:
            return
        before = batch.steps.copy()
        ended = _step(batch, step_tolerance, stopping)
        _report(batch, observe, [now > then for now, then in zip(batch.steps, before, strict=True)])


def default_step_tolerance(network: Network) -> float:
    """Give the error that a step of a network with its activation may make."""
    return SMOOTH_STEP_TOLERANCE if network.sigma.below is None else STEP_TOLERANCE


def _begin(network: Network, a: Tensor, w: Tensor) -> _Batch:
    state, decay, pace = begin(network, a, w)
    duration = FIRST_STEP / np.where(pace > 0, pace, 1.0)
    zeros, ones = [0] * len(a), [1] * len(a)
    time = np.zeros_like(duration)
    index = list(range(len(a)))
    return _Batch(state, decay, duration, time, index, zeros, ones, zeros.copy())


def _report(
    batch: _Batch, observe: Callable[[int, float, Tensor], None] | None, moved: list[bool]
) -> None:
    if observe is not None:
        for place in (place for place, advanced in enumerate(moved) if advanced):
            residual = torch.from_numpy(batch.state.residual[place])
            observe(batch.index[place], float(batch.time[place]), residual)


@np.errstate(all="ignore")  # numbers that are not finite are found out by their error
def _step(batch: _Batch, step_tolerance: float, stopping: Stopping) -> list[Reason | None]:
    """Try a step of each network, accept or reject it, choose the next, and say who has ended."""
    decaying = batch.decay.of(batch.state.residual)
    duration = shorten(decaying, batch.duration, stopping.tolerance)
    trial = try_step(batch.state, decaying, duration)
    error = trial.error / step_tolerance
    accepted: NDArray[np.bool_] = error <= 1.0  # not where it is NaN
    factor = SAFETY / np.sqrt(np.fmax(np.fmin(error, 1e6), 1e-6))
    smallest, largest = np.where(accepted, 0.2, 0.1), np.where(accepted, GROWTH, 0.9)
    batch.duration = duration * np.minimum(np.maximum(factor, smallest), largest)
    batch.time = np.where(accepted, batch.time + duration, batch.time)
    if accepted.all():
        batch.state.accept(trial, None)
        batch.decay = trial.decay
    elif accepted.any():
        batch.state.accept(trial, accepted)
        batch.decay = batch.decay.replaced(accepted, trial.decay)
    for place, good in enumerate(accepted.tolist()):
        batch.steps[place] += good
        batch.evaluations[place] += 2
        batch.rejected[place] = 0 if good else batch.rejected[place] + 1
    ended = stopping.reasons(batch.index, batch.state.residual, batch.steps)
    at_rest = (accepted & (trial.progress < REST)).tolist()
    for place, reason in enumerate(ended):
        if reason is None and batch.rejected[place] > REJECTIONS:
            ended[place] = Reason.NO_STEP
        elif reason is None and at_rest[place]:
            ended[place] = Reason.AT_REST
    return ended


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


def _outcomes(batch: _Batch, ended: list[Reason | None]) -> Iterator[tuple[int, Outcome]]:
    for place, reason in enumerate(ended):
        if reason is not None:
            yield (
                batch.index[place],
                Outcome(
                    reason,
                    batch.state.delta_a(place),
                    batch.state.delta_w(place),
                    torch.from_numpy(batch.state.residual[place]),
                    batch.steps[place],
                    batch.evaluations[place],
                    float(batch.time[place]),
                ),
            )


def _remaining(batch: _Batch, ended: list[Reason | None]) -> _Batch:
    places = [place for place, reason in enumerate(ended) if reason is None]
    if len(places) == len(ended):
        return batch
    counts = (batch.index, batch.steps, batch.evaluations, batch.rejected)
    return _Batch(
        batch.state.select(places),
        batch.decay.select(places),
        batch.duration[places],
        batch.time[places],
        *([values[place] for place in places] for values in counts),
    )
