"""Steps: chosen by their errors, shortened to the tolerance, and given up."""

import numpy as np
import pytest
import torch

from phase_diagram.flow import step_size
from phase_diagram.flow.decay import Decay
from phase_diagram.flow.outcome import Reason
from phase_diagram.flow.step_size import Steps, shorten


def test_the_next_step_follows_from_the_error():
    steps = Steps.first(np.array([0.1, 2.0, 0.0, 1.0, 1.0]))
    duration = steps.duration.copy()
    np.testing.assert_allclose(duration, [1.0, 0.05, 0.1, 0.1, 0.1])
    errors = np.array([0.04, 1e-12, 0.16, 1e9, np.nan])
    accepted = steps.judge(duration, errors, 0.04)
    assert accepted.tolist() == [True, True, False, False, False]
    # Halved where the error is four times too large, and 0.9 of that; else within the limits.
    np.testing.assert_allclose(steps.duration / duration, [0.9, 10.0, 0.45, 0.1, 0.1])
    np.testing.assert_array_equal(steps.time, [1.0, 0.05, 0.0, 0.0, 0.0])
    kept = steps.select([1, 4])
    assert (kept.accepted.tolist(), kept.rejected.tolist()) == ([1, 0], [0, 1])


def test_steps_are_given_up():
    steps, progress = Steps.first(np.ones(3)), np.array([1.0, 0.0, 0.0])
    for _ in range(step_size.REJECTIONS):
        steps.judge(steps.duration, np.array([np.inf, np.inf, 0.0]), 1.0)
    assert steps.reasons(progress) == [None, None, Reason.AT_REST]
    steps.judge(steps.duration, np.array([0.0, np.inf, np.inf]), 1.0)
    assert steps.reasons(progress) == [None, Reason.NO_STEP, None]


@pytest.mark.parametrize("tolerance", [1e-2, 1e-8])
def test_steps_end_just_below_the_tolerance(tolerance):
    kernel = torch.diag(torch.tensor([1.0, 3.0], dtype=torch.float64)).expand(2, 2, 2)
    decaying = Decay(kernel).of(np.array([[1.0, 1.0], [1.0, -2.0]]))
    np.testing.assert_array_equal(shorten(decaying, np.full(2, 0.1), tolerance), 0.1)
    shortened = shorten(decaying, np.array([50.0, 0.1]), tolerance)
    assert shortened[1] == 0.1
    below = decaying.mean_square(shortened)[0] / tolerance
    assert 0.89 < below <= step_size.AIM
