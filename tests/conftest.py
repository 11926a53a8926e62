"""What several test modules share."""

import os
import sys
from pathlib import Path

import hypothesis
import pytest

# How long an example takes is a matter of what else the machine does. Each run draws the same
# examples: one that fails by chance would fail somebody else's change.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable")

# Compiled passes take half a minute to build for each shape of data, longer than nearly all tests
# take with plain ones; test_compiled.py switches them on.
os.environ["PHASE_DIAGRAM_COMPILE"] = "0"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the workflow: its files take longest, and one core would wait for the last."""
    items.sort(key=lambda item: "workflow" not in item.path.parts)


@pytest.fixture(scope="session")
def original_files() -> Path:
    """Give the folder of the original .gz files of MNIST, named by PHASE_DIAGRAM_MNIST."""
    folder = os.environ.get("PHASE_DIAGRAM_MNIST")
    if not folder:
        pytest.skip("PHASE_DIAGRAM_MNIST names no folder with the original files of MNIST")
    # Named but not there is a fault of the set-up, not a reason to skip.
    assert Path(folder).is_dir(), f"PHASE_DIAGRAM_MNIST: {folder} is not a folder"
    return Path(folder)


@pytest.fixture(scope="session")
def torchvision():
    """Import the real torchvision, also beside a CPU-only torch.

    Its compiled part does not load there, and the import stops at two operators that part would
    have declared. Nothing that reads MNIST uses them, so declaring them is enough.
    """
    import torch

    if torch.version.cuda is None and not hasattr(torch.ops.torchvision, "nms"):
        library = torch.library.Library("torchvision", "FRAGMENT")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        # The declarations last as long as this object.
        torch.library._phase_diagram_test_operators = library
    import torchvision

    return torchvision


@pytest.fixture
def without_torchvision(monkeypatch):
    """Make torchvision fail to import, so that MNIST comes from disk or from a package alone."""
    for module in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "torchvision", None)
