"""Descent as in the authors' code: automatic differentiation, and a second pass for the loss.

authors.py takes the same steps with gradients written by hand, in fewer operations and less
memory. The number of steps is the same, so only the time of one step is measured here.
"""

import time
from typing import Self

import torch
from torch import Tensor

from benchmarks.authors import FIRST_RATE
from benchmarks.cases import Start
from benchmarks.plain import Plain


class Automatic:
    """A network whose steps are those of torch.optim.SGD on the mean squared error.

    Parameters
    ----------
    plain : Plain
        Data and scales.
    a, w : Tensor (m,), (d, m)
        Neurons at the start.
    rate : float
        Normalised time of a step.
    """

    def __init__(self, plain: Plain, a: Tensor, w: Tensor, rate: float) -> None:
        self.plain = plain
        self.a, self.w = (each.clone().requires_grad_() for each in (a, w))
        # In normalised variables the two groups of weights have rates of their own.
        groups = [
            {"params": [self.a], "lr": rate / plain.kappa_prime},
            {"params": [self.w], "lr": rate * plain.kappa_prime},
        ]
        self.optimiser = torch.optim.SGD(groups)

    @classmethod
    def of(cls, start: Start, first_rate: float = FIRST_RATE) -> Self:
        """Begin at a rate in units of 1 / lambda_max of the initial kernel."""
        plain, a, w = Plain.of(start), start.a[0], start.w[0]
        return cls(plain, a, w, first_rate / plain.fastest(plain.hidden(w), a))

    def loss(self) -> Tensor:
        """R = sum e^2 / 2n."""
        return self.plain.error(self.plain.hidden(self.w), self.a).square().mean() / 2

    def step(self) -> float:
        """Descend once; the loss afterwards."""
        self.optimiser.zero_grad()
        self.loss().backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        with torch.no_grad():
            return float(self.loss())


def seconds_per_step(start: Start, budget: float) -> float:
    """Time steps for about `budget` seconds, after two that are not timed."""
    descent = Automatic.of(start)
    descent.step(), descent.step()
    steps, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < budget or steps == 0:
        descent.step()
        steps += 1
    return took / steps
