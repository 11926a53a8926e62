"""Numbers out of range: every network ends, with a status and a reason, and none holds up others.

15 problems and points of the plane, each by gradient flow and by gradient descent.
"""

import math

import numpy as np
import pytest

from phase_diagram.datasets.load import load
from phase_diagram.datasets.problem import Problem
from phase_diagram.flow.outcome import Reason
from phase_diagram.sweeps import sweep
from phase_diagram.sweeps.sweep import Network
from phase_diagram.training import Training


def problem(inputs, targets) -> Problem:
    return Problem.from_features("given", np.array(inputs, dtype=float)[:, None], targets)


FOUR = load("four_points")
CONTRADICTION = problem([0.5, 0.5, 1.0], [1.0, -1.0, 0.3])
WAVY = problem(np.linspace(-1, 1, 30), np.sin(9 * np.linspace(-1, 1, 30)) * np.arange(30) % 3)
STALLED = {Reason.NO_PROGRESS, Reason.AT_REST, Reason.STEPS, Reason.NO_STEP}
DONE = {Reason.TOLERANCE}

CASES = {
    "equal inputs, different targets": (CONTRADICTION, Network(1.0, 0.0, 100, 0), STALLED),
    "the same, condensed": (CONTRADICTION, Network(1.75, 0.0, 100, 0), STALLED),
    "a zero target": (problem([-1, 0.5, 1], [0.0, 0.0, 0.0]), Network(1.0, 0.0, 100, 0), DONE),
    "one point": (problem([0.3], [1.0]), Network(1.0, 0.0, 100, 0), DONE),
    "more points than neurons": (WAVY, Network(1.0, 0.0, 5, 0), STALLED),
    "two neurons": (FOUR, Network(1.0, 0.0, 2, 0), STALLED),
    "gamma 0": (FOUR, Network(0.0, 0.0, 100, 0), DONE),
    "gamma -5, wide": (FOUR, Network(-5.0, 0.0, 10_000, 0), STALLED),
    "gamma 6": (FOUR, Network(6.0, 0.0, 100, 0), DONE | STALLED),
    "gamma' -10": (FOUR, Network(1.0, -10.0, 100, 0), DONE),
    "gamma' 10": (FOUR, Network(1.0, 10.0, 100, 0), DONE | STALLED),
    "inputs of 1e200": (problem([1e200, -1e200], [1.0, 2.0]), Network(1.0, 0.0, 50, 0), None),
    "targets of 1e200": (problem([1.0, -1.0], [1e200, 2.0]), Network(1.0, 0.0, 50, 0), None),
    "inputs of 1e-200": (problem([1e-200, -1e-200], [1.0, 2.0]), Network(1, 0, 50, 0), STALLED),
    "kappa of 1e-160": (FOUR, Network(8.0, 8.0, 10**10, 0), {Reason.SCALES}),
}
METHODS = {
    "gradient_flow": Training(),
    "gradient_descent": Training(method="gradient_descent", step_limit=2000),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
def test_it_ends_with_a_status_and_a_reason(case, method):
    given, network, reasons = CASES[case]
    training = METHODS[method] if network.width < 10**9 else Training(quadrature=64)
    (result,) = sweep.train(given, [network], training, device="cpu")
    reason = Reason(result.reason)
    assert result.status == reason.status
    expected = {Reason.NOT_FINITE} if reasons is None else reasons
    if method == "gradient_descent" and expected != {Reason.NOT_FINITE, Reason.SCALES}:
        # It has steps enough for easy networks alone.
        expected = expected | {Reason.STEPS}
    assert reason in expected
    # Not after the 10,000 steps that a network may take, a quarter of a minute.
    assert result.steps < 2500
    assert (result.status == "converged") == (2 * result.loss < training.tolerance)


def test_a_network_without_anything_to_learn():
    """With quadrature the output begins at zero, exactly: RD is 0, and has no logarithm."""
    zero = problem([-1, 0.5, 1], [0.0, 0.0, 0.0])
    (result,) = sweep.train(zero, [Network(1.0, 0.0, 10**6, 0)], Training(quadrature=64))
    assert (result.status, result.reason) == ("converged", Reason.AT_START)
    assert (result.rd, result.steps) == (0.0, 0)


@pytest.mark.parametrize("gamma", [-5.0, 0.0, 6.0])
@pytest.mark.parametrize("gamma_prime", [-10.0, 0.0, 10.0])
def test_scales_beyond_all_floats(gamma, gamma_prime):
    network = Network(gamma, gamma_prime, 10**50, 0)
    (result,) = sweep.train(FOUR, [network], Training(quadrature=64), device="cpu")
    if (gamma, gamma_prime) == (0.0, 0.0):
        assert result.status == "converged"
        return
    assert (result.status, result.reason) == ("not_trained", Reason.SCALES)
    assert math.isnan(result.rd) and math.isnan(result.loss) and math.isnan(result.condensation)


def test_the_others_go_on():
    networks = [
        Network(gamma, 0.0, width, 0) for gamma in (-5.0, 1.0, 6.0) for width in (10**20, 10**40)
    ]
    results = list(sweep.train(FOUR, networks, Training(quadrature=64), device="cpu"))
    assert {result.network for result in results} == set(networks)
    assert len(results) == len(networks)
    ended = {result.network: result.status for result in results}
    assert all(ended[network] == "converged" for network in networks if network.gamma == 1.0)
    (alone,) = sweep.train(FOUR, [networks[2]], Training(quadrature=64), device="cpu")
    assert alone.rd == next(result.rd for result in results if result.network == networks[2])
