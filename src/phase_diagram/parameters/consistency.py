"""Check that the studies of params.yaml match its experiments, across sections."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic_core import InitErrorDetails

from phase_diagram.activations import ACTIVATIONS
from phase_diagram.parameters.experiment import Experiment
from phase_diagram.parameters.studies import (
    Descents,
    Kernels,
    LocalSlopes,
    RelativeDistances,
    Scales,
    Studies,
    Study,
)
from phase_diagram.parameters.validation import refuse
from phase_diagram.training import DESCENT, FLOW

# The keys of studies whose values are names of experiments.
REFERENCES = ("experiment", "flow", "descent", "quadrature", "random")

# These studies compare networks with theory that exists for these activations only: the kernel of
# infinite width in closed form; dynamics set by two scales; the limit of the local slopes.
ACTIVATIONS_OF: dict[type[Study], tuple[str, ...]] = {
    Kernels: ("relu",),
    Scales: tuple(name for name, each in ACTIVATIONS.items() if each.homogeneous),
    LocalSlopes: ("relu",),
}

_SHOWN = 10  # names of experiments in one line

Experiments = Mapping[str, Experiment]
Fault = tuple[tuple[str | int, ...], Any, str]  # keys within the study, value, what is accepted


def faults(studies: Studies, experiments: Experiments) -> list[InitErrorDetails]:
    """Find what studies require of experiments that those do not have.

    Parameters
    ----------
    studies : Studies
    experiments : mapping from str to Experiment

    Returns
    -------
    list of pydantic_core.InitErrorDetails
        One for each fault, with its keys as seen from `studies`.
    """
    return [
        InitErrorDetails(type=refuse(accepted), loc=(kind, name, *keys), input=value)
        for kind in type(studies).model_fields
        for name, study in getattr(studies, kind).items()
        for keys, value, accepted in _faults(study, experiments)
    ]


def _faults(study: Study, experiments: Experiments) -> Iterator[Fault]:
    unknown = list(_unknown(study, experiments))
    yield from unknown
    if unknown:
        return
    yield from _other_activations(study, experiments)
    if isinstance(study, RelativeDistances):
        yield from _points_outside(study.points, (study.experiment,), experiments)
    elif isinstance(study, LocalSlopes):
        yield from _local_slopes(study, experiments)
    elif isinstance(study, Descents):
        yield from _descents(study, experiments)


def _unknown(study: Study, experiments: Experiments) -> Iterator[Fault]:
    for key in REFERENCES:
        name = getattr(study, key, None)
        if name is not None and name not in experiments:
            known = [*experiments][:_SHOWN]
            more = ", ..." if len(experiments) > _SHOWN else ""
            yield (key,), name, f"an experiment of this file: {', '.join(known)}{more}"


def _points_outside(
    points: Sequence[tuple[float, float]], names: Sequence[str], experiments: Experiments
) -> Iterator[Fault]:
    for index, point in enumerate(points):
        outside = [name for name in names if not _has(experiments[name], point)]
        if outside:
            yield ("points", index), list(point), f"on the grid of {' and of '.join(outside)}"


def _has(experiment: Experiment, point: tuple[float, float]) -> bool:
    return point[0] in experiment.gamma and point[1] in experiment.gamma_prime


def _local_slopes(study: LocalSlopes, experiments: Experiments) -> Iterator[Fault]:
    if experiments[study.quadrature].quadrature is None:
        yield ("quadrature",), study.quadrature, "an experiment with quadrature"
    if experiments[study.random].quadrature is not None:
        yield ("random",), study.random, "an experiment without quadrature"
    yield from _other_dataset("random", study.random, study.quadrature, experiments)
    yield from _points_outside(study.points, (study.quadrature, study.random), experiments)


def _descents(study: Descents, experiments: Experiments) -> Iterator[Fault]:
    flow, descent = experiments[study.flow], experiments[study.descent]
    for key, name, method in (
        ("flow", study.flow, FLOW),
        ("descent", study.descent, DESCENT),
    ):
        if experiments[name].method != method:
            yield (key,), name, f"an experiment of method {method}"
    yield from _other_dataset("descent", study.descent, study.flow, experiments)
    # Networks are compared one by one: each trained by descent needs one trained by the flow.
    for field in ("gamma", "gamma_prime", "widths"):
        flowed = set(getattr(flow, field))
        outside = [value for value in getattr(descent, field) if value not in flowed]
        if outside:
            accepted = f"an experiment with {field} among those of {study.flow}, without "
            yield ("descent",), study.descent, accepted + ", ".join(map(str, outside[:5]))
    if descent.seeds > flow.seeds:
        accepted = f"an experiment of no more seeds than {study.flow}, which has {flow.seeds}"
        yield ("descent",), study.descent, accepted
    if descent.activation != flow.activation:
        accepted = f"an experiment with the activation of {study.flow}, {flow.activation}"
        yield ("descent",), study.descent, accepted
    if descent.quadrature != flow.quadrature:
        yield ("descent",), study.descent, f"an experiment with the quadrature of {study.flow}"


def _other_activations(study: Study, experiments: Experiments) -> Iterator[Fault]:
    """Find experiments whose activation the study does not support."""
    for study_type, accepted in ACTIVATIONS_OF.items():
        if isinstance(study, study_type):
            for key in REFERENCES:
                name = getattr(study, key, None)
                if name is not None and experiments[name].activation not in accepted:
                    yield (key,), name, f"an experiment with the activation {' or '.join(accepted)}"


def _other_dataset(key: str, name: str, other: str, experiments: Experiments) -> Iterator[Fault]:
    dataset = experiments[other].dataset
    if experiments[name].dataset != dataset:
        yield (key,), name, f"an experiment on the dataset of {other}, {dataset}"
