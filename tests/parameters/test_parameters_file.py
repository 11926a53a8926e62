"""params.yaml as a file: its encoding and its YAML. Damage to it: test_bad_parameters.py."""

from pathlib import Path

import pytest
import yaml
from parameter_files import VALID, changed, file_refusals

from phase_diagram.errors import InputError
from phase_diagram.parameters import params_yaml

WIDTH = "must be an integer of at least 2 and at most 1000000000, or 10^50 with quadrature"


def test_load_reads_what_parse_accepts(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("\ufeff" + yaml.safe_dump(VALID), encoding="utf-8")
    assert params_yaml.load(path) == params_yaml.parse(VALID)


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


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("0100", "'0100'"),  # octal in YAML 1.1
        ("1:40", "'1:40'"),  # sexagesimal
        ("yes", "'yes'"),
    ],
)
def test_values_of_old_yaml_are_not_guessed(tmp_path: Path, written: str, shown: str) -> None:
    text = yaml.safe_dump(changed(widths=[100, 7777])).replace("7777", written)
    (line,) = file_refusals(tmp_path / "p.yaml", text)
    assert line == f"experiments.tiny.widths[1]: {shown}: {WIDTH}"


def test_numbers_are_read_as_people_write_them(tmp_path: Path) -> None:
    text = yaml.safe_dump(changed(tolerance=7777)).replace("7777", "1e-6")
    path = tmp_path / "p.yaml"
    path.write_text(text.replace("1000", "100_000"))
    tiny = params_yaml.load(path).experiments["tiny"]
    assert tiny.tolerance == 1e-6
    assert tiny.widths == (100, 100_000)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "empty: must be a mapping with the key experiments"),
        (
            "- a\n- b\n",
            "['a', 'b']: must be a mapping with keys of experiments, studies, datasets, figures",
        ),
        (b"\xff\xfe\x00", "byte 0 is not UTF-8: must be UTF-8 text"),
        ("a: [1, 2\nb: 3\n", "line 2, "),
        ("a: !!int x\n", "line 1, 'x' is not of the kind int"),
        ("a: !!python/object/apply:os.getcwd []\n", "line 1, could not determine a constructor"),
        ("{[1]: 2}\n", "line 1, found unhashable key"),
        ("a: 1\n---\nb: 2\n", "line 2, but found another document"),
        ("[" * 1500, "nested too deeply"),
        ("a: \x07\n", "unacceptable character"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, content: str | bytes, fault: str) -> None:
    path = tmp_path / "p.yaml"
    (line,) = file_refusals(path, content)
    assert line.startswith(f"{path}: {fault}")
    assert "must be" in line


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"^{tmp_path}: Is a directory"):
        params_yaml.load(tmp_path)
