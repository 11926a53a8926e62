"""What no linter holds of docstrings: all parameters have their place, and arrays their shape.

A section Parameters has the parameters of the signature, all of them, in their order: nothing else
reads it, so it is the first to be out of date. Of an array, a shape is said in the docstring, or
once for its class or module. Training modules are left out of that: they are written in one
notation, which network.py explains.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import phase_diagram

PACKAGE = Path(phase_diagram.__file__).parent
ARRAYS = re.compile(r"\b(NDArray|ndarray|Tensor|ArrayLike)\b")
SHAPE = re.compile(r"\((\.\.\.|\w+( x \w+)?)?(,\s*[\w.]*)+\)|\bshapes?\b|\bscalars?\b|\bn x n\b")
SECTION = re.compile(r"^Parameters\n-{3,}\n(.*?)(?=^\w[\w ]*\n-{3,}$|\Z)", re.MULTILINE | re.DOTALL)


class Function(NamedTuple):
    """A public function or method, and the docstrings of what it stands in."""

    name: str
    node: ast.FunctionDef
    around: str


def functions(parent: ast.Module | ast.ClassDef, name: str, around: str = "") -> Iterator[Function]:
    around += ast.get_docstring(parent) or ""
    for node in parent.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if isinstance(node, ast.ClassDef):
                yield from functions(node, f"{name}.{node.name}", around)
            else:
                yield Function(f"{name}.{node.name}", node, around)


def faults(function: Function) -> Iterator[str]:
    docstring, given = ast.get_docstring(function.node) or "", function.node.args
    arguments = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
    kinds = {
        argument.arg: ast.unparse(argument.annotation) if argument.annotation else ""
        for argument in arguments
        if argument is not None and argument.arg not in ("self", "cls")
    }
    section = SECTION.search(docstring)
    if section:
        heads = re.findall(r"^([*\w][^:\n]*)", section[1], re.MULTILINE)
        documented = [word.strip(" *") for head in heads for word in head.split(",")]
        if documented != list(kinds):
            yield f"documents {documented}, takes {list(kinds)}"
    returned = ast.unparse(function.node.returns or ast.Constant(None))
    if not SHAPE.search(docstring + function.around):
        yield from (
            f"{kind}: no shape" for kind in (*kinds.values(), returned) if ARRAYS.search(kind)
        )


def read(path: Path) -> list[Function]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return list(functions(tree, path.relative_to(PACKAGE).as_posix()))


def test_parameters_and_shapes_are_told():
    found = [function for path in sorted(PACKAGE.rglob("*.py")) for function in read(path)]
    assert len(found) > 200
    wrong = {function.name: list(faults(function)) for function in found}
    training = "two_layer/", "activations.py"
    assert not {
        name: told
        for name, told in wrong.items()
        if told and not (name.startswith(training) and told[0].endswith("no shape"))
    }


PARAMETERS = "Parameters\n    ----------\n    {} : int\n"


@pytest.mark.parametrize(
    ("signature", "docstring", "count"),
    [
        ("x: NDArray", "Take x.", 1),
        ("x: NDArray", "Take x (n, d).", 0),
        ("x, y", "F.\n\n    " + PARAMETERS.format("x, y"), 0),
        ("x, y", "F.\n\n    " + PARAMETERS.format("y, x"), 1),
        ("x, y", "F.\n\n    " + PARAMETERS.format("x"), 1),
    ],
)
def test_each_fault_is_found(signature, docstring, count):
    (function,) = functions(ast.parse(f'def f({signature}):\n    """{docstring}"""'), "module")
    assert len(list(faults(function))) == count
