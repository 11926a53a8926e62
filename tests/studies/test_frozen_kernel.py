"""Training under a frozen kernel: against plain formulas, and against networks that are lazy."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from training import FOUR_POINTS, draw, network

from phase_diagram.datasets.problem import Problem
from phase_diagram.studies.shared import frozen_kernel, infinite_width
from phase_diagram.studies.shared.frozen_kernel import FrozenKernel
from phase_diagram.two_layer import gradient_flow, trained

KAPPA, KAPPA_PRIME = 0.3, 2.5
NEW = torch.tensor([[x, 1.0] for x in (-1.3, -0.2, 0.0, 0.7, 2.0)], dtype=torch.float64)


@pytest.fixture
def small():
    """A network of seven neurons on the four points, and its frozen kernel at new inputs."""
    model = network(FOUR_POINTS, KAPPA, KAPPA_PRIME)
    a, w = draw(7, 2, seed=4)
    return model, a, w, frozen_kernel.of_network(model, a, w, NEW)


def output(points, a, w):
    return KAPPA * (points @ w[0]).relu() @ a[0]


def test_output_of_the_network(small):
    model, a, w, frozen = small
    expected = output(NEW, a, w)
    torch.testing.assert_close(frozen.output, expected)
    torch.testing.assert_close(trained.output_at(model, a, w, NEW), expected)
    torch.testing.assert_close(frozen.residual, output(model.inputs, a, w) - model.targets)


def test_kernel_is_that_of_the_gradients(small):
    """The kernel by automatic differentiation, with the rates of the normalised equations."""
    model, a, w, frozen = small
    both = torch.cat([model.inputs, NEW])
    jacobians = torch.autograd.functional.jacobian(lambda a, w: output(both, a, w), (a, w))
    by_a, by_w = (jacobian.flatten(1) for jacobian in jacobians)
    # In terms of f: n da/dt = -(1/kappa') e df/da and n dw/dt = -kappa' e df/dw.
    kernel = (by_a @ by_a.T / KAPPA_PRIME + by_w @ by_w.T * KAPPA_PRIME) / len(model.targets)
    torch.testing.assert_close(frozen.kernel, kernel[:4, :4])
    torch.testing.assert_close(frozen.cross, kernel[4:, :4])


@pytest.mark.parametrize("time", [0.0, 0.3, 4.0, 500.0])
def test_outputs_solve_the_linear_equations(small, time):
    """Against the matrix exponential of d(e, f)/dt = -(K e, k e)."""
    _, _, _, frozen = small
    rows = torch.cat([frozen.kernel, frozen.cross])
    matrix = torch.cat([-rows, torch.zeros(len(rows), len(NEW), dtype=torch.float64)], dim=1)
    start = torch.cat([frozen.residual, frozen.output])
    expected = torch.linalg.matrix_exp(time * matrix) @ start
    torch.testing.assert_close(frozen.residual_after(time), expected[:4], atol=1e-12, rtol=1e-9)
    torch.testing.assert_close(frozen.output_after(time), expected[4:], atol=1e-12, rtol=1e-9)


@given(seed=st.integers(0, 1000), time=st.floats(0, 1e6), spread=st.floats(0, 18))
def test_outputs_at_the_inputs_are_targets_and_residuals(seed, time, spread):
    """Also where the eigenvalues of the kernel span many orders of magnitude, or are zero."""
    generator = np.random.default_rng(seed)
    modes, _ = np.linalg.qr(generator.standard_normal((5, 5)))
    rates = np.append(10.0 ** -np.linspace(0, spread, 4), 0.0)
    kernel = torch.tensor((modes * rates) @ modes.T)
    kernel = (kernel + kernel.T) / 2
    residual = torch.tensor(generator.standard_normal(5))
    targets = torch.tensor(generator.standard_normal(5))
    frozen = FrozenKernel(kernel, kernel, residual, targets + residual)
    after = frozen.residual_after(time)
    # Rounding of the kernel itself, 1e-16, acts for the whole time.
    scale = 1e-12 + 1e-14 * time
    torch.testing.assert_close(frozen.output_after(time) - targets, after, atol=scale, rtol=1e-9)
    assert after.norm() <= residual.norm() * (1 + 1e-12)
    assert (frozen.amplitudes(after).abs() <= frozen.amplitudes(residual).abs() + 1e-12).all()
    assert (frozen.rates.diff() >= 0).all()


def test_contradicting_targets_end_at_their_mean():
    """Equal inputs with different targets: an eigenvalue of zero, and no division by it."""
    problem = Problem("contradiction", np.ones((2, 1)), np.array([1.0, 2.0]))
    model = network(problem, 1.0, 1.0)
    frozen = frozen_kernel.of_network(model, *draw(50, 1), torch.ones(1, 1, dtype=torch.float64))
    assert float(frozen.output_after(1e9)[0]) == pytest.approx(1.5, abs=1e-6)
    difference = frozen.residual_after(1e9)
    torch.testing.assert_close(difference, torch.tensor([0.5, -0.5], dtype=torch.float64))


@pytest.mark.parametrize("tolerance", [1e-2, 1e-8])
def test_a_network_with_a_huge_kernel_is_lazy(tolerance):
    """At kappa m = 1e6 neurons hardly move: training is that of the frozen kernel at all times."""
    a, w = draw(500, 2)
    a, w = torch.cat([a, -a], 1), torch.cat([w, w], 2)  # antithetic: zero output at the start
    model = network(FOUR_POINTS, 1e3, 1.7)
    frozen = frozen_kernel.of_network(model, a, w, NEW)
    ((_, outcome),) = gradient_flow.train(model, a, w, tolerance=tolerance, step_tolerance=1e-4)
    final = trained.output_at(model, a + outcome.delta_a, w + outcome.delta_w, NEW)
    torch.testing.assert_close(final, frozen.output_after(outcome.time), atol=1e-3, rtol=0)
    torch.testing.assert_close(
        outcome.residual, frozen.residual_after(outcome.time), atol=1e-3, rtol=0
    )
    moved = (final - frozen.output).norm()
    assert moved > 0.5


def test_slices_do_not_matter(small, monkeypatch):
    model, a, w, frozen = small
    monkeypatch.setattr(trained, "SLICE_ELEMENTS", 20)
    cut = frozen_kernel.of_network(model, a, w, NEW)
    for name in ("kernel", "cross", "residual", "output"):
        torch.testing.assert_close(getattr(cut, name), getattr(frozen, name))
    torch.testing.assert_close(trained.output_at(model, a, w, NEW), frozen.output)


def test_infinite_width_starts_from_zero_unless_told():
    model = network(FOUR_POINTS, KAPPA, KAPPA_PRIME)
    frozen = infinite_width.frozen_kernel(model, 100, NEW)
    assert not frozen.output.any()
    torch.testing.assert_close(frozen.residual, -model.targets)
    own = infinite_width.frozen_kernel(
        model, 100, NEW, residual=model.targets, output=torch.ones(5, dtype=torch.float64)
    )
    torch.testing.assert_close(own.output_after(0.0), torch.ones(5, dtype=torch.float64))
    torch.testing.assert_close(own.residual_after(0.0), model.targets)
