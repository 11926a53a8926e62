"""Import a factory given as module:function or file.py:function."""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from phase_diagram.errors import InputError
from phase_diagram.probing.factories import MakeModel, telling

FORM = "module:function or file.py:function"


def resolve(named: str) -> MakeModel:
    """Import a factory.

    Parameters
    ----------
    named : str
        A module, searched in the current folder too, or a path that ends in .py; then a colon
        and the name of a callable in it. A file can import modules in its folder.

    Raises
    ------
    InputError
        If there is no such module or callable, or its code fails on import.
    """
    place, colon, function = named.rpartition(":")
    if not (colon and place and function.isidentifier()):
        raise InputError(f"{named!r}: must be {FORM}")
    with telling(named):
        module = _file(Path(place), named) if place.endswith(".py") else _module(place)
    factory: Any = getattr(module, function, None)
    if factory is None:
        raise InputError(f"{named}: no {function} in {place}; expected {FORM}")
    if not callable(factory):
        raise InputError(f"{named}: a {type(factory).__name__}; expected a function of the width")
    make: MakeModel = factory
    return make


def _module(name: str) -> ModuleType:
    _look_in(Path.cwd())
    return importlib.import_module(name)


def _file(path: Path, named: str) -> ModuleType:
    if not path.is_file():
        raise InputError(f"{named}: no file {path}; expected {FORM}")
    _look_in(path.resolve().parent)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None  # as for every .py
    module = importlib.util.module_from_spec(spec)
    # Classes look up their module by its name, dataclasses for one.
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _look_in(folder: Path) -> None:
    """Let imports find modules of a folder, now and when the factory is called."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
