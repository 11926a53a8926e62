"""Compiled passes against the same source run by torch itself."""

import pytest
import torch

from phase_diagram.activations import ACTIVATIONS, RELU
from phase_diagram.datasets.load import load
from phase_diagram.sweeps import sweep
from phase_diagram.two_layer import exponential_step, gradient_flow
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.native import compiled
from phase_diagram.two_layer.native.compilation import flat
from phase_diagram.two_layer.start.quadrature import nodes
from phase_diagram.two_layer.start.reduction import where_smaller


@pytest.fixture(autouse=True)
def compiling(monkeypatch):
    """Switch on what tests/conftest.py switches off."""
    monkeypatch.setenv("PHASE_DIAGRAM_COMPILE", "1")
    clear = compiled._compiled.cache_clear  # of the real one, whatever a test puts in its place
    clear()
    yield
    clear()


@pytest.fixture
def eager(monkeypatch):
    """Give a way to switch compiled passes off."""

    def switch_off():
        monkeypatch.setattr(compiled, "_compiled", lambda *_: compiled.EAGER)

    return switch_off


def trained(problem, point, tolerance, sigma=RELU):
    """A network that is wide enough to be compiled, of quadrature neurons in the problem's span."""
    inputs = where_smaller(problem.inputs).inputs
    initial = nodes(0, 2048, torch.eye(inputs.shape[1], dtype=torch.float64).numpy())
    scales = (torch.tensor([2048.0**-exponent], dtype=torch.float64) for exponent in point)
    model = Network(torch.tensor(inputs), torch.tensor(problem.targets), *scales, None, sigma)
    neurons = torch.tensor(initial.a)[None], torch.tensor(initial.w)[None]
    ((_, outcome),) = gradient_flow.train(model, *neurons, tolerance=tolerance)
    return outcome


@pytest.mark.parametrize("point", [(0.75, 0.25), (1.25, -0.5), (1.75, 0.0)])
@pytest.mark.parametrize(("name", "tolerance"), [("four_points", 1e-6), ("mnist", 1e-4)])
def test_compiled_and_plain_passes_agree(eager, name, tolerance, point):
    """Neurons that slide, cross and stop at the origin included."""
    problem = load(name)
    fast = trained(problem, point, tolerance)
    eager()
    plain = trained(problem, point, tolerance)
    assert fast.steps == plain.steps
    # Sums in another order: gates of single precision then differ in their last bits, which grows
    # at kinks, but not to what a step may err.
    scale = float(plain.delta_w.norm())
    assert float((fast.delta_w - plain.delta_w).norm()) < 1e-3 * scale


@pytest.mark.slow  # compiles, once on a machine
def test_compiled_and_plain_passes_of_another_activation_agree(eager):
    problem, point = load("four_points"), (1.25, 0.0)
    fast = trained(problem, point, 1e-4, ACTIVATIONS["tanh"])
    eager()
    plain = trained(problem, point, 1e-4, ACTIVATIONS["tanh"])
    assert fast.steps == plain.steps
    torch.testing.assert_close(fast.delta_w, plain.delta_w, rtol=1e-4, atol=1e-6)
    assert not torch.equal(fast.delta_w, plain.delta_w)  # it was compiled


def test_parts_of_any_length(eager, monkeypatch):
    """One compiled pass serves all widths."""
    problem, networks = load("four_points"), [sweep.Network(1.5, 0.0, 5003, 0)]
    monkeypatch.setattr(exponential_step, "PART_ELEMENTS", 6000)
    (fast,) = sweep.train(problem, networks)
    eager()
    (plain,) = sweep.train(problem, networks)
    assert fast.rd == pytest.approx(plain.rd, rel=1e-9)
    assert fast.steps == plain.steps


@pytest.mark.parametrize(("width", "elements"), [(400, 10**12), (5000, 4 * 5000)])
def test_small_networks_and_small_requests_are_left_to_torch(monkeypatch, width, elements):
    monkeypatch.setattr(compiled, "_compiled", lambda *_: pytest.fail("must not compile"))
    with compiled.where_worth_building(elements):
        list(sweep.train(load("four_points"), [sweep.Network(1.0, 0.0, width, 0)]))


def test_without_a_compiler_training_goes_on(monkeypatch, capsys):
    """And says so, once."""

    def broken(*_):
        raise RuntimeError("no compiler found\nlong story")

    monkeypatch.setattr(compiled, "load", broken)
    for _ in range(2):
        assert compiled._compiled(4, 2, RELU) == compiled.EAGER
    assert capsys.readouterr().err.count("no compiler found") == 1


def test_a_damaged_file_of_the_cache_is_built_again(monkeypatch, tmp_path, capsys):
    """Here the builder is a stand-in, because building takes half a minute."""
    monkeypatch.setenv("PHASE_DIAGRAM_CACHE", str(tmp_path))
    built = []
    monkeypatch.setattr(compiled.compilation, "build", lambda *given: built.append(given[-2:]))
    monkeypatch.setattr(compiled, "_open", lambda path: "loaded" if built else 1 / 0)
    name = f"predict-tanh-4-2-{compiled._version()}.pt2"
    (tmp_path / name).write_bytes(b"cut off")
    assert compiled.load("predict", 4, 2, ACTIVATIONS["tanh"]) == "loaded"
    assert built == [(tmp_path / name, ACTIVATIONS["tanh"])]


def test_the_right_hand_side_is_that_of_torch():
    """For unrolled samples and for many; and for the widths between two vectors."""
    for samples, dimension, width in ((4, 2, 1003), (12, 5, 130), (12, 12, 65)):
        generator = torch.Generator().manual_seed(samples)
        shapes = (samples, dimension), (samples,), (1, width), (1, dimension, width)
        inputs, targets, a, w = (
            torch.randn(shape, dtype=torch.float64, generator=generator) for shape in shapes
        )
        one = torch.ones(1, dtype=torch.float64)
        network = Network(inputs, targets, 0.3 * one, 1.7 * one)
        run = compiled.load("velocity", samples, dimension)
        for fast, plain in zip(run(flat((network, a, w))), network.velocity(a, w), strict=True):
            torch.testing.assert_close(fast, plain)
