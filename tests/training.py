"""Short ways to train one network, for the tests of the numerics."""

from types import ModuleType
from typing import Any

import numpy as np
import torch

from phase_diagram.datasets.problem import Problem
from phase_diagram.flow.outcome import Outcome
from phase_diagram.two_layer import gradient_flow
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.start import reduction

FOUR_POINTS = Problem.from_features(
    "four points", [[-1.0], [-1 / 3], [1 / 3], [1.0]], [0.2, -0.5, 0.7, 0.1]
)
# docs/theory.md section 9: RD at width 1000 by gradient descent in very small steps, mean squared
# error < 2e-6.
REFERENCE = {
    (0.5, 0.0): 0.06325,
    (1.0, 0.0): 1.2175,
    (1.75, 0.0): 22.196,
    (0.75, 0.5): 0.00598,
    (1.5, 1.0): 0.05772,
    (1.75, 0.3): 7.442,
    (1.3, -0.6): 33.82,
    (0.75, -0.5): 0.8589,
}


def draw(width: int, dimension: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Neurons as docs/theory.md section 9 draws them: a (1, m), w (1, d, m)."""
    generator = np.random.default_rng(seed)
    a = generator.standard_normal(width)
    w = generator.standard_normal((width, dimension))
    return torch.tensor(a)[None], torch.tensor(w.T.copy())[None]


def reduced(problem: Problem) -> tuple[Problem, torch.Tensor]:
    """The problem in the span of its inputs, and the basis (r, d) that projects w to it."""
    inputs, basis = reduction.reduce(problem.inputs)
    small = Problem.__new__(Problem)  # past its check: reduced inputs have no constant column
    object.__setattr__(small, "inputs", inputs)
    object.__setattr__(small, "targets", problem.targets)
    return small, torch.tensor(basis)


def network(problem: Problem, kappa: float, kappa_prime: float) -> Network:
    scales = (torch.tensor([value], dtype=torch.float64) for value in (kappa, kappa_prime))
    return Network(torch.tensor(problem.inputs), torch.tensor(problem.targets), *scales)


def train(
    problem: Problem,
    gamma: float,
    gamma_prime: float,
    a: torch.Tensor,
    w: torch.Tensor,
    method: ModuleType = gradient_flow,
    **options: Any,
) -> Outcome:
    width = a.shape[1]
    model = network(problem, float(width) ** -gamma, float(width) ** -gamma_prime)
    options = {"tolerance": 1e-6, **options}
    ((_, outcome),) = method.train(model, a, w, **options)
    return outcome


def relative_distance(outcome: Outcome, w: torch.Tensor) -> float:
    return float(outcome.delta_w.norm() / w.norm())
