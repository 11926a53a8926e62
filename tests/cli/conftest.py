"""What stands in for training, in tests of the command line."""

import pytest
from commands import Sweep

from phase_diagram.sweeps import sweep


@pytest.fixture
def training(monkeypatch):
    stand_in = Sweep()
    monkeypatch.setattr(sweep, "train", stand_in)
    return stand_in
