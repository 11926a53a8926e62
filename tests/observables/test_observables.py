"""Orientation, amplitude and distance of neurons whose values are plain."""

import math

import pytest
import torch

from phase_diagram.observables import observables

W = torch.tensor([[3.0, 0.0, -1.0], [4.0, 2.0, 0.0]], dtype=torch.float64)
A = torch.tensor([2.0, -1.0, 0.5], dtype=torch.float64)


def test_amplitude_and_angle():
    assert observables.amplitude(A, W).tolist() == [10.0, 2.0, 0.5]
    angles = [math.atan2(4, 3), math.pi / 2, math.pi]
    assert observables.orientation(W).tolist() == pytest.approx(angles)


def test_cosine_with_a_direction():
    cosine = observables.orientation(W, torch.tensor([2.0, 2.0], dtype=torch.float64))
    assert cosine.tolist() == pytest.approx([7 / 5 / math.sqrt(2), 2**-0.5, -(2**-0.5)])


def test_no_angle_in_space():
    with pytest.raises(ValueError, match="dimension 2, not 3"):
        observables.orientation(torch.ones(3, 5))


def test_distance_and_loss():
    assert observables.relative_distance(W, 10.0) == pytest.approx(math.sqrt(30) / 10)
    assert observables.loss(torch.tensor([1.0, 3.0])) == 2.5


def test_conserved():
    assert observables.conserved(A, W, 3.0).tolist() == pytest.approx([36 - 25, 9 - 4, 2.25 - 1])
