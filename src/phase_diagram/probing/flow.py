"""Gradient flow of any module: exponential in the residuals, no learning rate.

The scheme of docs/theory.md section 8 without its parts specific to two-layer networks. A step of
length h from weights theta with residuals e and kernel K = J J^T / N:

    predictor   p = phi1(-h K) e, the mean residual;        theta1 = theta - h J^T p / N
    corrector   K' the mean of K and K(theta1);             p' = phi1(-h K') e
                theta2 = theta - h ((J + J(theta1)) / 2)^T p' / N
    error       |theta2 - theta1| of each parameter, relative to the largest increment it has had,
                and the residual at theta2 against exp(-h K') e, relative to the targets

Errors are those of whole tensors: single entries jump at the kinks of ReLU networks. Increments
since the start are stored separately: in lazy networks they are below the rounding of weights.
"""

import time
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from phase_diagram.flow.decay import Array, Decay, Decaying
from phase_diagram.flow.outcome import Reason
from phase_diagram.flow.step_size import Steps, shorten
from phase_diagram.flow.stopping import Stopping
from phase_diagram.probing.model import Linearisation, Model

# RD of the two-layer network is then within 1.2% of the reference values of docs/theory.md
# section 9 (tests/probing/test_probe_accuracy.py). At kinks the error of RD is proportional to it,
# and the number of steps to its inverse.
STEP_TOLERANCE = 0.05
STEP_LIMIT = 20_000
# A parameter's movement below this share of all movement is rounding, and has no accuracy.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Trained:
    """The result of training.

    Attributes
    ----------
    reason : Reason
    increment : Tensor (p,)
        theta(t*) - theta(0).
    residual : Tensor (N,)
        Outputs minus targets at the end.
    steps : int
        Accepted steps.
    time : float
        Of the flow on R = (1/2N) sum_i e_i^2.
    seconds : float
        Wall time.
    """

    reason: Reason
    increment: Tensor
    residual: Tensor
    steps: int
    time: float
    seconds: float

    @property
    def mean_squared_error(self) -> float:
        """At the end of training."""
        return float(self.residual.square().mean())


def train(
    model: Model,
    *,
    tolerance: float,
    step_tolerance: float = STEP_TOLERANCE,
    step_limit: int = STEP_LIMIT,
) -> Trained:
    """Train a model by gradient flow on its mean squared error.

    Parameters
    ----------
    model : Model
        With N outputs and p weights.
    tolerance : float
        Mean squared error at which training ends.
    step_tolerance : float
        Error that a step may make.
    step_limit : int
        Accepted steps after which the model is given up.
    """
    began = time.perf_counter()
    walk = _Walk(model, tolerance)
    stopping = Stopping(tolerance, step_limit, 1)
    reason = stopping.reasons([0], walk.residual.numpy()[None], [0])[0]
    while reason is None:
        still = walk.step(step_tolerance)
        count = int(walk.steps.accepted[0])
        reason = stopping.reasons([0], walk.residual.numpy()[None], [count])[0] or still
    seconds = time.perf_counter() - began
    ended = int(walk.steps.accepted[0]), float(walk.steps.time[0])
    return Trained(reason, walk.increment, walk.residual, *ended, seconds)


class _Walk:
    """A model in training."""

    def __init__(self, model: Model, tolerance: float) -> None:
        self.model, self.tolerance = model, tolerance
        self.increment = torch.zeros_like(model.start)
        self.largest = torch.zeros(len(model.sizes), dtype=torch.float64)
        self.residual = model.outputs(model.start) - model.targets
        self._size_of_targets = float(model.targets.norm())
        self.at, self.decay = self._look(model.start)
        self.steps = Steps.first(self.decay.fastest)

    def step(self, step_tolerance: float) -> Reason | None:
        """Try a step, accept or reject it, choose the next; return whether the flow is at rest."""
        decaying = self.decay.of(self.residual.numpy()[None])
        duration = shorten(decaying, self.steps.duration, self.tolerance)
        h = float(duration[0])
        first = self.increment + h * self.at.velocity(_mean(decaying, duration))
        ahead = Linearisation(self.model, self.model.start + first)
        middle = Decay(((self.at.kernel + ahead.kernel) / 2)[None]).of(self.residual.numpy()[None])
        driving = _mean(middle, duration)
        added = h * (self.at.velocity(driving) + ahead.velocity(driving)) / 2
        second = self.increment + added
        residual = self.model.outputs(self.model.start + second) - self.model.targets
        sizes = torch.maximum(self.largest, self._sizes(second))
        scale = sizes.clamp_min(ROUNDING * float(sizes.norm()))
        surprise = residual - torch.from_numpy(middle.after(duration)[0])
        of_weights = _ratio(self._sizes(second - first), scale)
        of_outputs = float(surprise.norm()) / max(
            float(self.residual.norm()), self._size_of_targets
        )
        error = np.maximum([of_weights], [of_outputs])  # NaN if either is, unlike max
        accepted = self.steps.judge(duration, error, step_tolerance)
        (reason,) = self.steps.reasons(np.array([_ratio(self._sizes(added), scale)]))
        if accepted.all():
            self.increment, self.largest, self.residual = second, sizes, residual
            if reason is None:
                self.at, self.decay = self._look(self.model.start + second)
        return reason

    def _look(self, weights: Tensor) -> tuple[Linearisation, Decay]:
        at = Linearisation(self.model, weights)
        return at, Decay(at.kernel[None])

    def _sizes(self, vector: Tensor) -> Tensor:
        return torch.stack([part.norm() for part in vector.split(self.model.sizes)])


def _mean(decaying: Decaying, duration: Array) -> Tensor:
    return torch.from_numpy(decaying.mean(duration)[0])


def _ratio(above: Tensor, below: Tensor) -> float:
    """The largest ratio; 0 / 0 is 0."""
    return float(torch.where(above == 0, 0.0, above / below).max())
