"""params.yaml: the studies, and whether they fit the experiments they name."""

import copy
import functools
import operator
from typing import Any

import pytest
from parameter_files import refusals

from phase_diagram.parameters import params_yaml
from phase_diagram.parameters.consistency import REFERENCES
from phase_diagram.parameters.studies import KINDS, Studies

EXPERIMENT = {
    "dataset": "four_points",
    "gamma": [0.5, 1.0, 1.5],
    "gamma_prime": [-0.5, 0.0],
    "widths": [100, 1000, 10000],
}
VALID: dict[str, Any] = {
    "experiments": {
        "flow": EXPERIMENT,
        "limit": {**EXPERIMENT, "quadrature": 64, "widths": ["1e18", 1.0e20], "seeds": 1},
        "descent": {
            **EXPERIMENT,
            "method": "gradient_descent",
            "gamma": [0.5, 1.5],
            "widths": [100, 1000],
            "seeds": 1,
        },
        "mnist": {**EXPERIMENT, "dataset": "mnist"},
        "tanh": {**EXPERIMENT, "activation": "tanh"},
        "leaky": {**EXPERIMENT, "activation": "leaky_relu"},
    },
    "studies": {
        "initialisations": {"paper": {"width": 1000, "dimension": 785}},
        "portraits": {
            "p": {"experiment": "mnist", "points": [[0.55, 0], [1, -0.0]], "width": 100, "seed": 1}
        },
        "relative_distances": {"r": {"experiment": "flow", "points": [[0.5, 0], [1.5, -0.5]]}},
        "scales": {
            "s": {
                "experiment": "flow",
                "points": [[0.5, 0]],
                "beta2_exponents": [0, 0.5, -0.5],
                "widths": [10, 1e2],
                "seeds": 4,
            }
        },
        "kernels": {"k": {"experiment": "flow", "points": [[0.5, 0]], "widths": [10, 20]}},
        "descents": {"d": {"flow": "flow", "descent": "descent"}},
        "local_slopes": {"l": {"quadrature": "limit", "random": "flow", "points": [[1.0, 0]]}},
    },
}


def changed(keys: str, value: Any) -> dict[str, Any]:
    """Give VALID after one change, as `studies.scales.s.seeds` and the new value."""
    mapping = copy.deepcopy(VALID)
    *outer, last = keys.split(".")
    functools.reduce(operator.getitem, outer, mapping)[last] = value
    return mapping


def test_valid_studies_become_typed() -> None:
    studies = params_yaml.parse(VALID).studies
    assert studies.portraits["p"].points == ((0.55, 0.0), (1.0, 0.0))
    assert studies.portraits["p"].seed == 1
    assert studies.scales["s"].widths == (10, 100)
    assert studies.scales["s"].networks() == 1 * 3 * 2 * 4
    assert studies.kernels["k"].networks() == 1 * 2 * 3
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
        ("studies", None, "studies: null: must be a mapping with keys of initialisations, portr"),
        ("studies.portrait", {}, "studies.portrait: {}: unknown key, must be one of initialisat"),
        ("studies.portraits.p.experiment", 1, "studies.portraits.p.experiment: 1: must be the "),
        ("studies.portraits.p.seed", -1, "studies.portraits.p.seed: -1: must be an integer of"),
        ("studies.portraits.p.points", [1, 2], "studies.portraits.p.points[0]: 1: must be a pair"),
        (
            "studies.kernels.k.points",
            [[1, 0], [1.0, -0.0]],
            "studies.kernels.k.points[1]: [1.0, -0.0]: must be different from the values before",
        ),
        ("studies.kernels.k.widths", [10], "studies.kernels.k.widths: [10]: must be a list of 2"),
        ("studies.initialisations.paper.dimension", 0, "studies.initialisations.paper.dimension"),
        ("studies.kernels", [], "studies.kernels: []: must be a mapping from names to studies"),
    ],
)
def test_a_fault_of_a_study_is_named(keys: str, value: Any, fault: str) -> None:
    lines = refusals(changed(keys, value))
    assert any(line.startswith(fault) for line in lines), lines
    assert all("must be" in line for line in lines)


def test_a_missing_key_is_named_with_what_it_needs() -> None:
    assert refusals(changed("studies.scales.s", {})) == [
        "studies.scales.s.experiment: missing: must be the name of an experiment",
        "studies.scales.s.points: missing: must be a list of 1 to 20 different pairs "
        "[gamma, gamma_prime]",
        "studies.scales.s.beta2_exponents: missing: must be a list of 1 to 20 different numbers",
        "studies.scales.s.widths: missing: must be a list of 2 to 1000 different integers of at "
        "least 2",
    ]


@pytest.mark.parametrize(
    ("study", "key", "value", "fault"),
    [
        ("kernels.k", "experiment", "x", "of this file: flow, limit, descent, mnist, tanh, leaky"),
        ("descents.d", "flow", "descent", "of method gradient_flow"),
        ("kernels.k", "experiment", "leaky", "with the activation relu"),
        ("scales.s", "experiment", "tanh", "with the activation relu or leaky_relu"),
        ("local_slopes.l", "random", "limit", "without quadrature"),
        ("local_slopes.l", "quadrature", "flow", "with quadrature"),
        ("local_slopes.l", "random", "mnist", "on the dataset of limit, four_points"),
    ],
)
def test_an_experiment_that_does_not_suit_a_study(study, key, value, fault) -> None:
    found = refusals(changed(f"studies.{study}.{key}", value))
    assert found == [f"studies.{study}.{key}: {value!r}: must be an experiment {fault}"]


def test_experiments_of_a_study_that_do_not_suit_each_other() -> None:
    (line,) = refusals(changed("studies.descents.d.flow", "tanh"))
    expected = "must be an experiment with the activation of tanh, tanh"
    assert line == f"studies.descents.d.descent: 'descent': {expected}"


@pytest.mark.parametrize(
    ("study", "grids"), [("relative_distances.r", "flow"), ("local_slopes.l", "limit and of flow")]
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
        ("seeds", 4, "an experiment of no more seeds than flow, which has 3"),
        ("quadrature", 64, "an experiment with the quadrature of flow"),
        ("dataset", "mnist", "an experiment on the dataset of flow, four_points"),
        ("method", "gradient_flow", "an experiment of method gradient_descent"),
    ],
)
def test_networks_that_were_descended_must_have_flowed_too(
    key: str, value: Any, accepted: str
) -> None:
    (line,) = refusals(changed(f"experiments.descent.{key}", value))
    assert line.startswith(f"studies.descents.d.descent: 'descent': must be {accepted}")


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("portraits.p.experiment", "tanh"),
        ("relative_distances.r.experiment", "tanh"),
        ("scales.s.experiment", "leaky"),
    ],
)
def test_studies_of_other_activations(keys: str, name: str) -> None:
    assert params_yaml.parse(changed(f"studies.{keys}", name))


def test_every_fault_is_told() -> None:
    lines = refusals(changed("studies.descents.d", {"flow": "x", "descent": "y"}))
    assert [line.split(": ")[0] for line in lines] == [
        "studies.descents.d.flow",
        "studies.descents.d.descent",
    ]
    # Without experiments nothing can be said of what fits them, but the rest is told.
    lines = refusals(changed("experiments.flow.seeds", 0))
    assert [line.split(": ")[0] for line in lines] == ["experiments.flow.seeds"]
