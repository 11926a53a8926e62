"""Checks of single values of a parameter file: nothing is guessed, each refusal says why."""

import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from phase_diagram.parameters.validation import refuse

# A number as people write it that YAML 1.1 readers (PyYAML, Snakemake) hand on as text.
# No two parts that take digits stand side by side: a text of a million digits would be divided
# between them in every way there is.
_EXPONENT_FORM = re.compile(r"[-+]?\d+(?:\.\d*)?[eE][-+]?\d+", re.ASCII)


def integer(minimum: int, maximum: int) -> Callable[[Any], int]:
    """Build a check for integers from minimum to maximum; 1000.0, "1000" and true are none."""

    def check(value: Any) -> int:
        if type(value) is not int or not minimum <= value <= maximum:
            raise refuse(f"an integer of at least {minimum} and at most {maximum}")
        return value

    return check


def whole(accepted: str, minimum: int, maximum: int) -> Callable[[Any], int]:
    """Build a check for integers that may be so large that people write 1.0e+18 or 1e18.

    Parameters
    ----------
    accepted : str
        What the value must be, for the refusal.
    minimum, maximum : int
        Accepted range.
    """

    def check(value: Any) -> int:
        meant = whole_number(_number(value)) if type(value) is not int else value
        if meant is None or not minimum <= meant <= maximum:
            raise refuse(accepted)
        return meant

    return check


def whole_number(value: Any) -> int | None:
    """Give the integer whose shortest decimal text is that of a float: 10**23 for 1e23.

    The float nearest to 10**23 is 99999999999999991611392; nobody who writes 1e23 means that.
    None for what is not a finite float without a fraction.
    """
    if type(value) is not float or not math.isfinite(value) or not value.is_integer():
        return None
    return int(Decimal(repr(value)))


def number(accepted: str, accepts: Callable[[float], bool]) -> Callable[[Any], float]:
    """Build a check for floats that `accepts` takes; integers count, and so does text like 1e-6."""

    def check(value: Any) -> float:
        value = _number(value)
        # Compared before the conversion, which fails for integers of more than 308 digits.
        if type(value) not in (int, float) or not accepts(value):
            raise refuse(accepted)
        return float(value)

    return check


def choice(options: Sequence[str]) -> Callable[[Any], str]:
    """Build a check for one of a few words."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in options:
            raise refuse(f"one of {', '.join(options)}")
        return value

    return check


def boolean(value: Any) -> bool:
    """Accept true and false alone: 1 and "yes" are neither."""
    if not isinstance(value, bool):
        raise refuse("true or false")
    return value


def _number(value: Any) -> Any:
    is_number = isinstance(value, str) and _EXPONENT_FORM.fullmatch(value)
    return float(value) if is_number else value
