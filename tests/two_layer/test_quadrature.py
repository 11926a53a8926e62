"""Quadrature neurons: antithetic, normal, and standing for any number of random ones."""

import numpy as np
import pytest

from phase_diagram.datasets.load import load
from phase_diagram.plane import theory
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training
from phase_diagram.two_layer.start.quadrature import nodes

FOUR_POINTS = load("four_points")


def rd(point, width, seed=0, quadrature=1024):
    network = sweep.Network(*point, width, seed)
    (result,) = sweep.train(FOUR_POINTS, [network], Training(quadrature=quadrature))
    assert result.status == "converged"
    return result.rd


def test_nodes_are_antithetic_pairs():
    found = nodes(3, 256, np.eye(2))
    np.testing.assert_array_equal(found.a[:128], -found.a[128:])
    np.testing.assert_array_equal(found.w[:, :128], found.w[:, 128:])


def test_nodes_have_the_moments_of_a_normal_distribution():
    """To the accuracy of a quadrature, ten times that of as many random neurons."""
    found = nodes(1, 4096, np.eye(3))
    together = np.vstack([found.a, found.w])
    np.testing.assert_allclose(together @ together.T / 4096, np.eye(4), atol=5e-3)
    # E relu(w . x) relu(w . y) at the angle of 60 degrees: the arc-cosine kernel of order 1.
    x, y = np.array([1.0, 0.0, 0.0]), np.array([0.5, 3**0.5 / 2, 0.0])
    mean = np.mean(np.maximum(x @ found.w, 0) * np.maximum(y @ found.w, 0))
    angle = np.pi / 3
    exact = (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / (2 * np.pi)
    assert mean == pytest.approx(exact, abs=2e-3)


def test_the_norm_counts_what_lies_outside_the_span():
    basis = np.eye(5)[:2]
    found = nodes(0, 128, basis)
    assert found.norm**2 == pytest.approx((found.w**2).sum() + 128 * 3)


def test_seeds_are_other_scramblings():
    assert not np.array_equal(nodes(0, 64, np.eye(2)).w, nodes(1, 64, np.eye(2)).w)
    np.testing.assert_array_equal(nodes(1, 64, np.eye(2)).w, nodes(1, 64, np.eye(2)).w)


@pytest.mark.parametrize("point", [(0.75, 0.0), (1.0, 0.0), (1.5, 0.0), (1.25, -0.5)])
def test_nodes_stand_for_random_neurons(point):
    """At a width at which both can be trained; random networks scatter about their mean."""
    networks = [sweep.Network(*point, 5_000, seed) for seed in range(4)]
    random = [result.rd for result in sweep.train(FOUR_POINTS, networks)]
    scatter = np.std(random, ddof=1) + 0.01 * np.mean(random)
    assert abs(rd(point, 5_000) - np.mean(random)) < 3 * scatter


# One point in the inside of each wedge, and on each piece of the boundary.
POINTS = [
    *((0.75, 0.5), (0.75, -0.5), (1.25, 0.5), (1.75, 0.0), (1.5, -0.75)),
    *((1.0, -0.5), (1.3, 0.3)),
]


@pytest.mark.parametrize("point", POINTS)
def test_slopes_in_the_limit_are_those_in_closed_form(point):
    narrow, wide = (rd(point, width) for width in (10**18, 10**20))
    slope = np.log(wide / narrow) / np.log(100)
    assert slope == pytest.approx(float(theory.exponent(*point)), abs=0.002)
