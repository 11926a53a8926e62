"""Types of the values in params.yaml: names, exponents, grids, widths and others."""

import math
import os
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo
from pydantic_core import InitErrorDetails

from phase_diagram.activations import ACTIVATIONS
from phase_diagram.files.decimals import whole
from phase_diagram.parameters.dataset_names import BUILT_IN, SUFFIXES
from phase_diagram.parameters.validation import Section, distinct, refuse

# Folders in results/ that are not of experiments.
RESERVED_NAMES = ("code", "explorer", "figures", "parameters", "runs", "studies")

MAXIMUM_WIDTH = 10**9  # with random neurons, which have to be stored
MAXIMUM_QUADRATURE_WIDTH = 10**50
MAXIMUM_GRID = 1000  # values along one axis
MAXIMUM_NAMED = 100  # experiments, and studies of one kind: each is a stage of its own
MAXIMUM_POINTS = 20  # of a study: more cannot be seen in one figure
GRID_DECIMALS = 10  # so that the third step of 0.1 is 0.3, not 0.30000000000000004

# A common form of numbers that YAML 1.1 readers (PyYAML, Snakemake) return as text.
# No two parts that match digits are adjacent: on a text of a million digits the regular expression
# would try every division between them.
_EXPONENT_FORM = re.compile(r"[-+]?\d+(?:\.\d*)?[eE][-+]?\d+", re.ASCII)


def number(value: Any) -> Any:
    """Convert a text like 1e-6 to a finite float; return any other value unchanged."""
    is_number = isinstance(value, str) and _EXPONENT_FORM.fullmatch(value)
    return float(value) if is_number and math.isfinite(float(value)) else value


def whole_number(value: Any) -> Any:
    """Convert 1.0e+18 or "1e18" to the integer meant; return any other value unchanged."""
    written = number(value)
    if type(written) is float and math.isfinite(written) and written.is_integer():
        return whole(written)
    return value


def _check_dataset(value: str) -> str:
    if value not in BUILT_IN and not (value.lower().endswith(SUFFIXES) and _is_readable(value)):
        raise ValueError
    return value


def _is_readable(path: str) -> bool:
    if "{" in path or "}" in path:  # a wildcard to Snakemake, which would read another file
        return False
    try:
        return os.path.isfile(path) and os.access(path, os.R_OK)
    except ValueError:  # not a possible file name
        return False


def _check_reserved(name: str) -> str:
    if name.lower() in RESERVED_NAMES:
        raise ValueError
    return name


Name = Annotated[
    str,
    Field(
        strict=True,
        pattern="^[A-Za-z0-9_]{1,64}$",
        description="a name of 1 to 64 letters (A-Z, a-z), digits and _, other than "
        f"{', '.join(RESERVED_NAMES[:-1])} and {RESERVED_NAMES[-1]} "
        "(put quotes around a name of digits alone)",
    ),
    AfterValidator(_check_reserved),
]
Dataset = Annotated[
    str,
    Field(
        strict=True,
        description=f"{', '.join(BUILT_IN)} or the path of an existing file that can be read and "
        f"ends in {' or '.join(SUFFIXES)}, without {{ or }} in it",
    ),
    AfterValidator(_check_dataset),
]
Activation = Annotated[
    str,
    Field(
        strict=True,
        pattern=f"^({'|'.join(ACTIVATIONS)})$",
        description=f"one of {', '.join(ACTIVATIONS)}",
    ),
]
Exponent = Annotated[
    float,
    Field(strict=True, ge=-10, le=10, description="a number between -10 and 10"),
    BeforeValidator(number),
]
Seeds = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Tolerance = Annotated[
    float,
    Field(strict=True, gt=0, lt=1e6, description="a number above 0 and below 1e6"),
    BeforeValidator(number),
]


def limited(named: Any) -> Any:
    """Refuse excessively many names, before each is checked."""
    if isinstance(named, dict) and len(named) > MAXIMUM_NAMED:
        raise ValueError
    return named


def check_spelling(named: dict[str, Any]) -> dict[str, Any]:
    """Refuse names that are equal on a file system that ignores upper and lower case."""
    spelt: dict[str, str] = {}
    errors = []
    for name in named:
        first = spelt.setdefault(name.lower(), name)
        if first != name:
            refused = refuse(f"a name that differs from {first} in more than upper and lower case")
            errors.append(InitErrorDetails(type=refused, loc=(name,), input=name))
    if errors:
        raise ValidationError.from_exception_data("names", errors)
    return named


# Widths

_WIDTH = f"an integer of at least 2 and at most {MAXIMUM_WIDTH}"
WIDTHS = f"a list of 2 to {MAXIMUM_GRID} different integers of at least 2"

Width = Annotated[
    int,
    Field(strict=True, ge=2, le=MAXIMUM_WIDTH, description=_WIDTH),
    BeforeValidator(whole_number),
]
_RandomWidth = Annotated[Width, Field(description=f"{_WIDTH}, or 10^50 with quadrature")]
_QuadratureWidth = Annotated[
    int,
    Field(
        strict=True,
        ge=2,
        le=MAXIMUM_QUADRATURE_WIDTH,
        description="an integer of at least 2 and at most 10^50",
    ),
    BeforeValidator(whole_number),
]
Widths = Annotated[
    tuple[int, ...],
    Field(description=WIDTHS),
    BeforeValidator(distinct(Width, WIDTHS, minimum=2, maximum=MAXIMUM_GRID)),
]


def widths_beside_quadrature(
    accepted_list: str = WIDTHS, minimum: int = 2
) -> Callable[[Any, ValidationInfo], tuple[int, ...]]:
    """Build a check for widths, in a section with an earlier field `quadrature`.

    Parameters
    ----------
    accepted_list : str
        Describes which lists are accepted.
    minimum : int
        Smallest number of widths.
    """
    limits = {"minimum": minimum, "maximum": MAXIMUM_GRID}
    check_random = distinct(_RandomWidth, accepted_list, **limits)
    check_quadrature = distinct(_QuadratureWidth, accepted_list, **limits)

    def check(value: Any, info: ValidationInfo) -> tuple[int, ...]:
        # A refused quadrature is missing in the data; then either kind of widths may be meant.
        is_random = info.data.get("quadrature", False) is None
        return check_random(value) if is_random else check_quadrature(value)

    return check


# Grids and points

_GRID = f"a list of 1 to {MAXIMUM_GRID} different numbers, or a mapping with start, stop and step"
_POINT = "a pair [gamma, gamma_prime] of numbers between -10 and 10"
_POINTS = f"a list of 1 to {MAXIMUM_POINTS} different pairs [gamma, gamma_prime]"


class Range(Section):
    """An evenly spaced grid: start, start + step, ... up to and including stop."""

    start: Exponent
    stop: Exponent
    step: Exponent

    def values(self) -> tuple[float, ...]:
        """Return the grid values, not yet cleaned of the rounding errors of sums.

        Raises
        ------
        pydantic.ValidationError
            If the step is below 1e-9 in size, leads away from stop, or gives too many values.
        """
        # Steps below 1e-9 would be lost in the rounding to 10 decimals.
        steps = (self.stop - self.start) / self.step if abs(self.step) >= 1e-9 else -1.0
        # The margin allows for the rounding of start, stop and step.
        if steps < 0.0 or steps + 1e-9 >= MAXIMUM_GRID:
            accepted = (
                f"a number of at least 1e-9 in size that leads from {self.start} to {self.stop} "
                f"in at most {MAXIMUM_GRID} values"
            )
            details = InitErrorDetails(type=refuse(accepted), loc=("step",), input=self.step)
            raise ValidationError.from_exception_data("Range", [details])
        return tuple(self.start + i * self.step for i in range(math.floor(steps + 1e-9) + 1))


def _rounded(value: float) -> float:
    return round(value, GRID_DECIMALS) + 0.0  # -0.0 becomes 0.0


_GridValue = Annotated[Exponent, AfterValidator(_rounded)]
_check_grid_values = distinct(_GridValue, _GRID, minimum=1, maximum=MAXIMUM_GRID)


def _check_grid(value: Any) -> tuple[float, ...]:
    if isinstance(value, dict):
        value = Range.model_validate(value).values()
    return _check_grid_values(value)


Grid = Annotated[tuple[float, ...], BeforeValidator(_check_grid), Field(description=_GRID)]

Point = tuple[float, float]
_RoundedPoint = Annotated[tuple[_GridValue, _GridValue], Field(description=_POINT)]
Points = Annotated[
    tuple[Point, ...],
    BeforeValidator(distinct(_RoundedPoint, _POINTS, minimum=1, maximum=MAXIMUM_POINTS)),
    Field(description=_POINTS),
]
