import math

import torch

from phase_diagram.studies.shared import orientations


def neurons(degrees, amplitudes):
    angle = torch.tensor(degrees, dtype=torch.float64) * math.pi / 180
    w = torch.stack([angle.cos(), angle.sin()])
    return torch.tensor(amplitudes, dtype=torch.float64), w


def test_counts_what_carries_the_amplitude():
    # 4 degrees apart is one orientation, 180 apart are two, and 1% of the amplitude is none.
    assert orientations.count(*neurons([0, 4, -4, 180, 90], [5, 3, -3, 5, 0.16])) == 2
    assert orientations.count(*neurons([0, 6, 90], [1, 1, 1])) == 3


def test_the_length_of_w_counts():
    a, w = neurons([0, 90], [1, 1])
    w = w * torch.tensor([1.0, 1e-3])
    assert orientations.count(a, w) == 1


def test_random_neurons_in_the_plane():
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(5000, generator=generator, dtype=torch.float64)
    w = torch.randn(2, 5000, generator=generator, dtype=torch.float64)
    assert 36 <= orientations.count(a, w) <= 72


def test_dead_neurons():
    a, w = neurons([0, 90], [1, 1])
    assert orientations.count(a, w * 0) == 0
    assert orientations.count(a, w * torch.tensor([1.0, 0.0])) == 1
