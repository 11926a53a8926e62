"""params.yaml -> frozen, typed parameters; every fault is told in one line before any work.

Faults read `experiments.four_points.widths[1]: -5: must be an integer of at least 2 ...`: the
key, the value, what is accepted. All of them are reported, never only the first.
"""

import math
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from phase_diagram import strict_yaml
from phase_diagram.errors import InputError
from phase_diagram.validation import (
    Section,
    boolean,
    choice,
    distinct,
    faults,
    integer,
    key_path,
    number,
    refuse,
    shown_path,
)

DATASETS = ("four_points", "mnist")
METHODS = ("gradient_flow", "gradient_descent")
# Diverging maps of matplotlib with a light centre; the first colour is the one of S_w < 0.
COLOUR_MAPS = (
    *("RdBu", "RdBu_r", "RdYlBu", "RdYlBu_r", "RdGy", "RdGy_r", "PuOr", "PuOr_r"),
    *("BrBG", "BrBG_r", "PRGn", "PRGn_r", "PiYG", "PiYG_r"),
    *("coolwarm", "coolwarm_r", "bwr", "bwr_r", "seismic", "seismic_r"),
)
RESERVED_NAMES = ("figures", "runs")  # folders of results/ beside those of the experiments

MAXIMUM_WIDTH = 10**9
MAXIMUM_GRID = 1000  # values along one axis
GRID_DECIMALS = 10  # so that the third step of 0.1 is 0.3, not 0.30000000000000004

_EXPERIMENTS = "a mapping from names to experiments, at least one"
_GRID = f"a list of 1 to {MAXIMUM_GRID} different numbers, or a mapping with start, stop and step"
_WIDTHS = f"a list of 2 to {MAXIMUM_GRID} different integers of at least 2"
_NAME = (
    "a name of 1 to 64 letters (A-Z, a-z), digits and _, "
    f"other than {' and '.join(RESERVED_NAMES)} (put quotes around a name of digits alone)"
)
_DATASET = f"{', '.join(DATASETS)} or the path of an existing file that ends in .csv or .npz"

_EXPONENT = "a number between -10 and 10"

check_exponent = number(_EXPONENT, lambda value: -10.0 <= value <= 10.0)
check_width = integer(2, MAXIMUM_WIDTH)


def check_dataset(value: Any) -> str:
    """Accept a built-in dataset or an existing file, relative to the working directory."""
    if isinstance(value, str) and (
        value in DATASETS or (value.lower().endswith((".csv", ".npz")) and os.path.isfile(value))
    ):
        return value
    raise refuse(_DATASET)


def _check_name(value: Any) -> str:
    plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_]{1,64}", value)
    if not plain or value.lower() in RESERVED_NAMES:
        raise PydanticCustomError("refused_key", "{text}", {"text": f"must be {_NAME}"})
    return str(value)


Exponent = Annotated[float, BeforeValidator(check_exponent), Field(description=_EXPONENT)]
Dataset = Annotated[str, BeforeValidator(check_dataset), Field(description=_DATASET)]
Method = Annotated[Literal["gradient_flow", "gradient_descent"], BeforeValidator(choice(METHODS))]
Seeds = Annotated[int, BeforeValidator(integer(1, 10_000))]
Tolerance = Annotated[
    float, BeforeValidator(number("a number above 0 and below 1e6", lambda t: 0.0 < t < 1e6))
]


class Range(Section):
    """An evenly spaced grid: start, start + step, ... as far as stop, which is included."""

    start: Exponent
    stop: Exponent
    step: Exponent

    def values(self) -> tuple[float, ...]:
        """Give the values, with the rounding errors of the sums still in them.

        Raises
        ------
        pydantic.ValidationError
            If the step is below 1e-9 in size, leads away from stop, or gives too many values.
        """
        # Steps below 1e-9 would be lost in the rounding to 10 decimals.
        steps = (self.stop - self.start) / self.step if abs(self.step) >= 1e-9 else -1.0
        # The margin forgives the rounding of start, stop and step, none of them exact.
        if steps < 0.0 or steps + 1e-9 >= MAXIMUM_GRID:
            accepted = (
                f"a number of at least 1e-9 in size that leads from {self.start} to {self.stop} "
                f"in at most {MAXIMUM_GRID} values"
            )
            details = InitErrorDetails(type=refuse(accepted), loc=("step",), input=self.step)
            raise ValidationError.from_exception_data("Range", [details])
        return tuple(self.start + i * self.step for i in range(math.floor(steps + 1e-9) + 1))


def _rounded(value: Any) -> float:
    return round(check_exponent(value), GRID_DECIMALS) + 0.0  # -0.0 becomes 0.0


_check_grid_values = distinct(_rounded, _GRID, minimum=1, maximum=MAXIMUM_GRID)


def _check_grid(value: Any) -> tuple[float, ...]:
    if isinstance(value, dict):
        value = Range.model_validate(value).values()
    return _check_grid_values(value)


Grid = Annotated[tuple[float, ...], BeforeValidator(_check_grid), Field(description=_GRID)]


class Experiment(Section):
    """One phase diagram: a dataset, the grid of the plane, and how its networks are trained."""

    dataset: Dataset
    gamma: Grid
    gamma_prime: Grid
    widths: Annotated[
        tuple[int, ...],
        BeforeValidator(distinct(check_width, _WIDTHS, minimum=2, maximum=MAXIMUM_GRID)),
        Field(description=_WIDTHS),
    ]
    method: Method = "gradient_flow"
    seeds: Seeds = 3  # seeds 0, 1, 2
    tolerance: Tolerance = 1e-6  # mean squared error at which the training of a network ends
    points_per_job: Annotated[int, BeforeValidator(integer(1, 10**6))] = 16

    def points(self) -> list[tuple[float, float]]:
        """Give every (gamma, gamma_prime), row by row: gamma runs fastest."""
        return [(gamma, row) for row in self.gamma_prime for gamma in self.gamma]


class DatasetSettings(Section):
    """What is taken from the built-in datasets."""

    mnist_images: Annotated[int, BeforeValidator(integer(1, 60_000))] = 45


def _check_colour_limit(value: Any) -> float | None:
    check = number("null or a number above 0 and at most 100", lambda s: 0.0 < s <= 100.0)
    return None if value is None else check(value)


class FigureSettings(Section):
    """Looks alone: nothing here changes a computed number."""

    dpi: Annotated[int, BeforeValidator(integer(30, 1200))] = 200
    width_inches: Annotated[
        float, BeforeValidator(number("a number from 3 to 30", lambda w: 3.0 <= w <= 30.0))
    ] = 6.0
    colour_map: Annotated[str, BeforeValidator(choice(COLOUR_MAPS))] = "RdBu"
    # |S_w| at which the colours saturate; None takes the largest one drawn.
    colour_limit: Annotated[float | None, BeforeValidator(_check_colour_limit)] = None
    initialisations: Annotated[bool, BeforeValidator(boolean)] = True


def _check_not_empty(value: Any) -> Any:
    if value == {}:
        raise refuse(_EXPERIMENTS)
    return value


class Parameters(Section):
    """Everything a user may change."""

    experiments: Annotated[
        dict[Annotated[str, BeforeValidator(_check_name)], Experiment],
        BeforeValidator(_check_not_empty),
        Field(description=_EXPERIMENTS),
    ]
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
