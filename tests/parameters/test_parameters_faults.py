"""params.yaml: every fault is named in one line of its own."""

import math
from typing import Any

import pytest
from parameter_files import VALID, changed, refusals

from phase_diagram.errors import InputError
from phase_diagram.parameters import params_yaml

WIDTH = "must be an integer of at least 2 and at most 1000000000, or 10^50 with quadrature"
EXPONENT = "must be a number between -10 and 10"
WIDTHS = "must be a list of 2 to 1000 different integers of at least 2"
GRID = "must be a list of 1 to 1000 different numbers, or a mapping with start, stop and step"
TOLERANCE = "must be a number above 0 and below 1e6"
BEFORE = "must be different from the values before it"


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("widths", [100, "1000"], f"widths[1]: '1000': {WIDTH}"),
        ("widths", [100, True], f"widths[1]: true: {WIDTH}"),
        ("widths", 1000, f"widths: 1000: {WIDTHS}"),
        ("gamma", [], f"gamma: []: {GRID}"),
        ("gamma", [0.5, math.nan], f"gamma[1]: nan: {EXPONENT}"),
        ("gamma", [0.5, "0.6"], f"gamma[1]: '0.6': {EXPONENT}"),
        ("gamma", [0.5, 10**400], "gamma[1]: 1000000000000000000000000000...00000000000000000"),
        ("gamma_prime", [0.3, 0.1 * 3], f"gamma_prime[1]: 0.30000000000000004: {BEFORE}"),
        ("gamma_prime", [0.0, -0.0], f"gamma_prime[1]: -0.0: {BEFORE}"),
        ("gamma", {"start": 0, "stop": 1, "step": 0}, "gamma.step: 0.0: must be a number of at"),
        ("gamma", {"start": 0, "stop": 1}, f"gamma.step: missing: {EXPONENT}"),
        ("seeds", 2.0, "seeds: 2.0: must be an integer of at least 1 and at most 10000"),
        ("tolerance", math.nan, f"tolerance: nan: {TOLERANCE}"),
        ("tolerance", "1e999", f"tolerance: '1e999': {TOLERANCE}"),
        ("tolerance", "0.001", f"tolerance: '0.001': {TOLERANCE}"),
        ("method", "sgd", "method: 'sgd': must be one of gradient_flow, gradient_descent"),
        ("dataset", "a\0b.csv", "dataset: 'a\\x00b.csv': must be four_points, three_points, mnist"),
    ],
)
def test_a_fault_names_key_value_and_what_is_accepted(key: str, value: Any, fault: str) -> None:
    (line,) = refusals(changed(**{key: value}))
    assert line.startswith(f"experiments.tiny.{fault}")
    assert "must be" in line


def test_an_unknown_key_is_told_its_likely_name() -> None:
    (line,) = refusals(changed(widht=[1]))
    assert line.startswith("experiments.tiny.widht: [1]: unknown key, must be one of dataset, ")
    assert line.endswith("seeds, points_per_job (did you mean widths?)")
    (line,) = refusals(changed(qqq=[1]))
    assert "did you mean" not in line


def test_missing_keys_are_named_with_what_they_need() -> None:
    assert refusals({"experiments": {"tiny": {"gamma": [1]}}})[1:] == [
        f"experiments.tiny.gamma_prime: missing: {GRID}",
        f"experiments.tiny.widths: missing: {WIDTHS}",
    ]


def test_all_faults_of_a_file_are_reported() -> None:
    mapping = changed(seeds=0)
    mapping["experiments"]["tiny"]["widths"] = [0, 100.5, 7]
    mapping["experiments"]["2nd!"] = {"gamma": []}
    mapping["figures"] = {"dpi": "200", "color_map": "RdBu"}
    mapping["datasets"] = 45
    mapping["sweeps"] = {}
    tiny, second = "experiments.tiny", "experiments.'2nd!'"
    assert [line.split(": ")[0] for line in refusals(mapping)] == [
        *(f"{tiny}.{key}" for key in ("widths[0]", "widths[1]", "seeds")),
        *(second, *(f"{second}.{key}" for key in ("dataset", "gamma", "gamma_prime", "widths"))),
        *("datasets", "figures.dpi", "figures.color_map", "sweeps"),
    ]


def test_what_is_no_mapping_is_refused_under_the_name_of_its_source() -> None:
    with pytest.raises(InputError) as caught:
        params_yaml.parse([VALID], source="my.yaml")
    (line,) = caught.value.faults
    assert line.startswith("my.yaml: ")
    assert line.endswith("must be a mapping with keys of experiments, studies, datasets, figures")


@pytest.mark.parametrize(
    ("mapping", "fault"),
    [
        ({}, "experiments: missing: must be a mapping from names to experiments"),
        ({"experiments": None}, "experiments: null: must be a mapping from names to experiments"),
        ({"experiments": {"a": 1}}, "experiments.a: 1: must be a mapping with keys of dataset"),
        ({**VALID, "figures": {"initialisations": 1}}, "figures.initialisations: 1: must be true"),
        ({**VALID, "figures": {"colour_map": "viridis"}}, "figures.colour_map: 'viridis': must be"),
        ({**VALID, "figures": {"colour_limit": 0}}, "figures.colour_limit: 0: must be null or"),
        ({**VALID, "figures": {"width_inches": 1}}, "figures.width_inches: 1: must be a number"),
        ({**VALID, "datasets": {"mnist_images": 0}}, "datasets.mnist_images: 0: must be an integ"),
        ({**VALID, 3: 4}, "[3]: 3: unknown key, must be one of experiments, studies, datasets, "),
    ],
)
def test_faults_outside_an_experiment(mapping: object, fault: str) -> None:
    (line,) = refusals(mapping)
    assert line.startswith(fault)
