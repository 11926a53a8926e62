"""The authors' procedure: against an independent one in their own variables, and the flow."""

import numpy as np
import pytest
import torch
from training import FOUR_POINTS, draw, network, reduced, relative_distance, train

from phase_diagram import datasets, gradient_descent
from phase_diagram.network import Network
from phase_diagram.outcome import Status


def descend_as_written(alpha, beta1, beta2, a, w, rate, tolerance):
    """Plain gradient descent on f = sum a relu(w x) / alpha, by automatic differentiation."""
    a = (beta1 * a[0]).requires_grad_()
    w = (beta2 * w[0]).requires_grad_()
    start = w.detach().clone()
    inputs, targets = torch.tensor(FOUR_POINTS.inputs), torch.tensor(FOUR_POINTS.targets)
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
def test_equal_scales_give_equal_trajectories(alpha, beta1, beta2):
    """Only kappa and kappa' matter: three (alpha, beta1, beta2), each as written by the authors."""
    a, w = draw(100, 2)
    kappa, kappa_prime = beta1 * beta2 / alpha, beta1 / beta2
    model = network(FOUR_POINTS, kappa, kappa_prime)
    ((_, outcome),) = gradient_descent.train(model, a, w, tolerance=1e-4, first_rate=0.5)
    rate = outcome.time / outcome.steps * beta1 * beta2  # the same rate, in their time
    expected, steps = descend_as_written(alpha, beta1, beta2, a, w, rate, 1e-4)
    assert outcome.steps == steps
    assert relative_distance(outcome, w) == pytest.approx(expected, rel=1e-9)


def test_triples_of_equal_scales_are_one_network():
    """Triples with equal (kappa, kappa') give the same numbers, by two different routes."""
    a, w = draw(80, 2)
    results = {
        descend_as_written(alpha, beta1, beta2, a, w, beta1 * beta2, 1e-3)
        for alpha, beta1, beta2 in [(16.0, 1.0, 1.0), (1.0, 0.25, 0.25), (64.0, 2.0, 2.0)]
    }
    # Powers of two: equal to the last bit.
    assert len(results) == 1


@pytest.mark.parametrize("point", [(0.5, 0.0), (0.75, -0.5), (1.0, 0.0), (1.25, 0.25), (1.75, 0.0)])
def test_small_rates_agree_with_the_flow(point):
    """All three regimes, four points; docs/theory.md section 8, first warning."""
    a, w = draw(300, 2)
    flow = train(FOUR_POINTS, *point, a, w, tolerance=1e-4)
    options = {"first_rate": 0.1, "tolerance": 1e-4}
    descent = train(FOUR_POINTS, *point, a, w, gradient_descent, **options)
    assert flow.status is descent.status is Status.CONVERGED
    assert relative_distance(flow, w) == pytest.approx(relative_distance(descent, w), rel=0.01)


@pytest.mark.parametrize("point", [(0.75, 0.0), (1.0, 0.0), (1.5, 0.0)])
def test_small_rates_agree_with_the_flow_on_mnist(point, without_torchvision, tmp_path):
    problem = datasets.load("mnist", mnist_images=20, data_directory=tmp_path)
    small, basis = reduced(problem)
    a, w = draw(100, 785)
    w = basis @ w
    flow = train(small, *point, a, w, tolerance=1e-3)
    descent = train(small, *point, a, w, gradient_descent, first_rate=0.5, tolerance=1e-3)
    assert flow.status is descent.status is Status.CONVERGED
    assert relative_distance(flow, w) == pytest.approx(relative_distance(descent, w), rel=0.01)
    assert flow.evaluations < descent.evaluations / 2


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
    outcome = train(
        FOUR_POINTS,
        1.75,
        0.0,
        *draw(100, 2),
        method=gradient_descent,
        step_limit=50,
        first_rate=8.0,
    )
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
        alone = train(
            FOUR_POINTS, 0.5, 0.0, *neurons[seed], method=gradient_descent, tolerance=3e-2
        )
        assert torch.equal(together[seed].delta_w, alone.delta_w)
