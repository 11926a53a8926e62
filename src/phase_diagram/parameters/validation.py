"""Strict sections, and faults told in one line each: the key, the value, what is accepted.

Every refusal carries its own text; `Section` replaces those of pydantic that remain (a missing
or unknown key, no mapping), so that `faults` only has to join key, value and text.
"""

import difflib
import re
import reprlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_MISSING = "missing"

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 60
_short.maxlist = _short.maxdict = _short.maxtuple = 6
_short.maxlevel = 3  # lists of lists of lists multiply
_LONGEST = 200
_FAULTS_SHOWN = 20  # of one list


class Section(BaseModel):
    """A mapping with known keys: nothing extra, nothing converted, frozen once built.

    The `description` of each field says what is accepted.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="wrap")
    @classmethod
    def _explain(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(value)
        except ValidationError as error:
            raise ValidationError.from_exception_data(
                cls.__name__, [cls._explained(details) for details in error.errors()]
            ) from None

    @classmethod
    def _explained(cls, details: Any) -> InitErrorDetails:
        """Give an error its final text; those of inner sections have theirs already."""
        kind, text, location = details["type"], details["msg"], details["loc"]
        if kind in (_MISSING, "dict_type") and len(location) == 1:
            description = cls.model_fields[location[0]].description
            kind, text = (_MISSING if kind == _MISSING else "refused"), f"must be {description}"
        elif kind in ("extra_forbidden", "invalid_key"):
            kind, text = "refused", f"unknown key, must be one of {', '.join(cls.model_fields)}"
            close = difflib.get_close_matches(str(location[-1]), cls.model_fields, n=1)
            text += f" (did you mean {close[0]}?)" if close else ""
        elif kind == "model_type":
            kind, text = "refused", f"must be a mapping with keys of {', '.join(cls.model_fields)}"
        return InitErrorDetails(
            type=PydanticCustomError(kind, "{text}", {"text": text}),
            loc=location,
            input=details["input"],
        )


def faults(error: ValidationError, label: Callable[[Sequence[str | int]], str]) -> list[str]:
    """Turn the errors of a `Section` into single lines.

    Parameters
    ----------
    error : pydantic.ValidationError
        Raised by a `Section`.
    label : callable
        Names the place of a fault, given its keys from the outside in.
    """
    lines = []
    for details in error.errors():
        location = details["loc"]
        if details["type"] == "refused_key":  # pydantic puts "[key]" after the key it means
            location = location[:-1]
        value = _MISSING if details["type"] == _MISSING else shown(details["input"])
        lines.append(f"{label(location)}: {value}: {details['msg']}")
    return lines


def key_path(keys: Iterable[str | int]) -> str:
    """Write the keys of a nested value as experiments.four_points.widths[1]."""
    path = ""
    for key in keys:
        if isinstance(key, int):
            path += f"[{key}]"
        else:
            name = key if _PLAIN_KEY.fullmatch(key) else shown(key)
            path += f".{name}" if path else name
    return path


def shown(value: object) -> str:
    """Write a value in one short line, the way YAML writes it."""
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    try:
        line = " ".join(_short.repr(value).split())
    except ValueError:  # Python refuses to print integers of thousands of digits
        return "a value too long to print"
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def shown_path(path: str | Path) -> str:
    """Write the path of a file in one line, whatever its name holds."""
    return str(path) if str(path).isprintable() else repr(str(path))


def refuse(accepted: str) -> PydanticCustomError:
    """Build the error that says what would have been accepted."""
    return PydanticCustomError("refused", "{text}", {"text": f"must be {accepted}"})


def distinct(
    check: Callable[[Any], Any], accepted: str, *, minimum: int, maximum: int
) -> Callable[[Any], tuple[Any, ...]]:
    """Build a check for lists of different values that reports every fault, not only the first.

    Of very many it shows some and counts the rest.

    Parameters
    ----------
    check : callable
        Check of one element.
    accepted : str
        What the list as a whole must be.
    minimum, maximum : int
        Accepted number of elements.
    """

    def check_list(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise refuse(accepted)
        found: list[InitErrorDetails] = []
        elements: dict[Any, None] = {}  # in their order, and quick to look up
        if not minimum <= len(value) <= maximum:
            found.append(InitErrorDetails(type=refuse(accepted), loc=(), input=value))
        for index, item in enumerate(value[:maximum]):
            try:
                element = check(item)
                if element in elements:
                    raise refuse("different from the values before it")
                elements[element] = None
            except PydanticCustomError as error:
                found.append(InitErrorDetails(type=error, loc=(index,), input=item))
        if len(found) > _FAULTS_SHOWN:
            left = refuse(f"{accepted}: and {len(found) - _FAULTS_SHOWN} more faults")
            found[_FAULTS_SHOWN:] = [InitErrorDetails(type=left, loc=(), input=value)]
        if found:
            raise ValidationError.from_exception_data("list", found)
        return tuple(elements)

    return check_list
