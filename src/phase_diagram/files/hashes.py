"""What a result was made from, as a sha256: parameters, data and the sources of the code.

File times tell nothing after a clone or a checkout; contents do. A result whose name or record
holds such a hash cannot be taken for one of other parameters or of older code.
"""

import ast
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT.name


def sha256_of(value: Any) -> str:
    """Return the sha256 of a JSON value; floats enter by the shortest text that gives them back."""
    text = json.dumps(value, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def file_sha256(path: str | Path) -> str:
    """Return the sha256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_sha256(paths: Iterable[str | Path]) -> dict[str, str]:
    """Return the sha256 of each of these files that exists."""
    return {str(path): file_sha256(path) for path in paths if Path(path).is_file()}


def code_sha256(sources: Iterable[Path]) -> str:
    """Return the sha256 of source files: of their names within the package and their contents.

    A script outside the package enters by its file name, so that the hash is the same wherever
    the project is put.
    """
    return sha256_of({_name(path): file_sha256(path) for path in sources})


def sources_of(source: Path) -> list[Path]:
    """Find all files of this package that a Python file uses, directly or not.

    Imports inside functions count; nothing is executed. Data files count where they lie in the
    folder of a module that is used, in a package below this one.

    Parameters
    ----------
    source : path
        A script, or a module of the package.

    Returns
    -------
    list of pathlib.Path
        `source` itself, then the others, sorted.

    Raises
    ------
    SyntaxError
        If one of the files is not valid Python.
    """
    modules: set[Path] = set()
    waiting = [source]
    while waiting:
        for path in _imported(waiting.pop()):
            if path not in modules and path != source:
                modules.add(path)
                waiting.append(path)
    folders = {path.parent for path in modules} - {ROOT}
    data = {
        path
        for folder in folders
        for path in folder.iterdir()
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    return [source, *sorted(modules | data)]


def module_path(module: str) -> Path:
    """Return the file of a module of this package, given its dotted name.

    Raises
    ------
    ModuleNotFoundError
        If the package has no such module.
    """
    path = _find(module)
    if path is None:
        raise ModuleNotFoundError(f"no module {module} in {ROOT}", name=module)
    return path


def _find(module: str) -> Path | None:
    # Looked up as files, because importlib would execute the packages on the way.
    path = ROOT.joinpath(*module.split(".")[1:])
    for candidate in (path / "__init__.py", path.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return None


def _imported(source: Path) -> set[Path]:
    found: set[Path] = set()
    for name in _names_imported(source.read_bytes(), tuple(_package(source)), str(source)):
        parts = name.split(".")
        if parts[0] == PACKAGE:
            # Importing a.b.c executes a and a.b too.
            paths = [_find(".".join(parts[: end + 1])) for end in range(len(parts))]
            found.update(path for path in paths if path is not None)
    return found


@cache
def _names_imported(code: bytes, package: tuple[str, ...], filename: str) -> frozenset[str]:
    """Names that may be modules; kept, because all stages share most of their files."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code, filename=filename)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*parts, *([node.module] if node.module else [])])
            # `from package import name`: the name may be a module or something inside one.
            names.update([module, *(f"{module}.{alias.name}" for alias in node.names)])
    return frozenset(names)


def _package(source: Path) -> list[str]:
    if not source.is_relative_to(ROOT):
        return []
    return [PACKAGE, *source.relative_to(ROOT).parent.parts]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
