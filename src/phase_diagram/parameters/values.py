"""The values that params.yaml is made of: names, exponents, grids, widths and the like."""

import math
import os
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from phase_diagram import training
from phase_diagram.activations import ACTIVATIONS
from phase_diagram.parameters.checks import choice, integer, number, whole
from phase_diagram.parameters.validation import Section, distinct, refuse

DATASETS = ("four_points", "three_points", "mnist")
RESERVED_NAMES = (
    "code",
    "explorer",
    "figures",
    "parameters",
    "runs",
    "studies",
)  # folders of results/ beside the experiments'

MAXIMUM_WIDTH = 10**9  # of random neurons, which have to be stored
MAXIMUM_QUADRATURE_WIDTH = 10**50
MAXIMUM_GRID = 1000  # values along one axis
MAXIMUM_NAMED = 100  # experiments, and studies of one kind: each is a stage of its own
MAXIMUM_POINTS = 20  # of a study: more than that nobody can see in one figure
GRID_DECIMALS = 10  # so that the third step of 0.1 is 0.3, not 0.30000000000000004

_GRID = f"a list of 1 to {MAXIMUM_GRID} different numbers, or a mapping with start, stop and step"
_WIDTH = f"an integer of at least 2 and at most {MAXIMUM_WIDTH}"
_WIDTHS = f"a list of 2 to {MAXIMUM_GRID} different integers of at least 2"
_NAME = (
    "a name of 1 to 64 letters (A-Z, a-z), digits and _, other than "
    f"{', '.join(RESERVED_NAMES[:-1])} and {RESERVED_NAMES[-1]} "
    "(put quotes around a name of digits alone)"
)
_DATASET = (
    f"{', '.join(DATASETS)} or the path of an existing file that can be read and ends in "
    ".csv or .npz, without { or } in it"
)
_EXPONENT = "a number between -10 and 10"
_POINT = "a pair [gamma, gamma_prime] of numbers between -10 and 10"
_POINTS = f"a list of 1 to {MAXIMUM_POINTS} different pairs [gamma, gamma_prime]"

check_exponent = number(_EXPONENT, lambda value: -10.0 <= value <= 10.0)
check_width = whole(_WIDTH, 2, MAXIMUM_WIDTH)
check_quadrature_width = whole(
    "an integer of at least 2 and at most 10^50", 2, MAXIMUM_QUADRATURE_WIDTH
)
check_random_width = whole(f"{_WIDTH}, or 10^50 with quadrature", 2, MAXIMUM_WIDTH)


def check_dataset(value: Any) -> str:
    """Accept a built-in dataset or an existing file, relative to the working directory."""
    if isinstance(value, str) and (
        value in DATASETS or (value.lower().endswith((".csv", ".npz")) and _is_readable(value))
    ):
        return value
    raise refuse(_DATASET)


def _is_readable(path: str) -> bool:
    if "{" in path or "}" in path:  # Snakemake would put a wildcard there, and read another file
        return False
    try:
        return os.path.isfile(path) and os.access(path, os.R_OK)
    except ValueError:  # no name that a file can have
        return False


def _check_name(value: Any) -> str:
    plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_]{1,64}", value)
    if not plain or value.lower() in RESERVED_NAMES:
        raise PydanticCustomError("refused_key", "{text}", {"text": f"must be {_NAME}"})
    return str(value)


def check_spelling(named: dict[str, Any]) -> dict[str, Any]:
    """Refuse names that are one on a file system without upper and lower case."""
    spelt: dict[str, str] = {}
    found = []
    for name in named:
        other = spelt.setdefault(name.lower(), name)
        if other != name:
            refused = refuse(f"a name that differs from {other} in more than upper and lower case")
            found.append(InitErrorDetails(type=refused, loc=(name,), input=name))
    if found:
        raise ValidationError.from_exception_data("names", found)
    return named


Name = Annotated[str, BeforeValidator(_check_name)]
Exponent = Annotated[float, BeforeValidator(check_exponent), Field(description=_EXPONENT)]
Dataset = Annotated[str, BeforeValidator(check_dataset), Field(description=_DATASET)]
Method = Annotated[training.Method, BeforeValidator(choice(training.METHODS))]
Activation = Annotated[str, BeforeValidator(choice(tuple(ACTIVATIONS)))]
Width = Annotated[int, BeforeValidator(check_width), Field(description=_WIDTH)]
Seeds = Annotated[int, BeforeValidator(integer(1, 10_000))]
Tolerance = Annotated[
    float, BeforeValidator(number("a number above 0 and below 1e6", lambda t: 0.0 < t < 1e6))
]

check_widths = distinct(check_width, _WIDTHS, minimum=2, maximum=MAXIMUM_GRID)
check_random_widths = distinct(check_random_width, _WIDTHS, minimum=2, maximum=MAXIMUM_GRID)
check_quadrature_widths = distinct(check_quadrature_width, _WIDTHS, minimum=2, maximum=MAXIMUM_GRID)
# Without a check: which one is right depends on who uses them.
AnyWidths = Annotated[tuple[int, ...], Field(description=_WIDTHS)]
Widths = Annotated[AnyWidths, BeforeValidator(check_widths)]


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


def _check_point(value: Any) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise refuse(_POINT)
    try:
        return _rounded(value[0]), _rounded(value[1])
    except PydanticCustomError:
        raise refuse(_POINT) from None


Point = tuple[float, float]
Points = Annotated[
    tuple[Point, ...],
    BeforeValidator(distinct(_check_point, _POINTS, minimum=1, maximum=MAXIMUM_POINTS)),
    Field(description=_POINTS),
]
