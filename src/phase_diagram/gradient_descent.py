"""Full-batch gradient descent as the paper's authors run it (docs/theory.md section 4).

A constant learning rate; whenever a step raises the loss, the rate is halved and training starts
again from the beginning. In normalised variables a step of rate eta is an Euler step of the
gradient flow over the normalised time eta / (beta1 beta2), so the rate is given as a time.
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from phase_diagram.decay import Decay
from phase_diagram.network import Network
from phase_diagram.outcome import Outcome, Status

# First rate, in units of 1 / lambda_max of the initial kernel. Descent is stable up to 2, but
# near 2 its top mode oscillates and shakes the weights: RD is then that of the rate, not of the
# flow (docs/theory.md section 8).
FIRST_RATE = 1.0
STEP_LIMIT = 800_000


def train(
    network: Network,
    a: Tensor,
    w: Tensor,
    *,
    tolerance: float,
    first_rate: float = FIRST_RATE,
    step_limit: int = STEP_LIMIT,
) -> Iterator[tuple[int, Outcome]]:
    """Train the networks of a batch one after the other by gradient descent.

    Parameters
    ----------
    network : Network
        Data and scales of B networks.
    a, w : Tensor (B, m), (B, d, m)
        Initial neurons.
    tolerance : float
        Mean squared error at which a network has converged.
    first_rate : float
        First learning rate, in units of 1 / lambda_max of the initial kernel.
    step_limit : int
        Steps, those before a restart included, after which a network is given up.

    Yields
    ------
    index, outcome : int, Outcome
        `steps` counts the last attempt, `evaluations` all of them.
    """
    for index in range(len(a)):
        alone = torch.tensor([index], device=a.device)
        yield (
            index,
            _descend(network.select(alone), a[alone], w[alone], tolerance, first_rate, step_limit),
        )


def _descend(
    network: Network, a: Tensor, w: Tensor, tolerance: float, first_rate: float, step_limit: int
) -> Outcome:
    activation = network.preactivation(w).relu_()
    kernel = network.tangent_kernel(a, activation, (activation > 0).to(a.dtype))
    largest = float(Decay(kernel).rates.amax())
    rate = first_rate / largest if largest > 0 else 1.0
    evaluations = 1
    while True:
        outcome, rose = _attempt(network, a, w, tolerance, rate, step_limit - evaluations)
        evaluations += outcome.evaluations
        if not rose:
            return Outcome(**{**vars(outcome), "evaluations": evaluations})
        rate /= 2


def _attempt(
    network: Network, a: Tensor, w: Tensor, tolerance: float, rate: float, step_limit: int
) -> tuple[Outcome, bool]:
    """Descend at one rate; say also whether it was given up because the loss rose."""
    delta_a, delta_w = torch.zeros_like(a), torch.zeros_like(w)
    best, steps, status = math.inf, 0, None
    while True:
        present_a = a + delta_a
        activation = network.preactivation(w + delta_w).relu_()
        residual = network.output(present_a, activation) - network.targets
        error = float(residual.square().mean())
        rose = error > best
        if not math.isfinite(error) and steps == 0:
            status = Status.DIVERGED
        elif error < tolerance:
            status = Status.CONVERGED
        elif steps >= step_limit:
            status, rose = Status.STEP_LIMIT, False
        elif rose or not math.isfinite(error):
            status, rose = Status.STEP_LIMIT, True
        if status is not None:
            time = rate * steps
            ended = Outcome(status, delta_a[0], delta_w[0], residual[0], steps, steps + 1, time)
            return ended, rose
        best = error
        gate = (activation > 0).to(a.dtype)
        step_w = rate * network.velocity_w(present_a, gate, residual)
        delta_a += rate * network.velocity_a(activation, residual)
        delta_w += step_w
        steps += 1
