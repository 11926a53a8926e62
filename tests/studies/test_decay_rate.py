import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram.studies.shared import decay_rate


@given(rate=st.floats(1e-12, 1e6), start=st.floats(1e-9, 1e3), sign=st.sampled_from([-1, 1]))
def test_exponential_decay_has_its_rate(rate, start, sign):
    time = np.array([0.0, 0.01, 0.1, 0.5, 1.0, 2.5]) / rate
    fitted, records = decay_rate.fit(time, sign * start * np.exp(-rate * time))
    assert fitted == pytest.approx(rate, rel=1e-9)
    assert records == 6


def test_decay_is_followed_down_to_its_floor_alone():
    time = np.linspace(0, 20, 201)
    amplitude = np.exp(-time) + 1e-3 * np.exp(-0.01 * time)
    rate, records = decay_rate.fit(time, amplitude)
    assert rate == pytest.approx(1.0, rel=0.02)
    assert time[records] == pytest.approx(-math.log(0.05), abs=0.15)


def test_decay_ends_where_the_sign_changes():
    time = np.linspace(0, 3, 31)
    rate, records = decay_rate.fit(time, np.exp(-time) * np.where(time < 1, 1.0, -1.0))
    assert rate == pytest.approx(1.0)
    assert records == 10


@pytest.mark.parametrize("amplitude", [[1.0, 0.5, -0.1, 0.2], [0.0, 1.0, 1.0, 1.0], [1.0]])
def test_too_few_records_have_no_rate(amplitude):
    time = np.arange(len(amplitude), dtype=float)
    rate, records = decay_rate.fit(time, np.array(amplitude))
    assert math.isnan(rate)
    assert records < 3
