"""What a machine can hold of docstrings: they are there, and fit the code that they stand in.

Asked of every public module, class and function of the library:

- It has a docstring.
- A section Parameters has the parameters of the signature, all of them, in their order. It goes
  stale first, since nothing else reads it.
- Without that section a parameter that is a number, an array or a table is named in the text. A
  type says what a path or a problem is; it does not say what a number means, nor what shape an
  array has. Of an array, a shape is said in the docstring, or once for its class or module.
- A function that raises InputError, itself or by a private function of its module, says so under
  Raises: that is what callers answer the user with.

Training modules are left out of the third: an edit to them trains everything anew, and they are
written in one notation that network.py explains.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import phase_diagram
from phase_diagram.sweeps import fingerprint

PACKAGE = Path(phase_diagram.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
TRAINING = {Path(path).resolve() for path in fingerprint.training_sources()}
# Their docstrings are the help of a command, which explains its options one by one.
COMMANDS = {
    PACKAGE / "cli" / f"{name}.py"
    for name in ("__init__", "check", "locate", "plot", "point", "probe")
}
NUMBERS = re.compile(r"\b(int|float|NDArray|ndarray|Tensor|ArrayLike|DataFrame|Series)\b")
ARRAYS = re.compile(r"\b(NDArray|ndarray|Tensor|ArrayLike)\b")
SHAPE = re.compile(r"\((\.\.\.|\w+( x \w+)?)?(,\s*[\w.]*)+\)|\bshapes?\b|\bscalars?\b|\bn x n\b")

Function = ast.FunctionDef


@dataclass
class Member:
    """A public class or function, and the docstrings of what it stands in."""

    module: Path
    name: str
    node: Function | ast.ClassDef
    around: str

    @property
    def docstring(self) -> str:
        return ast.get_docstring(self.node) or ""

    @property
    def sections(self) -> dict[str, str]:
        """The text of each section by its title."""
        parts = re.split(r"^(\w[\w ]*)\n-{3,}$", self.docstring, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2], strict=True))

    @property
    def parameters(self) -> dict[str, str]:
        """Names of the parameters, and their types as the source has them."""
        given = self.node.args
        listed = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
        return {
            each.arg: ast.unparse(each.annotation) if each.annotation else ""
            for each in listed
            if each is not None and each.arg not in ("self", "cls")
        }


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def public(module: Path) -> list[Member]:
    found = []

    def look(body, prefix, around):
        for node in body:
            if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
                continue
            if any(ast.unparse(each) == "overload" for each in node.decorator_list):
                continue
            found.append(Member(module, prefix + node.name, node, around))
            if isinstance(node, ast.ClassDef):
                look(node.body, f"{node.name}.", around + (ast.get_docstring(node) or ""))

    look(tree(module).body, "", ast.get_docstring(tree(module)) or "")
    return found


MEMBERS = [member for module in MODULES for member in public(module)]
FUNCTIONS = [member for member in MEMBERS if isinstance(member.node, Function)]


def documented(section: str) -> list[str]:
    """Give the names of a section: lines without indentation, `a, b : type`."""
    heads = [line.split(" : ")[0] for line in section.splitlines() if re.match(r"[*\w]", line)]
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


def misdescribed(member: Member) -> str | None:
    """Say in which way a section Parameters differs from the signature."""
    section = member.sections.get("Parameters")
    if section is None or documented(section) == list(member.parameters):
        return None
    return f"documents {documented(section)}, takes {list(member.parameters)}"


def unexplained(member: Member) -> list[str]:
    """Give the numbers, arrays and tables that no text names, and "shape" where none is said."""
    if "Parameters" not in member.sections:
        text = member.docstring
        missing = [
            name
            for name, kind in member.parameters.items()
            if NUMBERS.search(kind) and not re.search(rf"\b{name}\b", text)
        ]
    else:
        missing = []
    kinds = [*member.parameters.values(), ast.unparse(member.node.returns or ast.Constant(None))]
    arrays = [kind for kind in kinds if ARRAYS.search(kind)]
    if arrays and not SHAPE.search(member.docstring + member.around):
        missing.append("shape")
    return missing


def refuses(node: ast.AST, module: Path) -> bool:
    """Say whether a function raises InputError, itself or by a private function of its module."""
    helpers = {each.name: each for each in tree(module).body if isinstance(each, Function)}
    seen = set()

    def uncaught(inside: ast.AST) -> Iterator[ast.AST]:
        yield inside
        catches = isinstance(inside, ast.Try) and any(
            each.type is not None and "InputError" in ast.unparse(each.type)
            for each in inside.handlers
        )
        for each in ast.iter_child_nodes(inside):
            if not (catches and each in inside.body):
                yield from uncaught(each)

    def looks(inside: ast.AST) -> bool:
        for each in uncaught(inside):
            if isinstance(each, ast.Raise) and each.exc is not None:
                called = each.exc.func if isinstance(each.exc, ast.Call) else each.exc
                if ast.unparse(called) == "InputError":
                    return True
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
                name = each.func.id
                if name.startswith("_") and name in helpers and name not in seen:
                    seen.add(name)
                    if looks(helpers[name]):
                        return True
        return False

    return looks(node)


def undeclared(member: Member) -> bool:
    said = member.sections.get("Raises", "")
    return refuses(member.node, member.module) and "InputError" not in said


def named(members):
    return [f"{member.module.relative_to(PACKAGE)}: {member.name}" for member in members]


def test_the_library_was_found():
    assert len(MODULES) > 100
    assert len(FUNCTIONS) > 200
    assert sum(refuses(member.node, member.module) for member in FUNCTIONS) > 20


def test_every_module_class_and_function_has_a_docstring():
    assert not [module for module in MODULES if not ast.get_docstring(tree(module))]
    assert not named(member for member in MEMBERS if not member.docstring)


def test_sections_have_the_parameters_of_the_signature():
    faults = [(*named([member]), misdescribed(member)) for member in FUNCTIONS]
    assert not [fault for fault in faults if fault[1]]


def test_numbers_and_arrays_are_explained():
    asked = [member for member in FUNCTIONS if member.module not in TRAINING | COMMANDS]
    faults = [(*named([member]), unexplained(member)) for member in asked]
    assert not [fault for fault in faults if fault[1]]


def test_what_refuses_input_says_so():
    asked = [member for member in FUNCTIONS if member.module not in COMMANDS]
    assert not named(member for member in asked if undeclared(member))


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ('def f(x: int):\n    """Take x."""', ()),
        ('def f(x: int):\n    """Take it."""', ("unexplained",)),
        ('def f(x: Path):\n    """Take it."""', ()),
        ('def f(x: NDArray):\n    """Take x."""', ("unexplained",)),
        ('def f(x: NDArray):\n    """Take x (n, d)."""', ()),
        ('def f(x, y):\n    """F.\n\n    Parameters\n    ----------\n    x, y : int\n    """', ()),
        (
            'def f(x, y):\n    """F.\n\n    Parameters\n    ----------\n    y, x : int\n    """',
            ("misdescribed",),
        ),
        ('def f():\n    """F."""\n    raise InputError("f")', ("undeclared",)),
        ('def f():\n    """F."""\n    _g()\ndef _g():\n    raise InputError("g")', ("undeclared",)),
        (
            'def f():\n    """F.\n\n    Raises\n    ------\n    InputError\n    """\n'
            '    raise InputError("f")',
            (),
        ),
        (
            'def f():\n    """F."""\n    try:\n        _g()\n    except InputError:\n        pass\n'
            'def _g():\n    raise InputError("g")',
            (),
        ),
    ],
)
def test_each_fault_is_found(tmp_path, source, faults):
    module = tmp_path / "module.py"
    module.write_text(source, encoding="utf-8")
    (member,) = public(module)
    found = {
        "misdescribed": misdescribed(member),
        "unexplained": unexplained(member),
        "undeclared": undeclared(member),
    }
    assert tuple(name for name, fault in found.items() if fault) == faults
