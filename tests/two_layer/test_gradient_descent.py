"""The authors' procedure: against an independent one in their own variables, and the flow."""

import numpy as np
import pytest
import torch
from training import FOUR_POINTS, draw, network, reduced, relative_distance, train

from phase_diagram.datasets.load import load
from phase_diagram.datasets.problem import Problem
from phase_diagram.flow.outcome import Status
from phase_diagram.two_layer import gradient_descent
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.start import quadrature

# Increments are kept by sample where that takes fewer operations; here it does not.
MANY_POINTS = Problem.from_features(
    "nine points", np.linspace(-1, 1, 9)[:, None], np.sin(3 * np.linspace(-1, 1, 9))
)


def descend_as_written(alpha, beta1, beta2, a, w, rate, tolerance, problem=FOUR_POINTS):
    """Plain gradient descent on f = sum a relu(w x) / alpha, by automatic differentiation."""
    a = (beta1 * a[0]).requires_grad_()
    w = (beta2 * w[0]).requires_grad_()
    start = w.detach().clone()
    inputs, targets = torch.tensor(problem.inputs), torch.tensor(problem.targets)
    for steps in range(20_000):
        residual = (inputs @ w).relu() @ a / alpha - targets
        if residual.square().mean() < tolerance:
            return float((w.detach() - start).norm() / start.norm()), steps
        for parameter, gradient in zip(
            (a, w), torch.autograd.grad(residual.square().mean() / 2, (a, w)), strict=True
        ):
            parameter.data -= rate * gradient
    raise AssertionError("no convergence")


@pytest.mark.parametrize(
    ("alpha", "beta1", "beta2"), [(50.0, 1.0, 1.0), (5.0, 0.2, 0.5), (4e3, 20, 10)]
)
@pytest.mark.parametrize(
    ("problem", "tolerance"), [(FOUR_POINTS, 1e-4), (MANY_POINTS, 1e-2)], ids=["by_sample", "sum"]
)
def test_equal_scales_give_equal_trajectories(alpha, beta1, beta2, problem, tolerance):
    """Only kappa and kappa' matter: (alpha, beta1, beta2) as written by the authors."""
    a, w = draw(100, 2)
    kappa, kappa_prime = beta1 * beta2 / alpha, beta1 / beta2
    model = network(problem, kappa, kappa_prime)
    ((_, outcome),) = gradient_descent.train(model, a, w, tolerance=tolerance, first_rate=0.5)
    rate = outcome.time / outcome.steps * beta1 * beta2  # the same rate, in their time
    expected, steps = descend_as_written(alpha, beta1, beta2, a, w, rate, tolerance, problem)
    assert outcome.steps == steps > 10
    assert relative_distance(outcome, w) == pytest.approx(expected, rel=1e-9)


def assert_agree(problem, point, a, w, tolerance, first_rate):
    flow = train(problem, *point, a, w, tolerance=tolerance)
    options = {"first_rate": first_rate, "tolerance": tolerance}
    descent = train(problem, *point, a, w, gradient_descent, **options)
    assert flow.status is descent.status is Status.CONVERGED
    assert relative_distance(flow, w) == pytest.approx(relative_distance(descent, w), rel=0.01)
    assert flow.evaluations < descent.evaluations / 2


@pytest.mark.parametrize("point", [(0.5, 0.0), (0.75, -0.5), (1.0, 0.0), (1.25, 0.25), (1.75, 0.0)])
def test_small_rates_agree_with_the_flow(point):
    """All three regimes, four points; docs/theory.md section 4."""
    assert_agree(FOUR_POINTS, point, *draw(300, 2), 1e-4, 0.1)


@pytest.mark.parametrize("point", [(0.75, 0.0), (1.0, 0.0), (1.5, 0.0)])
def test_small_rates_agree_with_the_flow_on_mnist(point, without_torchvision, tmp_path):
    small, basis = reduced(load("mnist", mnist_images=20, data_directory=tmp_path))
    a, w = draw(100, 785)
    assert_agree(small, point, a, basis @ w, 1e-3, 0.5)


def test_the_outcome_is_that_of_the_increments():
    """Residual and loss belong to the neurons handed back, which are those at the end."""
    a, w = draw(150, 2)
    for problem, tolerance in ((FOUR_POINTS, 1e-4), (MANY_POINTS, 1e-2)):
        outcome = train(problem, 1.25, 0.0, a, w, gradient_descent, tolerance=tolerance)
        model = network(problem, 150**-1.25, 1.0)
        activation = model.preactivation(w + outcome.delta_w).relu()
        output = model.output(a + outcome.delta_a, activation)[0]
        torch.testing.assert_close(outcome.residual, output - model.targets, rtol=0, atol=1e-12)
        assert float(outcome.residual.square().mean()) < tolerance


def test_one_neuron_may_stand_for_many():
    nodes = quadrature.nodes(0, 64, np.eye(2))
    a, w = torch.tensor(nodes.a)[None], torch.tensor(nodes.w)[None]
    whole = network(FOUR_POINTS, 0.3, 1.0)
    two = torch.tensor([2.0], dtype=torch.float64)
    pairs = Network(whole.inputs, whole.targets, whole.kappa, whole.kappa_prime, two)
    options = {"tolerance": 3e-2, "first_rate": 0.5}
    ((_, half),) = gradient_descent.train(pairs, a, w, **options)
    twice = torch.cat([a, a], 1), torch.cat([w, w], 2)
    ((_, all_),) = gradient_descent.train(whole, *twice, **options)
    assert half.steps == all_.steps > 10
    torch.testing.assert_close(all_.delta_w, torch.cat([half.delta_w] * 2, 1))


def test_the_rate_is_halved_until_the_loss_falls():
    a, w = draw(200, 2)
    outcome = train(FOUR_POINTS, 0.5, 0.0, a, w, method=gradient_descent, first_rate=64.0)
    model = network(FOUR_POINTS, 200**-0.5, 1.0)
    activation = model.preactivation(w).relu()
    kernel = model.tangent_kernel(a, activation, (activation > 0).double())
    stable = outcome.time / outcome.steps * float(torch.linalg.eigvalsh(kernel).max())
    assert outcome.status is Status.CONVERGED
    assert any(stable == pytest.approx(64 / 2**halvings) for halvings in range(4, 10))
    assert outcome.evaluations > outcome.steps + 4


def test_step_limit_counts_all_attempts():
    options = {"step_limit": 50, "first_rate": 8.0}
    outcome = train(FOUR_POINTS, 1.75, 0.0, *draw(100, 2), gradient_descent, **options)
    assert outcome.status is Status.STEP_LIMIT
    assert outcome.evaluations <= 60


def test_bad_numbers_diverge():
    a, w = draw(10, 2)
    outcome = train(FOUR_POINTS, 0.5, 0.0, a * np.inf, w, method=gradient_descent)
    assert outcome.status is Status.DIVERGED


def test_batches_are_trained_one_by_one():
    neurons = [draw(50, 2, seed) for seed in (0, 1)]
    a, w = (torch.cat([one[axis] for one in neurons]) for axis in (0, 1))
    scale = torch.full((2,), 50**-0.5, dtype=torch.float64)
    data = torch.tensor(FOUR_POINTS.inputs), torch.tensor(FOUR_POINTS.targets)
    model = Network(*data, scale, torch.ones_like(scale))
    together = dict(gradient_descent.train(model, a, w, tolerance=3e-2))
    for seed in (0, 1):
        alone = train(FOUR_POINTS, 0.5, 0.0, *neurons[seed], gradient_descent, tolerance=3e-2)
        assert torch.equal(together[seed].delta_w, alone.delta_w)
