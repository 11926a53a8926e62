"""params.yaml: how networks are trained, and widths that no computer could hold."""

from typing import Any

import pytest
from parameter_files import changed, refusals

from phase_diagram.parameters import params_yaml
from phase_diagram.parameters.experiment import Experiment
from phase_diagram.training import Training


def parse(**changes: Any) -> Experiment:
    return params_yaml.parse(changed(**changes)).experiments["tiny"]


def test_training_gets_what_was_chosen_and_nothing_else() -> None:
    assert parse().training() == Training("gradient_flow", 1e-5)
    chosen = parse(method="gradient_descent", first_rate=2, step_limit=30, tolerance="1e-4")
    assert chosen.training() == Training(
        "gradient_descent", 1e-4, "relu", None, first_rate=2.0, step_limit=30
    )
    assert type(chosen.first_rate) is float  # 2 and 2.0 must have the same fingerprint
    assert parse(activation="tanh").training().activation == "tanh"
    assert parse(quadrature=1024, seeds=7).training().quadrature == 1024


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (1000.0, 1000),
        ("1.5E+3", 1500),
        (1.0e18, 10**18),
        (1e23, 10**23),  # the float itself is 99999999999999991611392
        ("1e50", 10**50),
        (123456789012345678901, 123456789012345678901),
    ],
)
def test_widths_of_any_size(written: Any, meant: int) -> None:
    widths = parse(widths=[100, written], quadrature=64).widths
    assert widths == (100, meant)
    assert all(type(width) is int for width in widths)


RANDOM = "must be an integer of at least 2 and at most 1000000000, or 10^50 with quadrature"
QUADRATURE = "must be an integer of at least 2 and at most 10^50"
BEFORE = "must be different from the values before it"


@pytest.mark.parametrize(
    ("widths", "quadrature", "fault"),
    [
        ([100, "1e18"], None, f"widths[1]: '1e18': {RANDOM}"),
        ([100, "1e999"], 64, f"widths[1]: '1e999': {QUADRATURE}"),
        ([100, 10**50 + 1], 64, f"widths[1]: {10**50 + 1}: {QUADRATURE}"),
        ([100, 1.5], 64, f"widths[1]: 1.5: {QUADRATURE}"),
        ([100, float("nan")], 64, f"widths[1]: nan: {QUADRATURE}"),
        ([10**18, 1.0e18], 64, f"widths[1]: 1e+18: {BEFORE}"),
        ([100, 1e20], 100, "quadrature: 100: must be a power of two from 64 to 65536, or left out"),
    ],
)
def test_widths_that_are_refused(widths: list[Any], quadrature: int | None, fault: str) -> None:
    assert refusals(changed(widths=widths, quadrature=quadrature)) == [f"experiments.tiny.{fault}"]


@pytest.mark.parametrize(
    ("key", "value", "accepted"),
    [
        *(("quadrature", value, "a power of two from 64 to 65536") for value in (32, 131072, "64")),
        *(("first_rate", value, "a number above 0 and at most 100") for value in (0, 101, "fast")),
        *(("step_limit", value, "an integer of at least 1") for value in (0, 10**9 + 1, 10.5)),
    ],
)
def test_settings_that_are_refused(key: str, value: Any, accepted: str) -> None:
    method = "gradient_flow" if key == "quadrature" else "gradient_descent"
    (line,) = refusals(changed(method=method, **{key: value}))
    assert f": must be {accepted}" in line


@pytest.mark.parametrize("key", ["first_rate", "step_limit"])
def test_gradient_flow_has_no_steps_to_set(key: str) -> None:
    for value in (5, "many"):  # one fault, whatever the value
        (line,) = refusals(changed(**{key: value}))
        assert line.startswith(f"experiments.tiny.{key}: {value!r}: must be left out unless")
    assert parse(**{key: None}).training() == parse().training()
    # Which of the two is meant is not known here.
    (line,) = refusals(changed(method="gradient", **{key: 5}))
    assert line.startswith("experiments.tiny.method: 'gradient': ")
