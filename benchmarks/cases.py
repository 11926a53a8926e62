"""The networks that are trained, and training them by this project's solver."""

import logging
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram.datasets.load import load
from phase_diagram.datasets.problem import Problem
from phase_diagram.flow.outcome import Status
from phase_diagram.observables.observables import relative_distance
from phase_diagram.two_layer import gradient_flow
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.start import neurons
from phase_diagram.two_layer.start.reduction import Reduction, where_smaller

SEED = 0
IMAGES = 45
TOLERANCES = {"four_points": 1e-6, "mnist": 1e-4}
"""Mean squared errors at which the authors stop."""

OURS = "phase_diagram"
TIGHTER = 100
"""The reference is the flow at a step tolerance smaller by this factor."""

POINTS = (
    *((0.5, 0.0), (0.5, 0.5), (0.75, -1.0), (0.75, 0.5)),  # lazy
    *((1.0, 0.5), (1.25, 0.5), (1.5, 1.0), (2.0, 1.0)),  # upper linear: a grows before w moves
    *((1.0, 0.0), (1.0, -0.3)),  # the critical line, which is a kink for gamma' >= 0
    *((1.5, 0.0), (1.75, 0.25), (1.75, -0.5)),  # condensed, a and w together
    *((1.5, -0.5), (1.75, 0.75)),  # kinks between wedges
    *((1.3, -0.6), (1.5, -1.0)),  # condensed, w alone
)
"""Points of the plane: all wedges of the exponent map, its kinks, gamma' of both signs."""


class Case(NamedTuple):
    """One network: data, place in the plane, width; its neurons are those of SEED."""

    dataset: str
    gamma: float
    gamma_prime: float
    width: int
    images: int = IMAGES

    @property
    def label(self) -> str:
        """The dataset's name in the table."""
        return f"{self.dataset}_{self.images}" if self.images != IMAGES else self.dataset

    @property
    def tolerance(self) -> float:
        """Mean squared error at which training ends."""
        return TOLERANCES[self.dataset]


class Start(NamedTuple):
    """A network before training, in the full space of the inputs or in their span."""

    network: Network
    a: Tensor  # (1, m)
    w: Tensor  # (1, d, m)
    norm: float  # |theta_w(0)| in the full space
    tolerance: float


class Run(NamedTuple):
    """What training a network gave, by whatever method.

    Attributes
    ----------
    rd : float or None
        None where training did not finish.
    steps : int
        Accepted ones; of gradient descent those of the last attempt.
    evaluations : int
        Right-hand sides, or passes over all neurons: those of failed attempts included.
    kernels : int
        Kernel matrices.
    finished : bool
        Whether the tolerance was reached in time.
    """

    rd: float | None
    steps: int
    evaluations: int
    kernels: int
    finished: bool


@cache
def problem(dataset: str, images: int = IMAGES) -> Problem:
    """Load the data once."""
    # The message about the source of MNIST is not needed here.
    log = logging.getLogger("phase_diagram.datasets")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        return load(dataset, mnist_images=images)
    finally:
        log.setLevel(level)


@cache
def _span(dataset: str, images: int) -> Reduction:
    """Reduce the inputs once, as a sweep does for all its networks."""
    return where_smaller(problem(dataset, images).inputs)


@cache
def _drawn(width: int, dimension: int) -> neurons.Neurons:
    return neurons.draw(SEED, width, np.eye(dimension))


def start(case: Case) -> Start:
    """Give a network in the full space of its inputs, as a plain program would have it."""
    data = problem(case.dataset, case.images)
    drawn = _drawn(case.width, data.inputs.shape[1])
    return _start(case, data.inputs, drawn.w, drawn.a, drawn.norm)


def reduced(case: Case) -> Start:
    """Give a network in the span of its inputs, where those are fewer than dimensions."""
    data = problem(case.dataset, case.images)
    drawn = _drawn(case.width, data.inputs.shape[1])
    inputs, basis = _span(case.dataset, case.images)
    return _start(case, inputs, basis @ drawn.w, drawn.a, drawn.norm)


def _start(
    case: Case,
    inputs: NDArray[np.float64],
    w: NDArray[np.float64],
    a: NDArray[np.float64],
    norm: float,
) -> Start:
    targets = problem(case.dataset, case.images).targets
    kappa, kappa_prime = (
        torch.tensor([float(case.width) ** -exponent], dtype=torch.float64)
        for exponent in (case.gamma, case.gamma_prime)
    )
    model = Network(torch.from_numpy(inputs), torch.from_numpy(targets), kappa, kappa_prime)
    return Start(model, torch.from_numpy(a)[None], torch.from_numpy(w)[None], norm, case.tolerance)


def flow(begin: Start, *, tighter: float = 1, step_limit: int = gradient_flow.STEP_LIMIT) -> Run:
    """Train by this project's solver.

    Parameters
    ----------
    begin : Start
    tighter : float
        Factor by which the error that a step may make is smaller than the default.
    step_limit : int
        Steps after which it is given up.
    """
    ((_, outcome),) = gradient_flow.train(
        begin.network,
        begin.a,
        begin.w,
        tolerance=begin.tolerance,
        step_tolerance=gradient_flow.STEP_TOLERANCE / tighter,
        step_limit=step_limit,
    )
    finished = outcome.status is Status.CONVERGED
    # One kernel and two passes for each step that is tried, and one of each to begin with.
    kernels = (outcome.evaluations - 1) // 2 + 1
    rd = relative_distance(outcome.delta_w, begin.norm) if finished else None
    return Run(rd, outcome.steps, outcome.evaluations, kernels, finished)


@cache
def reference(case: Case) -> float:
    """RD by the flow in small steps; reference_check.py compares it with gradient descent.

    Raises
    ------
    RuntimeError
        If that does not converge.
    """
    rd = flow(reduced(case), tighter=TIGHTER).rd
    if rd is None:
        raise RuntimeError(f"{case}: the reference does not converge")
    return rd


def numbers(case: Case, run: Run, seconds: float | None = None) -> dict[str, float | None]:
    """Return the table's quantities of a run, including its error against the reference."""
    return {
        "seconds": seconds,
        "finished": run.finished,
        "rd": run.rd,
        "rd_error": None if run.rd is None else abs(run.rd / reference(case) - 1),
        "steps": run.steps,
        "evaluations": run.evaluations,
        "kernels": run.kernels,
    }
