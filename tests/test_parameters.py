"""params.yaml: what is accepted, and that every fault is named in one line of its own."""

import copy
import math
from pathlib import Path
from typing import Any

import matplotlib
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from phase_diagram import parameters
from phase_diagram.errors import InputError

unhurried = settings(deadline=None)  # the machine may be busy with other work
COMMITTED = Path(__file__).parents[1] / "params.yaml"

VALID: dict[Any, Any] = {
    "experiments": {
        "tiny": {
            "dataset": "four_points",
            "method": "gradient_flow",
            "gamma": {"start": 0.5, "stop": 1.5, "step": 0.5},
            "gamma_prime": [-0.5, 0.5],
            "widths": [100, 1000],
            "seeds": 2,
            "tolerance": 1e-5,
            "points_per_job": 4,
        }
    },
    "datasets": {"mnist_images": 10},
    "figures": {"dpi": 100, "colour_limit": 2.0, "initialisations": False},
}


def changed(key: str, value: object) -> dict[str, Any]:
    """Give VALID with one key of its experiment set."""
    mapping = copy.deepcopy(VALID)
    mapping["experiments"]["tiny"][key] = value
    return mapping


def refusals(mapping: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        parameters.parse(mapping)
    return caught.value.faults


def file_refusals(path: Path, content: str | bytes) -> list[str]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        parameters.load(path)
    return caught.value.faults


def test_a_valid_mapping_becomes_typed_parameters() -> None:
    loaded = parameters.parse(VALID)
    tiny = loaded.experiments["tiny"]
    assert tiny.gamma == (0.5, 1.0, 1.5)
    assert tiny.widths == (100, 1000)
    assert tiny.points() == [
        (0.5, -0.5),
        (1.0, -0.5),
        (1.5, -0.5),
        (0.5, 0.5),
        (1.0, 0.5),
        (1.5, 0.5),
    ]
    assert loaded.datasets.mnist_images == 10
    assert (loaded.figures.dpi, loaded.figures.colour_limit) == (100, 2.0)


def test_defaults() -> None:
    required = ("dataset", "gamma", "gamma_prime", "widths")
    tiny = {key: VALID["experiments"]["tiny"][key] for key in required}
    loaded = parameters.parse({"experiments": {"tiny": tiny}})
    experiment = loaded.experiments["tiny"]
    assert (experiment.method, experiment.seeds) == ("gradient_flow", 3)
    assert (experiment.tolerance, experiment.points_per_job) == (1e-6, 16)
    assert loaded.datasets.mnist_images == 45
    assert loaded.figures.model_dump() == {
        "dpi": 200,
        "width_inches": 6.0,
        "colour_map": "RdBu",
        "colour_limit": None,
        "initialisations": True,
    }


def test_parameters_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        parameters.parse(VALID).experiments["tiny"].seeds = 5


def test_the_committed_file_has_the_promised_grid() -> None:
    loaded = parameters.load(COMMITTED)
    assert set(loaded.experiments) >= {"four_points", "mnist"}
    for experiment in loaded.experiments.values():
        assert len(experiment.gamma) >= 16
        assert (experiment.gamma[0], experiment.gamma[-1]) == (0.5, 2.0)
        assert len(experiment.gamma_prime) >= 20
        assert (experiment.gamma_prime[0], experiment.gamma_prime[-1]) == (-1.0, 1.0)
        assert experiment.seeds >= 3
    assert len(loaded.experiments["four_points"].widths) >= 4


def test_the_committed_file_means_the_same_to_every_reader() -> None:
    # Snakemake reads by YAML 1.1 (PyYAML), DVC by YAML 1.2 (ruamel).
    ruamel = pytest.importorskip("ruamel.yaml")
    text = COMMITTED.read_text(encoding="utf-8")
    ours = parameters.load(COMMITTED)
    assert parameters.parse(yaml.safe_load(text)) == ours
    assert parameters.parse(ruamel.YAML(typ="safe", pure=True).load(text)) == ours


def test_grid_values_are_the_decimals_that_were_meant() -> None:
    grid = {"start": -0.3, "stop": 0.3, "step": 0.1}
    values = parameters.parse(changed("gamma_prime", grid)).experiments["tiny"].gamma_prime
    assert values == (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)
    assert math.copysign(1.0, values[3]) == 1.0
    (zero,) = parameters.parse(changed("gamma", [-0.0])).experiments["tiny"].gamma
    assert math.copysign(1.0, zero) == 1.0


@pytest.mark.parametrize(
    ("start", "stop", "step", "values"),
    [
        (1, 0, -0.5, (1.0, 0.5, 0.0)),
        (0, 1, 0.4, (0.0, 0.4, 0.8)),  # never beyond stop
        (0.7, 0.7, 0.1, (0.7,)),
    ],
)
def test_ranges(start: float, stop: float, step: float, values: tuple[float, ...]) -> None:
    grid = {"start": start, "stop": stop, "step": step}
    assert parameters.parse(changed("gamma", grid)).experiments["tiny"].gamma == values


@unhurried
@given(st.integers(-100, 100), st.integers(1, 400), st.sampled_from([0.01, 0.05, 0.1, 0.25]))
def test_ranges_have_the_length_that_was_meant(start: int, steps: int, step: float) -> None:
    first, last = start * 0.01, start * 0.01 + steps * step
    if abs(last) > 10:
        return
    grid = {"start": first, "stop": last, "step": step}
    values = parameters.parse(changed("gamma", grid)).experiments["tiny"].gamma
    assert len(values) == steps + 1
    assert values[-1] == pytest.approx(last, abs=1e-9)


@pytest.mark.parametrize("text", ["1e-6", "1E-6", "1.0e-06", "10e-7"])
def test_numbers_with_an_exponent_are_numbers(text: str) -> None:
    # PyYAML hands 1e-6 on as text.
    assert parameters.parse(changed("tolerance", text)).experiments["tiny"].tolerance == 1e-6


WIDTH = "must be an integer of at least 2 and at most 1000000000"
EXPONENT = "must be a number between -10 and 10"
WIDTHS = "must be a list of 2 to 1000 different integers of at least 2"
GRID = "must be a list of 1 to 1000 different numbers, or a mapping with start, stop and step"
TOLERANCE = "must be a number above 0 and below 1e6"
BEFORE = "must be different from the values before it"


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("widths", [100, -5], f"widths[1]: -5: {WIDTH}"),
        ("widths", [100, 1], f"widths[1]: 1: {WIDTH}"),
        ("widths", [100, 1000.0], f"widths[1]: 1000.0: {WIDTH}"),
        ("widths", [100, 1000.5], f"widths[1]: 1000.5: {WIDTH}"),
        ("widths", [100, "1000"], f"widths[1]: '1000': {WIDTH}"),
        ("widths", [100, True], f"widths[1]: true: {WIDTH}"),
        ("widths", [100, None], f"widths[1]: null: {WIDTH}"),
        ("widths", [100, [1000]], f"widths[1]: [1000]: {WIDTH}"),
        ("widths", [100, 1000, 100], f"widths[2]: 100: {BEFORE}"),
        ("widths", [100], f"widths: [100]: {WIDTHS}"),
        ("widths", [], f"widths: []: {WIDTHS}"),
        ("widths", 1000, f"widths: 1000: {WIDTHS}"),
        ("widths", "100, 1000", f"widths: '100, 1000': {WIDTHS}"),
        ("gamma", [], f"gamma: []: {GRID}"),
        ("gamma", 1.0, f"gamma: 1.0: {GRID}"),
        ("gamma", None, f"gamma: null: {GRID}"),
        ("gamma", [0.5, math.nan], f"gamma[1]: nan: {EXPONENT}"),
        ("gamma", [0.5, math.inf], f"gamma[1]: inf: {EXPONENT}"),
        ("gamma", [0.5, "0.6"], f"gamma[1]: '0.6': {EXPONENT}"),
        ("gamma", [0.5, False], f"gamma[1]: false: {EXPONENT}"),
        ("gamma", [0.5, 10**400], "gamma[1]: 1000000000000000000000000000...00000000000000000"),
        ("gamma_prime", [0.3, 0.1 * 3], f"gamma_prime[1]: 0.30000000000000004: {BEFORE}"),
        ("gamma_prime", [0.0, -0.0], f"gamma_prime[1]: -0.0: {BEFORE}"),
        ("gamma", {"start": 0, "stop": 1, "step": 0}, "gamma.step: 0.0: must be a number of at"),
        ("gamma", {"start": 0, "stop": 1, "step": -0.1}, "gamma.step: -0.1: must be a number of"),
        ("gamma", {"start": 0, "stop": 1, "step": 1e-8}, "gamma.step: 1e-08: must be a number of"),
        ("gamma", {"start": 0, "stop": 1, "step": 5e-324}, "gamma.step: 5e-324: must be a number"),
        ("gamma", {"start": 0, "stop": 1}, f"gamma.step: missing: {EXPONENT}"),
        ("gamma", {"start": math.nan, "stop": 1, "step": 1}, f"gamma.start: nan: {EXPONENT}"),
        (
            "gamma",
            {"start": 0, "stop": 1, "step": 1, "num": 5},
            "gamma.num: 5: unknown key, must be one of start, stop, step",
        ),
        ("seeds", 0, "seeds: 0: must be an integer of at least 1 and at most 10000"),
        ("seeds", 2.0, "seeds: 2.0: must be an integer of at least 1 and at most 10000"),
        ("tolerance", 0, f"tolerance: 0: {TOLERANCE}"),
        ("tolerance", -1e-6, f"tolerance: -1e-06: {TOLERANCE}"),
        ("tolerance", math.nan, f"tolerance: nan: {TOLERANCE}"),
        ("tolerance", "1e999", f"tolerance: '1e999': {TOLERANCE}"),
        ("tolerance", "small", f"tolerance: 'small': {TOLERANCE}"),
        ("tolerance", "0.001", f"tolerance: '0.001': {TOLERANCE}"),
        ("points_per_job", 0, "points_per_job: 0: must be an integer of at least 1"),
        ("method", "sgd", "method: 'sgd': must be one of gradient_flow, gradient_descent"),
        ("method", ["gradient_flow"], "method: ['gradient_flow']: must be one of gradient_flow, "),
        ("dataset", "cifar", "dataset: 'cifar': must be four_points, mnist or the path of an ex"),
        ("dataset", "absent.csv", "dataset: 'absent.csv': must be four_points, mnist or the path"),
        ("dataset", "a\0b.csv", "dataset: 'a\\x00b.csv': must be four_points, mnist or the path"),
        ("dataset", 3, "dataset: 3: must be four_points, mnist or the path of an existing file"),
        (
            "widht",
            [1],
            "widht: [1]: unknown key, must be one of dataset, gamma, gamma_prime, widths, ",
        ),
    ],
)
def test_a_fault_names_key_value_and_what_is_accepted(key: str, value: Any, fault: str) -> None:
    (line,) = refusals(changed(key, value))
    assert line.startswith(f"experiments.tiny.{fault}")
    assert "must be" in line


def test_an_unknown_key_is_told_its_likely_name() -> None:
    (line,) = refusals(changed("widht", [1]))
    assert line.endswith("tolerance, points_per_job (did you mean widths?)")
    (line,) = refusals(changed("qqq", [1]))
    assert "did you mean" not in line


def test_an_integer_too_long_to_print_is_refused_in_one_line() -> None:
    (line,) = refusals(changed("widths", [100, 10**5000]))
    assert line.startswith("experiments.tiny.widths[1]: ")
    assert line.endswith(WIDTH)
    assert len(line) < 200


@pytest.mark.parametrize("key", ["dataset", "gamma", "gamma_prime", "widths"])
def test_a_missing_key_is_named_with_what_it_needs(key: str) -> None:
    mapping = copy.deepcopy(VALID)
    del mapping["experiments"]["tiny"][key]
    (line,) = refusals(mapping)
    assert line.startswith(f"experiments.tiny.{key}: missing: must be ")


def test_all_faults_of_a_list_are_reported() -> None:
    lines = refusals(changed("widths", [-5]))
    assert lines == [
        f"experiments.tiny.widths: [-5]: {WIDTHS}",
        f"experiments.tiny.widths[0]: -5: {WIDTH}",
    ]


def test_all_faults_of_a_file_are_reported() -> None:
    mapping = changed("seeds", 0)
    mapping["experiments"]["tiny"]["widths"] = [0, 100.5, 7]
    mapping["experiments"]["2nd!"] = {"gamma": []}
    mapping["figures"] = {"dpi": "200", "color_map": "RdBu"}
    mapping["datasets"] = 45
    mapping["sweeps"] = {}
    assert [line.split(": ")[0] for line in refusals(mapping)] == [
        "experiments.tiny.widths[0]",
        "experiments.tiny.widths[1]",
        "experiments.tiny.seeds",
        "experiments.'2nd!'",
        "experiments.'2nd!'.dataset",
        "experiments.'2nd!'.gamma",
        "experiments.'2nd!'.gamma_prime",
        "experiments.'2nd!'.widths",
        "datasets",
        "figures.dpi",
        "figures.color_map",
        "sweeps",
    ]


@pytest.mark.parametrize(
    "name", ["", "a b", "a-b", "../up", "é", "figures", "Runs", "x" * 65, "a\n", 7, None, True]
)
def test_a_bad_experiment_name_is_refused(name: Any) -> None:
    (line,) = refusals({"experiments": {name: VALID["experiments"]["tiny"]}})
    assert "must be a name of 1 to 64 letters (A-Z, a-z), digits and _" in line


@pytest.mark.parametrize("name", ["a", "_", "2024", "x" * 64, "Four_Points_2"])
def test_a_good_experiment_name_is_accepted(name: str) -> None:
    loaded = parameters.parse({"experiments": {name: VALID["experiments"]["tiny"]}})
    assert list(loaded.experiments) == [name]


@pytest.mark.parametrize("mapping", [None, [], "text", 3, [VALID]])
def test_what_is_no_mapping_is_refused_under_the_name_of_its_source(mapping: object) -> None:
    with pytest.raises(InputError) as caught:
        parameters.parse(mapping, source="my.yaml")
    (line,) = caught.value.faults
    assert line.startswith("my.yaml: ")
    assert line.endswith("must be a mapping with keys of experiments, datasets, figures")


@pytest.mark.parametrize(
    ("mapping", "fault"),
    [
        ({}, "experiments: missing: must be a mapping from names to experiments"),
        ({"experiments": {}}, "experiments: {}: must be a mapping from names to experiments"),
        ({"experiments": None}, "experiments: null: must be a mapping from names to experiments"),
        ({"experiments": [1]}, "experiments: [1]: must be a mapping from names to experiments"),
        ({"experiments": {"a": 1}}, "experiments.a: 1: must be a mapping with keys of dataset"),
        ({**VALID, "figures": {"initialisations": 1}}, "figures.initialisations: 1: must be true"),
        ({**VALID, "figures": {"colour_map": "viridis"}}, "figures.colour_map: 'viridis': must be"),
        ({**VALID, "figures": {"colour_limit": 0}}, "figures.colour_limit: 0: must be null or"),
        ({**VALID, "figures": {"width_inches": 1}}, "figures.width_inches: 1: must be a number"),
        ({**VALID, "datasets": {"mnist_images": 0}}, "datasets.mnist_images: 0: must be an integ"),
        ({**VALID, 3: 4}, "[3]: 3: unknown key, must be one of experiments, datasets, figures"),
    ],
)
def test_faults_outside_an_experiment(mapping: object, fault: str) -> None:
    (line,) = refusals(mapping)
    assert line.startswith(fault)


def test_a_dataset_file_must_exist_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mine.csv", "mine.npz", "mine.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.csv").mkdir()
    for name in ("mine.csv", "mine.npz"):
        assert parameters.parse(changed("dataset", name)).experiments["tiny"].dataset == name
    for name in ("mine.txt", "folder.csv"):
        assert refusals(changed("dataset", name))


def test_colour_maps_are_those_of_matplotlib() -> None:
    assert set(parameters.COLOUR_MAPS) <= set(matplotlib.colormaps)


# The file itself


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
        ("1e3", "1000.0"),
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
        ("- a\n- b\n", "['a', 'b']: must be a mapping with keys of experiments, datasets, figures"),
        (b"\xff\xfe\x00", "byte 0 is not UTF-8: must be UTF-8 text"),
        ("a: [1, 2\nb: 3\n", "line 2, "),
        ("a: 1\n\tb: 2\n", "line 2, "),
        ("a: !!int x\n", "a value cannot be read ("),
        ("a: !!bool x\n", "a value cannot be read ("),
        ("a: !!timestamp x\n", "a value cannot be read ("),
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
