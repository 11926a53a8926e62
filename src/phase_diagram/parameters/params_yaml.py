"""Read and check a parameter file, and return frozen, typed parameters.

Faults read `experiments.four_points.widths[1]: -5: must be an integer of at least 2 ...`: the
key, the value, what is accepted. All of them are reported, not only the first; but whether studies
match the experiments is checked only if the experiments have no fault.
"""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo

from phase_diagram.errors import InputError
from phase_diagram.parameters import consistency, strict_yaml
from phase_diagram.parameters.experiment import Experiment
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.parameters.studies import Studies
from phase_diagram.parameters.validation import Section, faults, key_path, shown_path
from phase_diagram.parameters.values import MAXIMUM_NAMED, Name, check_spelling, limited

_EXPERIMENTS = f"a mapping from names to experiments, at least one and at most {MAXIMUM_NAMED}"


class DatasetSettings(Section):
    """Settings of the built-in datasets."""

    mnist_images: Annotated[int, Field(strict=True, ge=1, le=60_000)] = 45


def _check_studies(studies: Studies, info: ValidationInfo) -> Studies:
    # `info.data` lacks experiments with a fault.
    errors = consistency.faults(studies, info.data["experiments"]) if info.data else []
    if errors:
        raise ValidationError.from_exception_data("Studies", errors)
    return studies


class Parameters(Section):
    """Everything a user may change."""

    experiments: Annotated[
        dict[Name, Experiment],
        Field(min_length=1, description=_EXPERIMENTS),
        BeforeValidator(limited),
        AfterValidator(check_spelling),
    ]
    studies: Annotated[Studies, AfterValidator(_check_studies)] = Studies()
    datasets: DatasetSettings = DatasetSettings()
    figures: FigureSettings = FigureSettings()


def parse(mapping: object, source: str = "params.yaml") -> Parameters:
    """Validate parameters that have already been loaded.

    Parameters
    ----------
    mapping : dict
        As returned by a YAML reader.
    source : str
        Name of the source in messages, usually the file.

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
        With one line per fault, of the file itself or of its contents.
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
