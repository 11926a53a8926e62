"""Small parameter files for tests, and what is said of faulty ones."""

import copy
from pathlib import Path
from typing import Any

import pytest

from phase_diagram.errors import InputError
from phase_diagram.parameters import params_yaml

VALID: dict[Any, Any] = {
    "experiments": {
        "tiny": {
            "dataset": "four_points",
            "method": "gradient_flow",
            "gamma": {"start": 0.5, "stop": 1.5, "step": 0.5},
            "gamma_prime": [-0.5, 0.5],
            "widths": [100, 1000],
            "seeds": 2,
            "tolerance": 1e-5,
            "points_per_job": 4,
        }
    },
    "studies": {
        "portraits": {"one": {"experiment": "tiny", "points": [[0.7, 0.1]], "width": 50}},
        "initialisations": {"two": {"width": 1e3, "dimension": 3}},
    },
    "datasets": {"mnist_images": 10},
    "figures": {"dpi": 100, "colour_limit": 2.0, "initialisations": False},
}


def changed(**changes: object) -> dict[str, Any]:
    """Give VALID with some keys of its experiment set."""
    mapping = copy.deepcopy(VALID)
    mapping["experiments"]["tiny"].update(changes)
    return mapping


def refusals(mapping: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        params_yaml.parse(mapping)
    return caught.value.faults


def file_refusals(path: Path, content: str | bytes) -> list[str]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        params_yaml.load(path)
    return caught.value.faults
