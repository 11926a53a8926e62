"""Bad parameter files: one line per fault and exit code 2, or a plan that stays in its folders.

In each run 200 files: 100 with faults put into the YAML of a file with every section, 100 with
damage to the bytes of the committed params.yaml. That `phase-diagram check` and the workflow's
planning say the same is seen with two. What could hang a reader is held against the clock.
"""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from bad_yaml import FULL, PIECES, documents
from endings import damaged, endings
from hypothesis import strategies as st
from plans import ROOT, assert_stays_inside, command, files, planned, remove_settings

from phase_diagram.errors import InputError
from phase_diagram.parameters import params_yaml

FILE = "some.yaml"
SECTIONS = ("experiments", "studies", "datasets", "figures")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a data file in it."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "points.csv").write_text("x1,y\n0,1\n1,2\n")
    return folder


def assert_tells_faults(faults: list[str]) -> None:
    for line in faults:
        assert line.isprintable() and len(line) < 600
        place, _, rest = line.partition(": ")
        assert "must " in rest
        # A key that is not known is named by itself, all others from their section on.
        assert (
            place == FILE
            or place.replace("[", ".").split(".")[0] in SECTIONS
            or ("unknown key, must be one of experiments, " in rest or "given again on" in rest)
        ), line


def told(content: bytes) -> str:
    Path(FILE).write_bytes(content)
    try:
        params_yaml.load(FILE)
    except InputError as error:
        assert_tells_faults(error.faults)
        return "refused"
    return "valid"


COMMITTED = (ROOT / "params.yaml").read_bytes()


@pytest.mark.parametrize(
    "strategy", [documents(), damaged(COMMITTED, PIECES)], ids=["YAML", "bytes"]
)
def test_faults_are_told_each_in_a_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, strategy: st.SearchStrategy[bytes]
) -> None:
    monkeypatch.chdir(folder)
    counted = endings(strategy, 100, told)
    assert counted["refused"] >= 50
    assert counted["valid"] >= 10


@pytest.mark.parametrize("content", ["[1", "experiments: {a: 1}"])
def test_the_command_and_the_plan_refuse_alike_and_write_nothing(tmp_path: Path, content: str):
    with contextlib.chdir(tmp_path):
        Path(FILE).write_text(content)
        checked = command("check", FILE)
        made, said = planned(FILE)
        assert made is None and said == checked
        assert checked.code == 2 and checked.out == ""
        lines = checked.err.splitlines()
        assert_tells_faults([line.removeprefix("error: ") for line in lines])
        assert all(line.startswith("error: ") for line in lines)
        assert files(tmp_path) == {FILE}


def test_a_plan_of_every_section_stays_in_its_folders(folder: Path) -> None:
    with contextlib.chdir(folder):
        Path(FILE).write_text(yaml.safe_dump(FULL))
        assert command("check", FILE).out.startswith(f"{FILE}: valid\n")
        made, said = planned(FILE)
        assert made is not None and said.err == ""
        assert_stays_inside(made, folder)
        remove_settings(folder)


TINY = """
experiments:
  tiny: &tiny
    dataset: four_points
    gamma: [1.0]
    gamma_prime: [0.0]
    widths: [100, 1000]
"""
AXIS = "[" + ", ".join(f"{one / 1000}" for one in range(1000)) + "]"


def multiplied(written: str) -> str:
    """Write lines each of which names the one before nine times."""
    lines = ["a0: &a0 {k: v}\n"]
    for index in range(30):
        before = ", ".join([f"*a{index}"] * 9)
        lines.append(f"a{index + 1}: &a{index + 1} {written.format(before)}\n")
    return "".join(lines)


HANGING = {
    "lists of lists of aliases": multiplied("[{}]"),
    "merges of merges": multiplied("{{<<: [{}]}}"),
    "merged into itself": "a: &a\n  b: &b\n    <<: [*a, *b]\n",
    "digits in quotes": f'{TINY}    tolerance: "{"9" * 900_000}"\n',
    "digits": f"{TINY}    tolerance: {'9' * 900_000}\n",
    "sexagesimal digits": f"{TINY}    seeds: !!int {':'.join('1' * 450_000)}\n",
    "many experiments by alias": TINY + "".join(f"  e{one}: *tiny\n" for one in range(20_000)),
    "all of them named in each fault": TINY
    + "".join(f"  e{one}: *tiny\n" for one in range(99))
    + "studies:\n  relative_distances:\n    s: &s {experiment: no, points: [[1, 0]]}\n"
    + "".join(f"    s{one}: *s\n" for one in range(99)),
    "a billion networks": TINY.replace("[1.0]", f"&axis {AXIS}").replace("[0.0]", "*axis")
    + "    seeds: 10000\n",
}
# Reads each of the files named, and prints a line before and all faults after.
READER = """
import sys
from phase_diagram.errors import InputError
from phase_diagram.parameters import params_yaml
for path in sys.argv[1:]:
    print("reads", path, flush=True)
    try:
        params_yaml.load(path)
    except InputError as error:
        print("refused", len(str(error)), flush=True)
"""


def test_no_file_hangs(tmp_path: Path) -> None:
    paths = ["/dev/zero"]  # a device without an end
    for name, content in HANGING.items():
        paths.append(str(tmp_path / f"{name}.yaml"))
        Path(paths[-1]).write_text(content)
    # A process of its own: nothing else could end the search of a pattern.
    ended = subprocess.run(
        [sys.executable, "-c", READER, *paths],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    lines = ended.stdout.splitlines()
    assert lines[::2] == [f"reads {path}" for path in paths]
    for line in lines[1::2]:
        word, size = line.split()
        assert word == "refused" and int(size) < 50_000
