"""Find the caption of a figure or table by its name.

The experiments have a module of captions, and so has each kind of studies, named after it. Each of
them has `FIGURES` and `TABLES`, which map the name of a figure or table to a function that takes
the tables and returns reStructuredText.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

# Tables of one experiment or study by their names: data frames, and a dict for `metrics`.
Tables = Mapping[str, Any]
Finding = Callable[[Tables], str]


def figures(group: str) -> Mapping[str, Finding]:
    """Return the caption functions of the figures of experiments, or of a kind of studies.

    Parameters
    ----------
    group : str
        "experiments" or a kind of studies.

    Returns
    -------
    mapping from str to callable
        By the names of the figures. A function takes the tables of one experiment or study, reads
        those that it needs, and returns paragraphs of reStructuredText.
    """
    captions: Mapping[str, Finding] = _module(group).FIGURES
    return captions


def tables(group: str) -> Mapping[str, Finding]:
    """Return the caption functions of the tables; see `figures`."""
    captions: Mapping[str, Finding] = _module(group).TABLES
    return captions


def _module(group: str) -> Any:
    return import_module(f"phase_diagram.captions.{group}")
