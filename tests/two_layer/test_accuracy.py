"""RD at the default step tolerance against runs with steps of a tenth of the error and less."""

import sys

import pytest
from training import FOUR_POINTS, draw, reduced, relative_distance, train

from phase_diagram.datasets.load import load
from phase_diagram.flow.outcome import Status

# All wedges of the exponent map, its kinks, and points where a must grow before w moves.
POINTS = [
    (0.5, 0.0), (0.75, -1.0), (1.0, 0.5), (1.25, 0.5), (1.0, 0.0), (1.0, -0.3), (1.5, 0.0),
    (1.75, 0.25), (1.5, -0.5), (1.75, -0.5), (1.5, -1.0), (2.0, -1.0), (2.0, 1.0),
]  # fmt: skip


def compare(problem, point, a, w, tolerance):
    usual = train(problem, *point, a, w, tolerance=tolerance)
    tight = train(problem, *point, a, w, tolerance=tolerance, step_tolerance=0.003)
    assert usual.status is tight.status is Status.CONVERGED
    assert relative_distance(usual, w) == pytest.approx(relative_distance(tight, w), rel=0.01)
    assert usual.steps < 100


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("seed", [0, 2])
def test_four_points(point, seed):
    compare(FOUR_POINTS, point, *draw(1000, 2, seed), 1e-6)


@pytest.fixture(scope="module")
def mnist(tmp_path_factory):
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setitem(sys.modules, "torchvision", None)
    problem = load("mnist", data_directory=tmp_path_factory.mktemp("raw"))
    monkeypatch.undo()
    return reduced(problem)


@pytest.mark.parametrize("point", POINTS[::3])
def test_mnist(mnist, point):
    problem, basis = mnist
    a, w = draw(500, 785)
    compare(problem, point, a, basis @ w, 1e-4)
