"""Full-batch gradient descent as the paper's authors run it (docs/theory.md section 4).

A constant learning rate; whenever a step raises the loss, the rate is halved and training starts
again from the beginning. In normalised variables a step of rate eta is an Euler step of the
gradient flow over the normalised time eta / (beta1 beta2), so rates are stored as times.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor

from phase_diagram.activations import RELU
from phase_diagram.flow.decay import Decay
from phase_diagram.flow.outcome import Observe, Outcome, Reason
from phase_diagram.two_layer.equations.network import Network

# First rate, in units of 1 / lambda_max of the initial kernel. Descent is stable up to 2, but
# near 2 its fastest mode oscillates and moves the weights: RD is then set by the learning rate, not
# by the initialisation (docs/theory.md section 4).
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
    observe: Observe | None = None,
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
    observe : callable, optional
        See `flow.outcome.Observe`. When training restarts, time restarts at 0: discard what was
        observed before.

    Yields
    ------
    index, outcome : int, Outcome
        `steps` counts the last attempt, `evaluations` all of them.
    """
    for index in range(len(a)):
        alone = torch.tensor([index], device=a.device)
        descent = _Descent(network.select(alone), a[index], w[index], tolerance)
        if observe is not None:
            descent.observe = partial(observe, index)
        yield index, _halve_until_it_falls(descent, first_rate, step_limit)


def _halve_until_it_falls(descent: "_Descent", first_rate: float, step_limit: int) -> Outcome:
    largest = descent.largest_decay_rate()
    rate = first_rate / largest if largest > 0 else 1.0
    evaluations = 1
    while True:
        outcome, rose = descent.attempt(rate, step_limit - evaluations)
        evaluations += outcome.evaluations
        if not rose:
            return Outcome(**{**vars(outcome), "evaluations": evaluations})
        rate /= 2


class _Descent:
    """One network, its initial neurons, and preallocated memory for its steps.

    A step is a few passes over arrays of (n, m), most of them in the cache, so allocating memory
    would cost as much as the arithmetic; steps allocate none. The input weights move in the span
    of the inputs, w_k = w_k(0) + sum_i c_ki x_i, and where that takes fewer operations c is
    stored: w . x then follows from c by one product with the Gram matrix of the inputs.
    """

    def __init__(self, network: Network, a: Tensor, w: Tensor, tolerance: float) -> None:
        self.network, self.a, self.w, self.tolerance = network, a, w, tolerance
        self.observe: Callable[[float, Tensor], None] | None = None
        count, dimension = network.inputs.shape
        self.by_sample = count <= 2 * dimension
        self.spread = network.gram if self.by_sample else network.inputs
        self.initial = network.inputs @ w
        self.preactivation, self.activation, self.gate = (
            torch.empty_like(self.initial) for _ in range(3)
        )
        self.output_scale = float(network.output_scale)
        self.rate_a, self.rate_w = float(network.rate_a), float(network.rate_w)

    def largest_decay_rate(self) -> float:
        """The largest rate at which residuals decay under the initial kernel."""
        activation, gate = self.network.sigma.function(self.initial[None])
        kernel = self.network.tangent_kernel(self.a[None], activation, gate)
        return float(Decay(kernel).fastest[0])

    def attempt(self, rate: float, step_limit: int) -> tuple[Outcome, bool]:
        """Descend at one rate; return also whether it stopped because the loss rose."""
        delta_a, a = torch.zeros_like(self.a), self.a.clone()
        moved = self.a.new_zeros(self.spread.shape[1], len(self.a))
        best, steps, reason, rose = math.inf, 0, None, False
        while True:
            residual = self._forward(a, moved)
            error = float(residual @ residual) / len(residual)
            if not math.isfinite(error) and steps == 0:
                reason = Reason.NOT_FINITE
            elif error < self.tolerance:
                reason = Reason.TOLERANCE if steps else Reason.AT_START
            elif steps >= step_limit:
                reason = Reason.STEPS
            elif error > best or not math.isfinite(error):
                reason, rose = Reason.STEPS, True
            if self.observe is not None and not rose:
                self.observe(rate * steps, residual)
            if reason is not None:
                delta_w = self.network.inputs.T @ moved if self.by_sample else moved
                time = rate * steps
                ended = Outcome(reason, delta_a, delta_w, residual, steps, steps + 1, time)
                return ended, rose
            best = error
            self._step(rate, residual, a, moved)
            delta_a.addmv_(self.activation.T, residual, alpha=-rate * self.rate_a)
            torch.add(self.a, delta_a, out=a)
            steps += 1

    def _forward(self, a: Tensor, moved: Tensor) -> Tensor:
        """f(x_i) - y_i; also stores sigma(w . x) and the gates, which the step uses."""
        torch.addmm(self.initial, self.spread, moved, out=self.preactivation)
        if self.network.sigma is RELU:  # allocates nothing; the gate is the sign of relu's value
            torch.clamp(self.preactivation, min=0.0, out=self.activation)
            torch.sign(self.activation, out=self.gate)
        else:
            self.activation, self.gate = self.network.sigma.function(self.preactivation)
        return torch.mv(self.activation, a).mul_(self.output_scale).sub_(self.network.targets)

    def _step(self, rate: float, residual: Tensor, a: Tensor, moved: Tensor) -> None:
        """Update the input weights: c_ki -= rate e_i a_k g_ki, or w by the sum over i."""
        gated = self.gate.mul_(a)
        scale = -rate * self.rate_w
        if self.by_sample:
            moved.addcmul_(gated, residual[:, None], value=scale)
        else:
            pull = residual[:, None] * self.network.inputs
            moved.addmm_(pull.T, gated, alpha=scale)
