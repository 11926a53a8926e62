"""The exception for faulty user input, as opposed to errors of the program."""

from collections.abc import Iterable


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


def printable(text: str) -> str:
    """Return a text in one line, with line ends and control characters as Python escapes."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
