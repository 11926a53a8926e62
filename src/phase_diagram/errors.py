"""The one exception that means: the user's input is at fault, not the program."""

from collections.abc import Iterable


class InputError(Exception):
    """Faulty parameters, data or files.

    Parameters
    ----------
    faults : str or iterable of str
        One line per fault; each names the key or file, the value, and what is accepted.
    """

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        super().__init__("\n".join(self.faults))
