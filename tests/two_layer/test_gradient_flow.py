"""The solver against exact solutions, reference values, invariants and itself."""

import math

import numpy as np
import pytest
import torch
from scipy.optimize import brentq
from training import FOUR_POINTS, REFERENCE, draw, network, reduced, relative_distance, train

from phase_diagram.datasets.problem import Problem
from phase_diagram.flow.outcome import Reason, Status
from phase_diagram.observables import observables
from phase_diagram.two_layer import exponential_step, gradient_flow
from phase_diagram.two_layer.equations import network as network_module


@pytest.mark.parametrize("point", REFERENCE)
def test_reference_values(point):
    a, w = draw(1000, 2)
    outcome = train(FOUR_POINTS, *point, a, w, tolerance=2e-6)
    assert outcome.status is Status.CONVERGED
    assert relative_distance(outcome, w) == pytest.approx(REFERENCE[point], rel=0.01)


@pytest.mark.parametrize("kappa_prime", [0.2, 1.0, 5.0])
def test_one_sample_is_solved_exactly(kappa_prime):
    """With one sample every neuron turns hyperbolically in the time s = integral of e dt."""
    width, kappa, target = 400, 0.02, 3.0
    a, w = draw(width, 1)
    problem = Problem("one", np.ones((1, 1)), np.array([target]))
    model = network(problem, kappa, kappa_prime)
    ((_, outcome),) = gradient_flow.train(
        model, a, w, tolerance=1e-16, step_tolerance=1e-4, step_limit=100_000
    )
    big, u = kappa_prime * a[0].numpy(), w[0, 0].numpy()
    active = u > 0

    def after(s):
        plus, minus = (big + u) * math.exp(-kappa * s), (big - u) * math.exp(kappa * s)
        # A neuron whose u has reached zero has died there, with its A as it was then: since
        # A^2 - u^2 is constant, |A| = sqrt(A0^2 - u0^2).
        dies = active & (plus - minus <= 0)
        rest = np.sign(big) * np.sqrt(np.maximum(big**2 - u**2, 0))
        new_big = np.where(active, np.where(dies, rest, (plus + minus) / 2), big)
        new_u = np.where(active, np.where(dies, 0.0, (plus - minus) / 2), u)
        return new_big, new_u

    def excess(s):
        new_big, new_u = after(s)
        return kappa / kappa_prime * float(new_big @ np.maximum(new_u, 0)) - target

    new_big, new_u = after(brentq(excess, -100, 100, xtol=1e-12))
    np.testing.assert_allclose(w[0, 0] + outcome.delta_w[0], new_u, atol=2e-3)
    np.testing.assert_allclose(kappa_prime * (a[0] + outcome.delta_a), new_big, atol=2e-3)
    exact = np.linalg.norm(new_u - u) / np.linalg.norm(u)
    assert relative_distance(outcome, w) == pytest.approx(exact, rel=1e-4)


@pytest.mark.parametrize("point", [(0.75, 0.0), (1.0, 0.0), (1.5, 0.0), (1.5, -0.5), (1.25, 0.5)])
def test_conserved_quantity(point):
    """kappa'^2 a^2 - |w|^2 of each neuron stays, the better the smaller the steps may err."""
    width = 300
    a, w = draw(width, 2)
    kappa_prime = float(width) ** -point[1]
    before = observables.conserved(a[0], w[0], kappa_prime)
    drift = []
    for step_tolerance in (0.03, 0.001):
        outcome = train(FOUR_POINTS, *point, a, w, step_tolerance=step_tolerance)
        a_end, w_end = a[0] + outcome.delta_a, w[0] + outcome.delta_w
        after = observables.conserved(a_end, w_end, kappa_prime)
        scale = kappa_prime**2 * a_end.square() + w_end.square() + before.abs()
        drift.append(float(((after - before).abs() / scale).mean()))
    assert drift[0] < 0.02
    assert drift[1] < max(drift[0] / 3, 1e-9)


def reduced_and_whole(point):
    generator = np.random.default_rng(3)
    features, targets = generator.normal(size=(5, 19)), generator.normal(size=5)
    problem = Problem.from_features("wide", features, targets)
    a, w = draw(200, 20)
    small, basis = reduced(problem)
    inside = train(small, *point, a, basis @ w, step_tolerance=0.003)
    return inside, train(problem, *point, a, w, step_tolerance=0.003), basis


@pytest.mark.parametrize("point", [(0.5, 0.0), (1.0, 0.5), (1.25, 0.5), (1.5, 0.0)])
def test_reduced_as_unreduced(point):
    """Inputs reduced to the space they span give the same training; docs/theory.md section 7."""
    inside, whole, basis = reduced_and_whole(point)
    assert inside.delta_w.shape == (5, 200)
    assert inside.steps == whole.steps
    np.testing.assert_allclose(whole.delta_w, basis.T @ inside.delta_w, atol=1e-7)
    assert float(inside.delta_w.norm()) == pytest.approx(float(whole.delta_w.norm()), rel=1e-8)


def test_reduced_as_unreduced_through_the_origin():
    """Neurons that reach the origin of the span do not reach w = 0: the same to the accuracy."""
    inside, whole, _ = reduced_and_whole((1.5, -1.0))
    assert float(inside.delta_w.norm()) == pytest.approx(float(whole.delta_w.norm()), rel=1e-3)


def test_increments_below_the_rounding_of_the_weights():
    """In the linear regime w moves by less than its own rounding, and RD still has all digits."""
    a, w = draw(100, 2)
    a, w = torch.cat([a, -a], 1), torch.cat([w, w], 2)  # antithetic: zero output at the start
    small = []
    for kappa_prime in (1e-9, 1e-10):
        model = network(FOUR_POINTS, 1.0, kappa_prime)
        ((_, outcome),) = gradient_flow.train(model, a, w, tolerance=1e-6)
        assert outcome.status is Status.CONVERGED
        small.append(relative_distance(outcome, w))
    assert small[0] < 1e-16
    assert small[0] / small[1] == pytest.approx(100, rel=1e-6)


@pytest.mark.parametrize("point", [(0.5, 0.0), (1.75, 0.0)])
def test_batch_as_one_by_one(point):
    """Networks in a batch, each with its own step size, end as they do alone."""
    seeds = range(4)
    neurons = [draw(200, 2, seed) for seed in seeds]
    a, w = (torch.cat([one[axis] for one in neurons]) for axis in (0, 1))
    scales = [200.0 ** -(point[0] + 0.1 * seed) for seed in seeds]
    one = torch.ones(4, dtype=torch.float64)
    data = torch.tensor(FOUR_POINTS.inputs), torch.tensor(FOUR_POINTS.targets)
    model = network_module.Network(*data, torch.tensor(scales, dtype=torch.float64), one)
    together = dict(gradient_flow.train(model, a, w, tolerance=1e-6))
    assert sorted(together) == list(seeds)
    for seed in seeds:
        alone = train(FOUR_POINTS, point[0] + 0.1 * seed, 0.0, *neurons[seed])
        assert together[seed].steps == alone.steps
        np.testing.assert_allclose(together[seed].delta_w, alone.delta_w, rtol=1e-6, atol=1e-9)


def test_parts_do_not_matter(monkeypatch):
    a, w = draw(1000, 2)
    whole = train(FOUR_POINTS, 1.5, 0.0, a, w)
    monkeypatch.setattr(exponential_step, "PART_ELEMENTS", 4 * 77)
    cut = train(FOUR_POINTS, 1.5, 0.0, a, w)
    assert cut.steps == whole.steps
    assert relative_distance(cut, w) == pytest.approx(relative_distance(whole, w), rel=1e-9)


def test_training_ends_just_below_the_tolerance():
    """The end of training is a matter of the tolerance, not of where steps happen to fall."""
    a, w = draw(500, 2)
    for tolerance in (1e-2, 1e-4, 1e-6):
        outcome = train(FOUR_POINTS, 0.5, 0.0, a, w, tolerance=tolerance)
        assert 0.5 * tolerance < float(outcome.residual.square().mean()) < tolerance


class TestOutOfRange:
    """Every network ends, with a status that says how and a reason that says why."""

    def test_step_limit(self):
        outcome = train(FOUR_POINTS, 1.5, 0.0, *draw(100, 2), step_limit=3)
        assert (outcome.status, outcome.steps) == (Status.STEP_LIMIT, 3)
        assert outcome.reason is Reason.STEPS

    def test_no_interpolation_possible(self):
        """Equal inputs with different targets: the flow comes to rest, and is not run for ever."""
        problem = Problem("contradiction", np.ones((2, 1)), np.array([0.0, 1.0]))
        outcome = train(problem, 0.5, 0.0, *draw(100, 1))
        assert outcome.reason is Reason.AT_REST
        assert outcome.steps < 1000
        np.testing.assert_allclose(outcome.residual, [0.5, -0.5], atol=1e-3)

    def test_dead_network(self):
        """No neuron is active on the data: nothing moves."""
        a, w = draw(10, 2)
        w = torch.stack([torch.zeros_like(a), -w[:, 1].abs()], 1)
        outcome = train(FOUR_POINTS, 0.5, 0.0, a, w)
        assert outcome.reason is Reason.AT_REST
        assert not outcome.delta_w.any()

    def test_one_bad_network_harms_no_other(self):
        a, w = draw(50, 2)
        data = torch.tensor(FOUR_POINTS.inputs), torch.tensor(FOUR_POINTS.targets)
        scales = torch.full((2,), 50**-0.5, dtype=torch.float64), torch.ones(2, dtype=torch.float64)
        model = network_module.Network(*data, *scales)
        both = torch.cat([a * math.nan, a]), torch.cat([w, w])
        outcomes = dict(gradient_flow.train(model, *both, tolerance=1e-6))
        assert outcomes[0].status is Status.DIVERGED
        assert outcomes[1].status is Status.CONVERGED
        alone = train(FOUR_POINTS, 0.5, 0.0, a, w)
        np.testing.assert_allclose(outcomes[1].delta_w, alone.delta_w, rtol=1e-9)


@pytest.mark.parametrize("point", [(0.75, 0.25), (1.25, -0.5)])
def test_coordinates_do_not_matter(monkeypatch, point):
    """Samples as coordinates of the increments, or dimensions: the same neurons."""
    inputs = np.random.default_rng(5).normal(size=(4, 4))
    problem = Problem.from_features("square", inputs[:, :3], [0.3, -0.8, 0.5, 0.1])
    a, w = draw(300, 4)
    by_sample = train(problem, *point, a, w)
    monkeypatch.setattr(network_module.Network, "by_sample", False)
    in_space = train(problem, *point, a, w)
    assert by_sample.steps == in_space.steps
    assert float((by_sample.delta_w - in_space.delta_w).norm()) < 1e-4 * float(w.norm())
    torch.testing.assert_close(by_sample.residual, in_space.residual, rtol=1e-2, atol=1e-5)
