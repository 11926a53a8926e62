"""params.yaml: the studies, and whether they fit the experiments they name."""

import copy
import functools
import operator
from typing import Any

import pytest
from bad_yaml import FULL
from parameter_files import refusals

from phase_diagram.parameters import params_yaml
from phase_diagram.parameters.consistency import REFERENCES
from phase_diagram.parameters.studies import KINDS, Studies

FLOW = FULL["experiments"]["flow"]
OTHERS = {"own": {**FLOW, "activation": "tanh"}, "leaky": {**FLOW, "activation": "leaky_relu"}}
VALID: dict[str, Any] = {**FULL, "experiments": {**FULL["experiments"], **OTHERS}}


def changed(keys: str, value: Any) -> dict[str, Any]:
    """Give VALID after one change, as `studies.scales.flow.seeds` and the new value."""
    mapping = copy.deepcopy(VALID)
    *outer, last = keys.split(".")
    functools.reduce(operator.getitem, outer, mapping)[last] = value
    return mapping


def test_valid_studies_become_typed() -> None:
    studies = params_yaml.parse(VALID).studies
    assert studies.portraits["line"].points == ((0.5, 0.0), (1.0, 0.0))
    assert studies.portraits["line"].seed == 0
    assert studies.scales["flow"].widths == (20, 40)
    assert studies.scales["flow"].networks() == 2 * 2 * 2 * 2
    assert studies.kernels["flow"].networks() == 2 * 2 * 3
    assert studies.initialisations["paper"].networks() == 0


def test_without_studies_there_are_none_of_any_kind() -> None:
    studies = params_yaml.parse({"experiments": VALID["experiments"]}).studies
    assert studies.model_dump() == {kind: {} for kind in KINDS}


def test_kinds_and_references_are_those_of_the_models() -> None:
    assert list(KINDS) == list(Studies.model_fields) == list(VALID["studies"])
    named = {
        key
        for model in KINDS.values()
        for key, field in model.model_fields.items()
        if field.description == "the name of an experiment"
    }
    assert named == set(REFERENCES)


@pytest.mark.parametrize(
    ("keys", "value", "fault"),
    [
        ("studies", None, ": null: must be a mapping with keys of initialisations, portr"),
        ("studies.portrait", {}, ": {}: unknown key, must be one of initialisat"),
        ("studies.portraits.line.experiment", 1, ": 1: must be the name of an experiment"),
        ("studies.portraits.line.seed", -1, ": -1: must be an integer of"),
        ("studies.portraits.line.points", [1, 2], "[0]: 1: must be a pair"),
        ("studies.kernels.flow.points", [[1, 0], [1.0, -0.0]], "[1]: [1.0, -0.0]: must be differ"),
        ("studies.kernels.flow.widths", [10], ": [10]: must be a list of 2"),
        ("studies.initialisations.paper.dimension", 0, ": 0: must be an integer of"),
        ("studies.kernels", [], ": []: must be a mapping from names to studies"),
    ],
)
def test_a_fault_of_a_study_is_named(keys: str, value: Any, fault: str) -> None:
    lines = refusals(changed(keys, value))
    assert any(line.startswith(f"{keys}{fault}") for line in lines), lines
    assert all("must be" in line for line in lines)


def test_a_missing_key_is_named_with_what_it_needs() -> None:
    assert refusals(changed("studies.scales.flow", {})) == [
        "studies.scales.flow.experiment: missing: must be the name of an experiment",
        "studies.scales.flow.points: missing: must be a list of 1 to 20 different pairs "
        "[gamma, gamma_prime]",
        "studies.scales.flow.beta2_exponents: missing: must be a list of 1 to 20 different numbers",
        "studies.scales.flow.widths: missing: must be a list of 2 to 1000 different integers of at "
        "least 2",
    ]


@pytest.mark.parametrize(
    ("study", "key", "value", "fault"),
    [
        ("descents.both", "flow", "x", "of this file: flow, own, digits, limit, descent, leaky"),
        ("descents.both", "flow", "descent", "of method gradient_flow"),
        ("descents.both", "descent", "flow", "of method gradient_descent"),
        ("kernels.flow", "experiment", "leaky", "with the activation relu"),
        ("scales.flow", "experiment", "own", "with the activation relu or leaky_relu"),
        ("local_slopes.both", "random", "limit", "without quadrature"),
        ("local_slopes.both", "quadrature", "flow", "with quadrature"),
        ("local_slopes.both", "random", "digits", "on the dataset of limit, four_points"),
    ],
)
def test_an_experiment_that_does_not_suit_a_study(study, key, value, fault) -> None:
    found = refusals(changed(f"studies.{study}.{key}", value))
    assert found == [f"studies.{study}.{key}: {value!r}: must be an experiment {fault}"]


def test_experiments_of_a_study_that_do_not_suit_each_other() -> None:
    (line,) = refusals(changed("studies.descents.both.flow", "own"))
    expected = "must be an experiment with the activation of own, tanh"
    assert line == f"studies.descents.both.descent: 'descent': {expected}"


@pytest.mark.parametrize(
    ("study", "grids"),
    [("relative_distances.flow", "flow"), ("local_slopes.both", "limit and of flow")],
)
def test_points_of_a_study_are_on_the_grid(study: str, grids: str) -> None:
    (line,) = refusals(changed(f"studies.{study}.points", [[1, 0], [0.55, 0]]))
    assert line == f"studies.{study}.points[1]: [0.55, 0.0]: must be on the grid of {grids}"


@pytest.mark.parametrize(
    ("key", "value", "accepted"),
    [
        ("gamma", [0.5, 0.55], "an experiment with gamma among those of flow, without 0.55"),
        ("gamma_prime", [1], "an experiment with gamma_prime among those of flow, without 1.0"),
        ("widths", [100, 200, 300], "an experiment with widths among those of flow, without 200"),
        ("seeds", 4, "an experiment of no more seeds than flow, which has 2"),
        ("quadrature", 64, "an experiment with the quadrature of flow"),
        ("dataset", "mnist", "an experiment on the dataset of flow, four_points"),
    ],
)
def test_networks_that_were_descended_must_have_flowed_too(
    key: str, value: Any, accepted: str
) -> None:
    (line,) = refusals(changed(f"experiments.descent.{key}", value))
    assert line.startswith(f"studies.descents.both.descent: 'descent': must be {accepted}")


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("relative_distances.flow.experiment", "own"),
        ("scales.flow.experiment", "leaky"),
    ],
)
def test_studies_of_other_activations(keys: str, name: str) -> None:
    assert params_yaml.parse(changed(f"studies.{keys}", name))


def test_every_fault_is_told() -> None:
    lines = refusals(changed("studies.descents.both", {"flow": "x", "descent": "y"}))
    assert [line.split(": ")[0] for line in lines] == [
        "studies.descents.both.flow",
        "studies.descents.both.descent",
    ]
    # Without experiments nothing can be said of what fits them, but the rest is told.
    lines = refusals(changed("experiments.flow.seeds", 0))
    assert [line.split(": ")[0] for line in lines] == ["experiments.flow.seeds"]
