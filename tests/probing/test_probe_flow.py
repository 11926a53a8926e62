"""The flow of any module: exact where there is a solution, and blind to what cannot matter."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from probed import DATA, FOUR_POINTS, Features, TwoLayers
from torch import nn

from phase_diagram.flow.outcome import Reason
from phase_diagram.probing import flow
from phase_diagram.probing.model import Linearisation, Model
from phase_diagram.two_layer.equations.network import Network

X, Y = (torch.tensor(values) for values in DATA)


def model(module: nn.Module, inputs=X, targets=Y, **options) -> Model:
    return Model(module.double().eval(), inputs, targets, **options)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), outputs=st.integers(1, 3))
def test_a_linear_model_is_solved_exactly(seed: int, outputs: int) -> None:
    """e(t) = exp(-K t) e(0), and the increments are the least that give it."""
    torch.manual_seed(seed)
    linear = model(Features(12, outputs), X, torch.randn(4, outputs).double())
    trained = flow.train(linear, tolerance=1e-3)
    assert trained.reason in (Reason.TOLERANCE, Reason.NO_PROGRESS)
    jacobian = linear.jacobian(linear.start, slice(0, 4))
    kernel = jacobian @ jacobian.T / (4 * outputs)
    initial = linear.outputs(linear.start) - linear.targets
    expected = torch.linalg.matrix_exp(-trained.time * kernel) @ initial
    assert torch.allclose(trained.residual, expected, rtol=1e-6, atol=1e-9)
    least = torch.linalg.pinv(jacobian) @ (expected - initial)
    assert torch.allclose(trained.increment, least, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("point", [(0.5, 0.0), (1.5, 0.7), (1.2, -0.5)])
def test_the_kernel_is_that_of_the_main_pipeline(point: tuple[float, float]) -> None:
    """In its original variables, where time is beta1 beta2 = kappa' times as long."""
    width, (gamma, gamma_prime) = 50, point
    module = TwoLayers(*point, width, 3)
    scales = torch.tensor([[width**-gamma], [width**-gamma_prime]], dtype=torch.float64)
    network = Network(torch.tensor(FOUR_POINTS.inputs), Y, *scales)
    a, w = module.a.detach()[None] / scales[1], module.w.detach().T[None]
    pre = network.preactivation(w)
    expected = network.tangent_kernel(a, pre.relu(), (pre > 0).double())[0]
    found = Linearisation(model(module), model(module).start).kernel * scales[1]
    assert torch.allclose(found, expected, rtol=1e-12)


def test_blocks_of_samples_change_nothing_but_memory() -> None:
    torch.manual_seed(1)
    module = nn.Sequential(nn.Linear(1, 30), nn.Tanh(), nn.Linear(30, 2))
    targets = torch.randn(4, 2).double()
    whole, small = (model(module, X, targets, memory=size) for size in (2**29, 1))
    three = model(module, X, targets, memory=8 * len(whole.start) * 2 * 3)
    assert (whole.block, three.block, small.block) == (4, 3, 1)
    for other in (three, small):
        at, same = Linearisation(other, other.start), Linearisation(whole, whole.start)
        residual = torch.randn(8).double()
        assert torch.allclose(at.kernel, same.kernel, rtol=1e-12)
        assert torch.allclose(at.velocity(residual), same.velocity(residual), rtol=1e-12)
        one, another = (flow.train(each, tolerance=1e-4) for each in (whole, other))
        assert torch.allclose(one.increment, another.increment, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_samples_and_neurons_does_not_matter(seed: int) -> None:
    """But for networks with a neuron on a separatrix: that of seed 159 may differ by 4%."""
    generator = np.random.default_rng(seed)
    samples, neurons = generator.permutation(4), generator.permutation(20)
    module, other = TwoLayers(0.75, 0.0, 20, seed), TwoLayers(0.75, 0.0, 20, seed)
    other.a.data, other.w.data = other.a.data[neurons], other.w.data[neurons]
    one = flow.train(model(module), tolerance=1e-2)
    another = flow.train(model(other, X[samples], Y[samples]), tolerance=1e-2)
    # Sums in another order round otherwise, and kinks amplify it.
    assert float(one.increment.norm()) == pytest.approx(float(another.increment.norm()), rel=1e-3)


def test_frozen_parameters_stay_and_do_not_count() -> None:
    module = TwoLayers(0.75, 0.0, 40, 0)
    module.w.requires_grad_(False)
    frozen = model(module)
    assert frozen.names == ["a"]
    before = module.w.clone()
    assert flow.train(frozen, tolerance=1e-3).reason is Reason.TOLERANCE
    assert torch.equal(module.w, before)


def test_training_leaves_the_module_as_it_was() -> None:
    module = TwoLayers(0.75, 0.0, 40, 0)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    flow.train(model(module), tolerance=1e-3)
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())


def test_training_ends_just_below_the_tolerance() -> None:
    trained = flow.train(model(TwoLayers(0.5, 0.0, 100, 0)), tolerance=1e-5)
    assert 0.8e-5 < trained.mean_squared_error < 1e-5


def test_fitted_data_need_no_step() -> None:
    module = TwoLayers(0.5, 0.0, 100, 0)
    fitted = model(module, X, module(X).detach())
    trained = flow.train(fitted, tolerance=1e-6)
    assert (trained.reason, trained.steps) == (Reason.AT_START, 0)


def test_a_flow_that_runs_into_a_wall_ends_with_a_reason() -> None:
    class Wall(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.s = nn.Parameter(torch.tensor([1.0]))

        def forward(self, inputs):
            return self.s.sqrt().expand(len(inputs))

    # Towards -1 the flow takes s to zero in a finite time; beyond, outputs are no numbers.
    trained = flow.train(model(Wall(), X, -torch.ones(4).double()), tolerance=1e-6)
    assert trained.reason in (Reason.NO_STEP, Reason.AT_REST)
    assert bool(torch.isfinite(trained.increment).all())
    assert float(trained.increment) == pytest.approx(-1.0, abs=0.01)


def test_smaller_steps_come_closer() -> None:
    """To the solution itself, of steps far smaller."""
    runs = [
        flow.train(model(TwoLayers(1.0, 0.0, 50, 0)), tolerance=1e-4, step_tolerance=error)
        for error in (0.01, 0.3, 0.05)
    ]
    exact = float(runs[0].increment.norm())
    distances = [abs(float(run.increment.norm()) / exact - 1.0) for run in runs[1:]]
    assert distances[1] < distances[0] / 2
    assert np.all(np.array(distances) < 0.05)
