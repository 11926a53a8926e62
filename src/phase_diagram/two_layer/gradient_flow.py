"""Gradient flow to convergence: the adaptive solver around exponential_step.py.

Each network of a batch has a step size of its own and leaves the batch when it has ended. There
is no learning rate; the one setting is the error a step may make.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from phase_diagram.flow.decay import Decay
from phase_diagram.flow.outcome import Observe, Outcome, Reason
from phase_diagram.flow.step_size import Steps, shorten
from phase_diagram.flow.stopping import PATIENCE, SMOOTH_PATIENCE, Stopping
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.exponential_step import State, begin, try_step
from phase_diagram.two_layer.native import heap

# The error that a step may make, see exponential_step.py; RD then is within 1% of tight runs
# (tests/test_accuracy.py). Steps go with its inverse square root. Without kinks, on which neurons
# come to slide, their paths part for longer, and an error made early grows.
STEP_TOLERANCE = 0.085
SMOOTH_STEP_TOLERANCE = 0.02
STEP_LIMIT = 10_000


@dataclass
class _Batch:
    """The networks still training; `index` is their place in the batch handed in."""

    state: State
    decay: Decay
    steps: Steps
    index: list[int]
    evaluations: list[int]


def train(
    network: Network,
    a: Tensor,
    w: Tensor,
    *,
    tolerance: float,
    step_tolerance: float | None = None,
    step_limit: int = STEP_LIMIT,
    observe: Observe | None = None,
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
        See `flow.outcome.Observe`.

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
    ended = _by_loss(batch, stopping)
    _report(batch, observe)
    while True:
        outcomes = list(_outcomes(batch, ended))
        batch = _remaining(batch, ended)  # of those that have ended nothing else is kept
        yield from outcomes
        del outcomes
        if not batch.index:
            return
        ended = _step(batch, step_tolerance, stopping)
        _report(batch, observe)


def default_step_tolerance(network: Network) -> float:
    """Give the error that a step of a network with its activation may make."""
    return SMOOTH_STEP_TOLERANCE if network.sigma.below is None else STEP_TOLERANCE


def _begin(network: Network, a: Tensor, w: Tensor) -> _Batch:
    state, decay, pace = begin(network, a, w)
    return _Batch(state, decay, Steps.first(pace), list(range(len(a))), [1] * len(a))


def _report(batch: _Batch, observe: Observe | None) -> None:
    if observe is not None:
        # None is rejected yet at the start, or if the step just tried was accepted.
        for place in np.flatnonzero(batch.steps.rejected == 0).tolist():
            residual = torch.from_numpy(batch.state.residual[place])
            observe(batch.index[place], float(batch.steps.time[place]), residual)


@np.errstate(all="ignore")  # numbers that are not finite are found out by their error
def _step(batch: _Batch, step_tolerance: float, stopping: Stopping) -> list[Reason | None]:
    """Try a step of each network, accept or reject it, choose the next, and say who has ended."""
    decaying = batch.decay.of(batch.state.residual)
    duration = shorten(decaying, batch.steps.duration, stopping.tolerance)
    trial = try_step(batch.state, decaying, duration)
    accepted = batch.steps.judge(duration, trial.error, step_tolerance)
    if accepted.all():
        batch.state.accept(trial, None)
        batch.decay = trial.decay
    elif accepted.any():
        batch.state.accept(trial, accepted)
        batch.decay = batch.decay.replaced(accepted, trial.decay)
    batch.evaluations = [count + 2 for count in batch.evaluations]
    by_steps = batch.steps.reasons(trial.progress)
    by_loss = _by_loss(batch, stopping)
    return [loss or step for loss, step in zip(by_loss, by_steps, strict=True)]


def _by_loss(batch: _Batch, stopping: Stopping) -> list[Reason | None]:
    return stopping.reasons(batch.index, batch.state.residual, batch.steps.accepted.tolist())


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
                    int(batch.steps.accepted[place]),
                    batch.evaluations[place],
                    float(batch.steps.time[place]),
                ),
            )


def _remaining(batch: _Batch, ended: list[Reason | None]) -> _Batch:
    places = [place for place, reason in enumerate(ended) if reason is None]
    if len(places) == len(ended):
        return batch
    return _Batch(
        batch.state.select(places),
        batch.decay.select(places),
        batch.steps.select(places),
        *([values[place] for place in places] for values in (batch.index, batch.evaluations)),
    )
