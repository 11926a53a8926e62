"""Sha256 hashes of what a result was made from: parameters, data and source code.

File times mean nothing after a clone or a checkout; contents do. A result whose name or record
contains such a hash cannot be mistaken for one of other parameters or of older code.
"""

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
"""The folder of this package."""

# A string literal, which is kept, or a comment, which is removed.
_TEXT_OR_COMMENT = re.compile(
    r'("""(?:\\.|[^\\])*?"""|'
    r"'''(?:\\.|[^\\])*?'''|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'(?:\\.|[^'\\\n])*')|#[^\n]*",
    re.DOTALL,
)


def sha256_of(value: Any) -> str:
    """Return the sha256 of a JSON value; floats are written as the shortest text that is exact."""
    text = json.dumps(value, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def file_sha256(path: str | Path) -> str:
    """Return the sha256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_sha256(paths: Iterable[str | Path]) -> dict[str, str]:
    """Return the sha256 of each of these files that exists."""
    return {str(path): file_sha256(path) for path in paths if Path(path).is_file()}


def code_sha256(*places: str) -> dict[str, str]:
    """Return the sha256 of the statements of some modules and folders of this package.

    Comments, docstrings and blank lines do not count.

    Parameters
    ----------
    *places : str
        Modules ("errors.py") and folders ("flow"), relative to the package. Data files in a
        folder count too.

    Returns
    -------
    dict from str to str
        By file name, relative to the package, sorted.

    Raises
    ------
    FileNotFoundError
        If a module or folder does not exist.
    SyntaxError
        If one of the files is not valid Python.
    """
    return {
        path.relative_to(PACKAGE).as_posix(): _source_sha256(path)
        for path in sorted({path for place in places for path in _files(PACKAGE / place)})
    }


def statements(source: str) -> str:
    """Return Python source without its comments, docstrings and blank lines.

    String statements after a definition, which serve as its documentation, are removed as well.

    Raises
    ------
    SyntaxError
        If it is not valid Python.
    """
    lines = source.splitlines(keepends=True)
    for first, last in _lone_texts(ast.parse(source)):
        lines[first - 1 : last] = ["\n"] * (last - first + 1)
    without = _TEXT_OR_COMMENT.sub(lambda match: match[1] or "", "".join(lines))
    return "\n".join(line.rstrip() for line in without.splitlines() if line.strip())


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    elif place.is_dir():
        yield from (
            path
            for path in place.rglob("*")
            if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
        )
    else:
        raise FileNotFoundError(f"{place}: no such module or folder")


@cache  # most files belong to several stages
def _source_sha256(path: Path) -> str:
    contents = path.read_bytes()
    if path.suffix == ".py":
        contents = statements(contents.decode()).encode()
    return hashlib.sha256(contents).hexdigest()


def _lone_texts(node: ast.AST) -> Iterator[tuple[int, int]]:
    """Find statements of modules, classes and functions that consist of a string only.

    Those that share a line with other code are left out, as that would be removed as well.
    """
    body = getattr(node, "body", None)
    for statement in body if isinstance(body, list) else ():
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            if isinstance(statement.value.value, str):
                yield statement.lineno, statement.end_lineno or statement.lineno
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield from _lone_texts(statement)
