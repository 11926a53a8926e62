"""Read YAML files strictly: nothing is executed, guessed, or silently dropped."""

import re
from pathlib import Path
from typing import Any

import yaml

from phase_diagram.errors import InputError
from phase_diagram.parameters.validation import key_path, shown, shown_path

MAXIMUM_BYTES = 10**6  # read within seconds, and far more than a file written by hand
MAXIMUM_MERGED = 10_000  # keys that `<<` may copy in total: merges of merges multiply

_TAG = "tag:yaml.org,2002:"
_VALUES = ("null", "bool", "int", "float", "str", "seq", "map")


class _Loader(yaml.SafeLoader):
    """SafeLoader with the plain values of YAML 1.2, and no others.

    PyYAML follows YAML 1.1, where 1e-6 is text, 0100 is 64, 1:30 is 90 and `no` is false. DVC
    reads the same file by YAML 1.2, so one file would have two meanings. Dates, sets and bytes,
    from tags such as !!binary, are not supported either.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.merged = 0

    def construct_scalar(self, node: Any) -> str:
        text: str = yaml.constructor.BaseConstructor.construct_scalar(self, node)
        pattern = _WRITTEN.get(node.tag)
        if pattern is not None and not pattern.fullmatch(text):
            kind = node.tag.removeprefix(_TAG)
            raise _refusal(f"{shown(text)} is not of the kind {kind}", node)
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise _refusal(f"{shown(text)} holds half of a character", node)
        return text

    def flatten_mapping(self, node: Any) -> None:
        """Replace `<<` by the keys of the mappings that it merges."""
        pairs, node.value = node.value, []  # emptied, so that a mapping merged into itself ends
        copied = []
        for key, value in pairs:
            if key.tag != f"{_TAG}merge":
                continue
            for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                if not isinstance(source, yaml.MappingNode):
                    raise _refusal("<< needs a mapping, or a list of mappings", key)
                self.flatten_mapping(source)
                self.merged += 1 + len(source.value)
                if self.merged > MAXIMUM_MERGED:
                    raise _refusal(f"<< copies more than {MAXIMUM_MERGED} keys", key)
                copied.append(source.value)
        # Of equal keys the last one counts: that of the first mapping merged, and before all
        # others the mapping's own.
        node.value = [pair for merged in reversed(copied) for pair in merged]
        node.value += [pair for pair in pairs if pair[0].tag != f"{_TAG}merge"]


def _refusal(problem: str, node: yaml.Node) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


_Loader.yaml_constructors = {
    tag: yaml.SafeLoader.yaml_constructors[tag]
    for tag in (None, *(f"{_TAG}{value}" for value in _VALUES))
}
_Loader.yaml_implicit_resolvers = {}  # a copy, or the changes below would affect PyYAML's loader
_INTEGER = r"[-+]?(?:0|[1-9][0-9_]*)"
_FLOAT = (
    r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*\.[0-9]*|[0-9][0-9_]*(?=[eE]))(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_WRITTEN: dict[str, re.Pattern[str]] = {}  # types that a tag in front of a value may not change
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", _INTEGER, list("-+0123456789")),
    ("float", _FLOAT, list("-+.0123456789")),
    ("merge", r"<<", ["<"]),
):
    _WRITTEN[f"{_TAG}{_tag}"] = re.compile(_pattern)
    _Loader.add_implicit_resolver(f"{_TAG}{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)
_WRITTEN[f"{_TAG}float"] = re.compile(rf"{_FLOAT}|{_INTEGER}")


def read(path: str | Path) -> tuple[object, list[str]]:
    """Read one YAML document.

    Parameters
    ----------
    path : str or Path
        A file in UTF-8.

    Returns
    -------
    content : object
        Consists of dict, list, str, int, float, bool and None; None for an empty file.
    faults : list of str
        One line per key that is given twice (the last one is in `content`).

    Raises
    ------
    InputError
        If the file cannot be read, is not UTF-8 or is not YAML.
    """
    name = shown_path(path)
    try:
        # Read no more than this: a device file may be endless.
        with open(path, "rb") as file:
            content = file.read(MAXIMUM_BYTES + 1)
        if len(content) > MAXIMUM_BYTES:
            raise InputError(f"{name}: too large: must have at most {MAXIMUM_BYTES} bytes")
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}: must be a readable YAML file") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8: must be UTF-8 text") from None
    except ValueError as error:  # a NUL character in the path
        raise InputError(f"{name}: {error}: must be the path of a YAML file") from None

    faults: list[str] = []
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None, []
        _find_duplicates(node, (), faults, set())
        return loader.construct_document(node), faults
    except RecursionError:
        raise InputError(f"{name}: nested too deeply: must be a plain YAML mapping") from None
    except yaml.YAMLError as error:
        raise InputError(f"{name}: {_one_line(error)}: must be valid YAML") from None
    except (ValueError, LookupError, AttributeError, TypeError, OverflowError) as error:
        # Exceptions of PyYAML's constructors for values such as `!!int x` or `!!bool x`.
        reason = " ".join(str(error).split())[:80]
        raise InputError(f"{name}: a value cannot be read ({reason}): must be valid YAML") from None


def _find_duplicates(
    node: yaml.Node, keys: tuple[str | int, ...], faults: list[str], seen: set[int]
) -> None:
    if id(node) in seen:  # an alias: reported where its anchor is
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _find_duplicates(item, (*keys, index), faults, seen)
    elif isinstance(node, yaml.MappingNode):
        seen_keys: set[tuple[str, str]] = set()
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                continue  # refused by the constructor, whose message names the line
            path = key_path([*keys, key_node.value])
            identity = (key_node.tag, key_node.value)
            if identity in seen_keys:
                line = key_node.start_mark.line + 1
                faults.append(f"{path}: given again on line {line}: must appear once")
            seen_keys.add(identity)
            _find_duplicates(value_node, (*keys, key_node.value), faults, seen)


def _one_line(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        problem = f"line {error.problem_mark.line + 1}, {error.problem or error.context}"
    else:
        problem = str(error)
    line = " ".join(problem.split())
    return line if len(line) <= 200 else f"{line[:197]}..."
