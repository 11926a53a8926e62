"""Strict sections of parameters, and faults in one line each: key, value, what is accepted.

pydantic checks the values. Its message about a refused value is replaced by what is accepted: the
description of the field, or its constraints in words.
"""

import difflib
import re
import reprlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, Self, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
# Error types that have their final text; all others are pydantic's own.
_REFUSED = "refused"
_MISSING = "refused_missing"
_OF_A_KEY = "[key]"  # pydantic appends this to a key that it refuses

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 60
_short.maxlist = _short.maxdict = _short.maxtuple = 6
_short.maxlevel = 3  # lists of lists of lists multiply
_LONGEST = 200
_FAULTS_SHOWN = 20  # of one list


class Section(BaseModel):
    """A mapping with known keys: no other keys, no conversion of values, frozen."""

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
        """Replace an error's text by the final one; errors of inner sections already have it."""
        error_type, text, location = details["type"], details["msg"], details["loc"]
        if error_type not in (_REFUSED, _MISSING):
            if error_type in ("extra_forbidden", "invalid_key"):
                text = f"unknown key, must be one of {', '.join(cls.model_fields)}"
                close = difflib.get_close_matches(str(location[-1]), cls.model_fields, n=1)
                text += f" (did you mean {close[0]}?)" if close else ""
            elif error_type == "model_type":
                text = f"must be a mapping with keys of {', '.join(cls.model_fields)}"
            else:
                field = cls.model_fields[location[0]]
                if location[-1] == _OF_A_KEY:
                    location = location[:-1]
                    field = FieldInfo.from_annotation(get_args(field.annotation)[0])
                text = f"must be {accepted(field)}"
            error_type = _MISSING if error_type == "missing" else _REFUSED
        return InitErrorDetails(
            type=PydanticCustomError(error_type, "{text}", {"text": text}),
            loc=location,
            input=details["input"],
        )


def accepted(field: FieldInfo) -> str:
    """Return what a field accepts: its description, or its constraints in words."""
    if field.description:
        return field.description
    if field.annotation is bool:
        return "true or false"
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(get_args(field.annotation))}"
    bounds = {
        name: getattr(constraint, name)
        for constraint in field.metadata
        for name in ("ge", "le")
        if hasattr(constraint, name)
    }
    return f"an integer of at least {bounds['ge']} and at most {bounds['le']}"


def faults(error: ValidationError, label: Callable[[Sequence[str | int]], str]) -> list[str]:
    """Turn the errors of a `Section` into single lines.

    Parameters
    ----------
    error : pydantic.ValidationError
        Raised by a `Section`.
    label : callable
        Returns the name of a faulty value, given its keys from the outside in.
    """
    return [
        f"{label(details['loc'])}: "
        f"{'missing' if details['type'] == _MISSING else shown(details['input'])}: {details['msg']}"
        for details in error.errors()
    ]


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
    """Write the path of a file in one line, whatever characters it has."""
    return str(path) if str(path).isprintable() else repr(str(path))


def refuse(accepted: str) -> PydanticCustomError:
    """Build an error with the given text of what is accepted, where no field describes it."""
    return PydanticCustomError(_REFUSED, "{text}", {"text": f"must be {accepted}"})


def distinct(
    element: Any, accepted_list: str, *, minimum: int, maximum: int
) -> Callable[[Any], tuple[Any, ...]]:
    """Build a check for lists of distinct values, for which pydantic has no constraint.

    Every fault is reported, of the list and of each element; if there are very many, some are
    shown and the others counted.

    Parameters
    ----------
    element : type
        Type of an element, with pydantic's constraints.
    accepted_list : str
        Describes which lists are accepted.
    minimum, maximum : int
        Accepted number of elements.
    """
    adapter, accepted_element = TypeAdapter(element), accepted(FieldInfo.from_annotation(element))

    def check_list(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise refuse(accepted_list)
        errors: list[InitErrorDetails] = []
        elements: dict[Any, None] = {}  # in their order, and quick to look up
        if not minimum <= len(value) <= maximum:
            errors.append(InitErrorDetails(type=refuse(accepted_list), loc=(), input=value))
        for index, item in enumerate(value[:maximum]):
            refused = None
            try:
                checked = adapter.validate_python(item)
            except ValidationError:
                refused = refuse(accepted_element)
            else:
                if checked in elements:
                    refused = refuse("different from the values before it")
                elements[checked] = None
            if refused:
                errors.append(InitErrorDetails(type=refused, loc=(index,), input=item))
        if len(errors) > _FAULTS_SHOWN:
            more_faults = refuse(f"{accepted_list}: and {len(errors) - _FAULTS_SHOWN} more faults")
            errors[_FAULTS_SHOWN:] = [InitErrorDetails(type=more_faults, loc=(), input=value)]
        if errors:
            raise ValidationError.from_exception_data("list", errors)
        return tuple(elements)

    return check_list
