"""Activations by name: their functions, and that training with them is right.

All but the first two tests ask every name of ACTIVATIONS. One that is added needs a line in TORCH.
"""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from torch.nn import functional
from training import FOUR_POINTS, draw, relative_distance

from phase_diagram import activations
from phase_diagram.activations import ACTIVATIONS
from phase_diagram.datasets.problem import Problem
from phase_diagram.fits import slopes as fits
from phase_diagram.flow import step_size
from phase_diagram.plane import theory
from phase_diagram.studies.shared import frozen_kernel
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training
from phase_diagram.two_layer import gradient_descent, gradient_flow, trained
from phase_diagram.two_layer.equations import gates
from phase_diagram.two_layer.equations.network import Network

# What torch computes by these names.
TORCH = {
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "tanh": torch.tanh,
    "gelu": functional.gelu,
    "softplus": partial(functional.softplus, threshold=1000),  # it is a line beyond 20 else
}
SMOOTH = [name for name, each in ACTIVATIONS.items() if not each.homogeneous]
EVERY = pytest.mark.parametrize("name", ACTIVATIONS)
number = st.floats(-30, 30).map(lambda value: round(value, 3))
SPACE = Problem.from_features(
    "space", np.random.default_rng(5).normal(size=(6, 3)), np.random.default_rng(6).normal(size=6)
)


def one(value):
    return torch.tensor([value], dtype=torch.float64)


def network(problem, name, point, width):
    data = torch.tensor(problem.inputs), torch.tensor(problem.targets)
    scales = (one(float(width) ** -exponent) for exponent in point)
    return Network(*data, *scales, None, ACTIVATIONS[name])


# ---- the functions --------------------------------------------------------------------------


def test_these_are_all():
    assert set(TORCH) == set(ACTIVATIONS)


@EVERY
@given(z=number)
def test_value_and_slope_are_those_of_torch(name, z):
    z = one(z or 0.5).requires_grad_()  # at a kink there is no slope
    expected = TORCH[name](z)
    (slope,) = torch.autograd.grad(expected.sum(), z)
    torch.testing.assert_close(ACTIVATIONS[name].value(z), expected, rtol=1e-12, atol=1e-15)
    torch.testing.assert_close(ACTIVATIONS[name].slope(z), slope, rtol=1e-12, atol=1e-15)


@EVERY
def test_homogeneous_is_what_it_says(name):
    z = torch.linspace(-3, 3, 61, dtype=torch.float64)
    sigma = ACTIVATIONS[name]
    scaled = torch.stack([sigma.value(c * z) - c * sigma.value(z) for c in (0.1, 7.0)])
    assert sigma.homogeneous == bool((scaled.abs() < 1e-14).all())


@EVERY
@given(start=number, shift=number)
def test_changes_are_differences(name, start, shift):
    sigma, start, shift = ACTIVATIONS[name], one(start), one(shift)
    expected = sigma.value(start + shift) - sigma.value(start)
    torch.testing.assert_close(sigma.change(start, shift), expected, rtol=1e-9, atol=1e-13)


@EVERY
@given(start=st.floats(-3, 3).filter(lambda value: abs(value) > 1e-3), power=st.integers(-40, -6))
def test_small_changes_keep_their_digits(name, start, power):
    """Where weights hardly move the change is far below the rounding of sigma itself."""
    sigma, start, shift = ACTIVATIONS[name], one(start), one(10.0**power)
    # Exact to the second order: the mean slope is that in the middle.
    expected = shift * sigma.slope(start + 0.5 * shift)
    torch.testing.assert_close(sigma.change(start, shift), expected, rtol=1e-9, atol=0.0)


@pytest.mark.parametrize("name", SMOOTH)
def test_mean_slopes_are_those_of_the_path(name):
    sigma = ACTIVATIONS[name]
    start = torch.linspace(-2, 2, 9, dtype=torch.float64)[None, None]
    shift = torch.linspace(3, -3, 9, dtype=torch.float64)[None, None]
    shares = (torch.arange(20_000, dtype=torch.float64) + 0.5) / 20_000
    expected = sigma.slope(start[..., None] + shift[..., None] * shares).mean(-1)
    data = torch.eye(1, dtype=torch.float64), one(0.0)
    mean, final = gates.smooth(Network(*data, one(1.0), one(1.0), None, sigma), start, shift)
    torch.testing.assert_close(mean, expected, rtol=1e-8, atol=1e-10)
    torch.testing.assert_close(final, sigma.slope(start + shift))


def test_the_activation_of_the_docs(monkeypatch):
    """docs/extending.md shows how to add one, and this is all there is to it."""
    page = (Path(__file__).parents[2] / "docs/extending.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    monkeypatch.setattr(activations, "ACTIVATIONS", {})
    exec(block, dict(vars(activations)))
    ((name, silu),) = activations.ACTIVATIONS.items()
    assert name == "silu"
    assert not silu.homogeneous
    z = torch.linspace(-9, 9, 99, dtype=torch.float64, requires_grad=True)
    expected = functional.silu(z)
    torch.testing.assert_close(silu.value(z), expected)
    torch.testing.assert_close(silu.slope(z), *torch.autograd.grad(expected.sum(), z))


# ---- the network ----------------------------------------------------------------------------


@EVERY
def test_kernel_and_velocity_are_those_of_the_gradients(name):
    model = network(SPACE, name, (0.7, -0.2), 9)
    a, w = draw(9, 4, seed=3)
    n = len(SPACE.targets)

    def output(a, w):
        return model.output_scale * (a[0] * TORCH[name](model.inputs @ w[0])).sum(1)

    by_a, by_w = (
        jacobian.flatten(1) for jacobian in torch.autograd.functional.jacobian(output, (a, w))
    )
    ratio = float(model.kappa_prime)
    kernel = (by_a @ by_a.T / ratio + by_w @ by_w.T * ratio) / n
    activation, gate = model.sigma.function(model.preactivation(w))
    torch.testing.assert_close(model.tangent_kernel(a, activation, gate)[0], kernel)
    residual = output(a, w) - model.targets
    velocity_a, velocity_w = model.velocity(a, w)
    torch.testing.assert_close(velocity_a.flatten(), -residual @ by_a / ratio / n)
    torch.testing.assert_close(velocity_w.flatten(), -residual @ by_w * ratio / n)


def integrated(model, a, w, tolerance):
    """RD at the tolerance by a Runge-Kutta method of order 8, which knows nothing of networks."""
    width, shape = a.shape[1], w.shape

    def neurons(y):
        return torch.tensor(y[:width])[None], torch.tensor(y[width:].reshape(shape))

    def velocity(_, y):
        return np.concatenate([each.numpy().ravel() for each in model.velocity(*neurons(y))])

    def above(_, y):
        a, w = neurons(y)
        residual = model.output(a, model.sigma.value(model.preactivation(w))) - model.targets
        return float(residual.square().mean()) - step_size.AIM * tolerance

    above.terminal = True
    start = np.concatenate([a.numpy().ravel(), w.numpy().ravel()])
    found = solve_ivp(velocity, (0, 1e9), start, "DOP853", events=above, rtol=1e-6, atol=1e-9)
    assert found.status == 1
    return float(np.linalg.norm(found.y[width:, -1] - start[width:]) / w.norm())


@pytest.mark.parametrize("point", [(0.5, 0.0), (1.25, 0.5), (1.0, 0.0), (1.4, 0.0)])
@pytest.mark.parametrize("problem", [FOUR_POINTS, SPACE], ids=["line", "space"])
@pytest.mark.parametrize("name", SMOOTH)
def test_training_is_what_a_generic_solver_gives(name, problem, point):
    width, tolerance = 60, 1e-4
    model = network(problem, name, point, width)
    a, w = draw(width, problem.inputs.shape[1], seed=1)
    expected = integrated(model, a, w, tolerance)
    ((_, usual),) = gradient_flow.train(model, a, w, tolerance=tolerance)
    assert relative_distance(usual, w) == pytest.approx(expected, rel=0.01)
    ((_, tight),) = gradient_flow.train(model, a, w, tolerance=tolerance, step_tolerance=1e-3)
    assert relative_distance(tight, w) == pytest.approx(expected, rel=0.001)


@EVERY
@pytest.mark.parametrize("point", [(0.75, 0.0), (1.0, 0.5), (1.0, -0.2)])
def test_descent_in_small_steps_follows_the_flow(name, point):
    model = network(FOUR_POINTS, name, point, 200)
    a, w = draw(200, 2, seed=2)
    ((_, flow),) = gradient_flow.train(model, a, w, tolerance=1e-4)
    ((_, descent),) = gradient_descent.train(model, a, w, tolerance=1e-4, first_rate=0.5)
    assert relative_distance(descent, w) == pytest.approx(relative_distance(flow, w), rel=0.02)


@EVERY
def test_wide_lazy_networks_follow_their_frozen_kernel(name):
    model = network(FOUR_POINTS, name, (0.5, 0.5), 20_000)
    a, w = draw(20_000, 2)
    new = torch.tensor([[-1.2, 1.0], [0.1, 1.0], [0.8, 1.0]], dtype=torch.float64)
    frozen = frozen_kernel.of_network(model, a, w, new)
    ((_, outcome),) = gradient_flow.train(model, a, w, tolerance=1e-4, step_tolerance=0.003)
    learned = trained.output_at(model, a + outcome.delta_a, w + outcome.delta_w, new)
    torch.testing.assert_close(learned, frozen.output_after(outcome.time), rtol=0.02, atol=0.01)


# ---- the theory -----------------------------------------------------------------------------

# A point in each wedge of the exponent map.
WEDGES = [(0.75, 0.25), (0.75, -0.5), (1.5, 0.9), (1.75, 0.25), (1.5, -0.9)]


@pytest.mark.parametrize("point", WEDGES)
def test_exponents_of_leaky_relu_are_those_of_theory(point):
    """It is homogeneous, and theory asks for no more."""
    networks = [sweep.Network(*point, 10**power, 0) for power in (30, 48)]
    training = Training(activation="leaky_relu", quadrature=512)
    found = [result.rd for result in sweep.train(FOUR_POINTS, networks, training)]
    slope = np.diff(np.log10(found)) / 18
    assert slope == pytest.approx(float(theory.exponent(*point)), abs=0.005)


@EVERY
def test_where_theory_applies_there_is_one(name):
    networks = [sweep.Network(1.0, 0.25, width, 0) for width in (30, 60)]
    found = sweep.train(FOUR_POINTS, networks, Training(activation=name))
    table = pd.DataFrame([{**each.network._asdict(), **each._asdict()} for each in found])
    fit = fits.fit_slopes(table).iloc[0]
    assert np.isfinite(fit["slope"])
    assert np.isfinite(fit["theory"]) == ACTIVATIONS[name].homogeneous
