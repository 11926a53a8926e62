"""Docstrings as they are read in the source, made into what Sphinx takes them for.

They are plain text of the NumPy style, with formulas such as |w| and names such as `rd`. A bar, a
star and a last underscore mean themselves; an indented block is a formula and keeps its lines; a
name in backticks leads to the object where there is one, and else stands in letters of code (a
parameter, a column of a table).
"""

import inspect
import re
from typing import Any, TypeGuard, get_type_hints

from docutils import nodes
from numpy.typing import ArrayLike
from pydantic import BaseModel
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import stringify_annotation

DOCUMENT = re.compile(r"\bdocs/(\w+)\.md\b")
# What stands in backticks, and what reStructuredText would take for a mark.
MARK = re.compile(r"(`[^`]*`)|([|*]|(?<=\w)_(?!\w))")
ARRAY_LIKE = stringify_annotation(ArrayLike, "smart")
ARRAY = re.compile(
    r"~?numpy\.ndarray\[tuple\[~?typing\.Any, \.\.\.\], ~?numpy\.dtype\[(~?[\w.]+)\]\]"
)
UNDERLINE = re.compile(r"-{3,}")


def marked_up(line: str) -> str:
    r"""Give a line of a docstring as reStructuredText.

    Examples
    --------
    >>> print(marked_up("|w| of `w_`, docs/theory.md section 5"))
    \|w\| of `w_`, :doc:`docs/theory.md </theory>` section 5
    """
    line = MARK.sub(lambda found: found[1] or rf"\{found[2]}", line)
    return DOCUMENT.sub(r":doc:`docs/\1.md </\1>`", line)


def converted(lines: list[str]) -> list[str]:
    """Give a docstring as reStructuredText that napoleon can take to its sections.

    Parameters
    ----------
    lines : list of str
        Without common indentation.

    Returns
    -------
    list of str
        Indented blocks before the first section are literal ones. Text is escaped.
    """
    converted: list[str] = []
    sectioned = literal = False
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        sectioned = sectioned or bool(line and UNDERLINE.fullmatch(following))
        indented = line.startswith("  ") and not sectioned
        if indented and not literal:
            converted += ["", "::", ""]
        literal = indented or (literal and not line)
        if line == "\b":  # tells the command's help not to wrap what follows
            line = ""
        converted.append(line if literal or line.startswith(">>>") else marked_up(line))
        if line and not literal and following.startswith("  ") and not sectioned:
            converted.append("")
    return converted


def fields(model: type[BaseModel]) -> list[str]:
    """Give a section on the fields of a model: their types, what is accepted, what is the default.

    Parameters
    ----------
    model : type
        A section of params.yaml.

    Returns
    -------
    list of str
        Lines of a docstring.
    """
    lines = ["", "Attributes", "----------"]
    annotations = {name: field.annotation for name, field in model.model_fields.items()}
    # Python knows how to leave out of a type, at any depth, how its values are checked.
    hints = get_type_hints(type("Fields", (), {"__annotations__": annotations}))
    for name, field in model.model_fields.items():
        kind = stringify_annotation(hints[name], "smart").replace("~typing.", "").replace("~", "")
        default = field.get_default(call_default_factory=True)
        if not field.is_required() and default != {}:
            kind = f"{kind}, {default!r} if left out"
        lines.append(f"{name} : {marked_up(kind)}")
        if field.description:
            lines.append(f"    {marked_up(field.description)}")
    return lines


# Of attributes and the like: napoleon would take the words before a colon for a type.
ATTRIBUTES = ("attribute", "data", "property")
_plain: dict[str, list[str]] = {}


def _before_napoleon(
    _app: Sphinx, kind: str, name: str, subject: object, _options: object, lines: list[str]
) -> None:
    lines[:] = converted(lines)
    if kind in ATTRIBUTES:
        _plain[name] = lines[:]
        lines.clear()
    elif _is_model(subject) and subject.model_fields:
        lines += fields(subject)


def _after_napoleon(
    _app: Sphinx, kind: str, name: str, _subject: object, _options: object, lines: list[str]
) -> None:
    if kind in ATTRIBUTES:
        lines[:] = _plain.pop(name)


def _sign(
    _app: Sphinx,
    _kind: str,
    _name: str,
    subject: Any,
    _options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:
    """Write types as the source does, and leave out what is no part of them or never called."""
    if _is_model(subject) or getattr(subject, "_is_protocol", False):
        return "", None
    if signature is not None and "Annotated[" in signature:
        plain = inspect.signature(subject)
        hints = get_type_hints(subject)
        parameters = [p.replace(annotation=hints[name]) for name, p in plain.parameters.items()]
        signature = str(plain.replace(parameters=parameters)).partition(" -> ")[0]
    return _short(signature), _short(returned)


def _short(types: str | None) -> str | None:
    """Give the names that NumPy has for types which Python spells out."""
    if types is None:
        return None
    return ARRAY.sub(r"NDArray[\1]", types.replace(ARRAY_LIKE, "ArrayLike"))


def _is_model(subject: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(subject, type) and issubclass(subject, BaseModel)


def _leave(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, shown: nodes.Element
) -> nodes.Element | None:
    """Show what is no object of the library as code."""
    return shown if node["reftype"] == "obj" and not node.get("refexplicit") else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Change docstrings before napoleon reads them, and answer for names that lead nowhere."""
    app.connect("autodoc-process-docstring", _before_napoleon, priority=100)
    app.connect("autodoc-process-docstring", _after_napoleon, priority=900)
    app.connect("autodoc-process-signature", _sign)
    app.connect("missing-reference", _leave)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
