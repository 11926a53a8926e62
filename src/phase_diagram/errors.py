"""The exception for faulty user input, how faults are told, and the exit codes after them."""

import sys
from collections.abc import Iterable

MACHINE_FAULT = 1
USER_FAULT = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class InputError(Exception):
    """Faulty parameters, data or files.

    Parameters
    ----------
    faults : str or iterable of str
        One line per fault; each names the key or file, the value, and what is accepted. Control
        characters are escaped here: file names may contain any.
    """

    def __init__(self, faults: str | Iterable[str]) -> None:
        lines = [faults] if isinstance(faults, str) else faults
        self.faults = [printable(line) for line in lines]
        super().__init__("\n".join(self.faults))


def tell(error: InputError | OSError, file: str = "") -> int:
    """Print a fault of input or machine on standard error, a line `error: ...` each.

    Parameters
    ----------
    error : InputError or OSError
        OSError: a full disk, a folder that may not be written.
    file : str
        Named where an OSError names none.

    Returns
    -------
    int
        The exit code of a process that ends with this fault.
    """
    if isinstance(error, InputError):
        faults, code = error.faults, USER_FAULT
    else:
        faults, code = [f"{error.filename or file}: {error.strerror or error}"], MACHINE_FAULT
    for fault in faults:
        print(f"error: {printable(fault)}", file=sys.stderr)
    return code


def printable(text: str) -> str:
    """Return a text in one line, with line ends and control characters as Python escapes."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in text
    )
