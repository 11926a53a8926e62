"""params.yaml as a file: its encoding, its YAML, and any damage to it."""

import copy
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from parameter_files import VALID, changed, file_refusals

from phase_diagram import parameters
from phase_diagram.errors import InputError

unhurried = settings(deadline=None)  # the machine may be busy with other work
WIDTH = "must be an integer of at least 2 and at most 1000000000, or 10^50 with quadrature"


def test_load_reads_what_parse_accepts(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("\ufeff" + yaml.safe_dump(VALID), encoding="utf-8")
    assert parameters.load(path) == parameters.parse(VALID)


def test_every_repeated_key_is_refused(tmp_path: Path) -> None:
    text = """\
experiments:
  tiny:
    dataset: four_points
    gamma: {start: 1, stop: 2, step: 1, stop: 3}
    gamma_prime: [0]
    widths: [100, 1000]
    widths: [100, 200]
figures: {}
figures: {dpi: 10}
"""
    assert file_refusals(tmp_path / "p.yaml", text) == [
        "experiments.tiny.gamma.stop: given again on line 4: must appear once",
        "experiments.tiny.widths: given again on line 7: must appear once",
        "figures: given again on line 9: must appear once",
        "figures.dpi: 10: must be an integer of at least 30 and at most 1200",
    ]


def test_a_repeated_key_alone_is_refused(tmp_path: Path) -> None:
    text = yaml.safe_dump(VALID) + "figures: {}\n"
    (line,) = file_refusals(tmp_path / "p.yaml", text)
    assert line.startswith("figures: given again on line ")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("0100", "'0100'"),  # octal in YAML 1.1
        ("1:40", "'1:40'"),  # sexagesimal
        ("0x64", "'0x64'"),
        ("yes", "'yes'"),
        ("1e3.5", "'1e3.5'"),
    ],
)
def test_values_of_old_yaml_are_not_guessed(tmp_path: Path, written: str, shown: str) -> None:
    text = yaml.safe_dump(changed("widths", [100, 7777])).replace("7777", written)
    (line,) = file_refusals(tmp_path / "p.yaml", text)
    assert line == f"experiments.tiny.widths[1]: {shown}: {WIDTH}"


def test_numbers_are_read_as_people_write_them(tmp_path: Path) -> None:
    text = yaml.safe_dump(changed("tolerance", 7777)).replace("7777", "1e-6")
    path = tmp_path / "p.yaml"
    path.write_text(text.replace("1000", "100_000"))
    tiny = parameters.load(path).experiments["tiny"]
    assert tiny.tolerance == 1e-6
    assert tiny.widths == (100, 100_000)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "empty: must be a mapping with the key experiments"),
        ("# nothing but a comment\n", "empty: must be a mapping with the key experiments"),
        (
            "- a\n- b\n",
            "['a', 'b']: must be a mapping with keys of experiments, studies, datasets, figures",
        ),
        (b"\xff\xfe\x00", "byte 0 is not UTF-8: must be UTF-8 text"),
        ("a: [1, 2\nb: 3\n", "line 2, "),
        ("a: 1\n\tb: 2\n", "line 2, "),
        ("a: !!int x\n", "line 1, 'x' is not of the kind int"),
        ("a: !!bool x\n", "line 1, 'x' is not of the kind bool"),
        ("a: !!timestamp x\n", "line 1, could not determine a constructor"),
        ("a: !!python/object/apply:os.getcwd []\n", "line 1, could not determine a constructor"),
        ("{[1]: 2}\n", "line 1, found unhashable key"),
        ("a: 1\n---\nb: 2\n", "line 2, but found another document"),
        ("[" * 5000, "nested too deeply"),
        ("a: \x07\n", "unacceptable character"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, content: str | bytes, fault: str) -> None:
    path = tmp_path / "p.yaml"
    (line,) = file_refusals(path, content)
    assert line.startswith(f"{path}: {fault}")
    assert "must be" in line
    assert len(line.splitlines()) == 1


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "absent.yaml", "No such file"), (tmp_path, "directory")):
        with pytest.raises(InputError) as caught:
            parameters.load(path)
        (line,) = caught.value.faults
        assert line.startswith(f"{path}: ")
        assert reason in line


# Whatever is in the file, the answer is parameters or faults, one line each

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["mnist", "1e-3", 10**400, 1e308, -0.0, 1000, 0.5]),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(scalars.filter(bool), inner, max_size=3)
    ),
    max_leaves=8,
)


def places(node: Any) -> list[tuple[Any, Any]]:
    """List every (container, key) of a nested value."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    found = [(node, key) for key in keys]
    for key in keys:
        if isinstance(node[key], dict | list):
            found += places(node[key])
    return found


@st.composite
def mutations(draw: st.DrawFn) -> dict[str, Any]:
    mapping = copy.deepcopy(VALID)
    for _ in range(draw(st.integers(1, 3))):
        found = places(mapping)
        if not found:
            break
        container, key = draw(st.sampled_from(found))
        change = draw(st.sampled_from(["replace", "delete", "insert"]))
        if change == "delete":
            del container[key]
        elif change == "insert" and isinstance(container, dict):
            container[draw(scalars.filter(bool))] = draw(values)
        else:
            container[key] = draw(values)
    return mapping


def assert_single_lines(faults: list[str]) -> None:
    assert faults
    for fault in faults:
        assert fault.strip()
        assert len(fault.splitlines()) == 1
        assert len(fault) < 1000


@unhurried
@given(mutations())
def test_a_changed_mapping_is_accepted_or_its_faults_are_told(mapping: dict[str, Any]) -> None:
    try:
        loaded = parameters.parse(mapping)
    except InputError as error:
        assert_single_lines(error.faults)
    else:
        for experiment in loaded.experiments.values():
            assert all(type(width) is int and width >= 2 for width in experiment.widths)
            assert len(set(experiment.widths)) == len(experiment.widths) >= 2
            assert all(math.isfinite(value) for point in experiment.points() for value in point)
            assert len(set(experiment.points())) == len(experiment.points()) >= 1
            assert 0.0 < experiment.tolerance < math.inf


@unhurried
@given(data=st.data())
def test_a_damaged_file_is_accepted_or_its_faults_are_told(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(yaml.safe_dump(VALID).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 6))
        content[start : start + length] = data.draw(
            st.binary(max_size=4)
            | st.text("{}[]:&*!|>-#'\"%@`,? \n\t<=", max_size=4).map(str.encode)
        )
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    path.write_bytes(bytes(content))
    try:
        parameters.load(path)
    except InputError as error:
        assert_single_lines(error.faults)
