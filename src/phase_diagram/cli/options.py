"""Common code of the commands that train: check options, report networks too large for memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import ValidationError

from phase_diagram.errors import InputError
from phase_diagram.parameters.validation import Section, faults

Request = TypeVar("Request", bound=Section)


def checked(request_type: type[Request], options: dict[str, Any]) -> Request:
    """Check the options of a command, each of them a field of the same name.

    Raises
    ------
    InputError
        With one line per fault, which names the option.
    """
    try:
        return request_type.model_validate(options)
    except ValidationError as error:
        # For a repeated option the value shows which one is meant, so its position is left out.
        lines = faults(error, lambda keys: f"--{str(keys[0]).replace('_', '-')}")
        raise InputError(lines) from None


@contextmanager
def memory_faults(widths: Sequence[int]) -> Iterator[None]:
    """Report that networks of these widths do not fit in memory.

    Raises
    ------
    InputError
        Instead of a failed allocation.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        # torch reports a failed allocation as a RuntimeError, on the CPU and on a GPU.
        if isinstance(error, RuntimeError) and "memory" not in str(error):
            raise
        raise InputError(
            f"--width: {max(widths)}: must be smaller, the network does not fit the memory"
        ) from None
