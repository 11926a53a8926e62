"""params.yaml -> frozen, typed parameters; every fault is told in one line before any work.

Faults read `experiments.four_points.widths[1]: -5: must be an integer of at least 2 ...`: the
key, the value, what is accepted. All of them are reported, never only the first; only whether
studies fit the experiments is looked into when these are without a fault.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo

from phase_diagram.errors import InputError
from phase_diagram.parameters import consistency, strict_yaml
from phase_diagram.parameters.checks import integer
from phase_diagram.parameters.experiment import Experiment
from phase_diagram.parameters.figures import COLOUR_MAPS, FigureSettings
from phase_diagram.parameters.studies import Studies
from phase_diagram.parameters.validation import Section, faults, key_path, refuse, shown_path
from phase_diagram.parameters.values import (
    DATASETS,
    MAXIMUM_NAMED,
    Activation,
    Dataset,
    Exponent,
    Method,
    Name,
    Seeds,
    Tolerance,
    check_spelling,
    check_width,
)

__all__ = [
    "COLOUR_MAPS",
    "DATASETS",
    "Activation",
    "Dataset",
    "DatasetSettings",
    "Experiment",
    "Exponent",
    "FigureSettings",
    "Method",
    "Parameters",
    "Seeds",
    "Studies",
    "Tolerance",
    "check_width",
    "load",
    "parse",
]

_EXPERIMENTS = f"a mapping from names to experiments, at least one and at most {MAXIMUM_NAMED}"


class DatasetSettings(Section):
    """What is taken from the built-in datasets."""

    mnist_images: Annotated[int, BeforeValidator(integer(1, 60_000))] = 45


def _check_number(value: Any) -> Any:
    if isinstance(value, dict) and not 1 <= len(value) <= MAXIMUM_NAMED:
        raise refuse(_EXPERIMENTS)
    return value


def _check_studies(studies: Studies, info: ValidationInfo) -> Studies:
    # Experiments with a fault are not in the data.
    found = consistency.faults(studies, info.data["experiments"]) if info.data else []
    if found:
        raise ValidationError.from_exception_data("Studies", found)
    return studies


class Parameters(Section):
    """Everything a user may change."""

    experiments: Annotated[
        dict[Name, Experiment],
        BeforeValidator(_check_number),
        AfterValidator(check_spelling),
        Field(description=_EXPERIMENTS),
    ]
    studies: Annotated[Studies, AfterValidator(_check_studies)] = Studies()
    datasets: DatasetSettings = DatasetSettings()
    figures: FigureSettings = FigureSettings()


def parse(mapping: object, source: str = "params.yaml") -> Parameters:
    """Validate parameters that are loaded already.

    Parameters
    ----------
    mapping : dict
        As a YAML reader gives it.
    source : str
        What to call the whole in a fault, usually the file.

    Raises
    ------
    InputError
        With one line per fault.
    """
    try:
        return Parameters.model_validate(mapping)
    except ValidationError as error:
        raise InputError(faults(error, lambda keys: key_path(keys) or source)) from None


def load(path: str | Path) -> Parameters:
    """Read and validate a parameter file.

    Parameters
    ----------
    path : str or Path
        A YAML file in UTF-8; dataset paths in it are relative to the working directory.

    Raises
    ------
    InputError
        With one line per fault, of the file itself or of what it says.
    """
    content, repeated = strict_yaml.read(path)
    if content is None:
        raise InputError(f"{shown_path(path)}: empty: must be a mapping with the key experiments")
    try:
        parameters = parse(content, source=shown_path(path))
    except InputError as error:
        raise InputError([*repeated, *error.faults]) from None
    if repeated:
        raise InputError(repeated)
    return parameters
