"""Bad parameter files: one line per fault and exit code 2, or a plan that stays in its folders.

Promised for every file, by `phase-diagram check` and by the workflow's planning alike, which also
agree on what is valid; a refused file leaves nothing behind. 520 files in each run: 320 with
faults put into the YAML of a file with every section, 200 with damage to the bytes of the
committed params.yaml. What could hang a reader is held against the clock: 12 files more.
"""

import contextlib
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml
from bad_yaml import FULL, damaged, documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import ROOT, Said, assert_stays_inside, command, files, planned, remove_settings

FILE = "some.yaml"
SECTIONS = ("experiments", "studies", "datasets", "figures")
repeated = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a data file in it."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "points.csv").write_text("x1,y\n0,1\n1,2\n")
    return folder


def assert_tells_faults(said: Said) -> None:
    assert said.code == 2
    assert said.out == ""
    assert said.err.endswith("\n")
    lines = said.err[:-1].split("\n")
    for line in lines:
        assert line.startswith("error: ") and line.isprintable() and len(line) < 600
        place, _, rest = line.removeprefix("error: ").partition(": ")
        assert "must " in rest
        # A key that is not known is named by itself, all others from their section on.
        assert (
            place == FILE
            or place.replace("[", ".").split(".")[0] in SECTIONS
            or ("unknown key, must be one of experiments, " in rest or "given again on" in rest)
        ), line


def ending(folder: Path, content: bytes) -> str:
    """Give "valid" or "refused", whatever else than that is a failure."""
    with contextlib.chdir(folder):
        Path(FILE).write_bytes(content)
        before = files(folder)
        start = time.monotonic()
        checked = command("check", FILE)
        assert files(folder) == before
        made, said = planned(FILE)
        assert time.monotonic() - start < 30.0
        if made is None:
            assert_tells_faults(checked)
            assert said == checked
            assert files(folder) == before
            return "refused"
        assert checked.code == 0 and checked.err == "" == said.err
        assert checked.out.startswith(f"{FILE}: valid\n")
        assert_stays_inside(made, folder)
        remove_settings(folder)
        return "valid"


def endings(folder: Path, strategy: st.SearchStrategy[bytes], examples: int) -> Counter[str]:
    counted: Counter[str] = Counter()

    @settings(repeated, max_examples=examples)
    @given(strategy)
    def run(content: bytes) -> None:
        counted[ending(folder, content)] += 1

    run()
    assert counted.total() >= examples
    return counted


def test_the_file_without_faults_is_valid(folder: Path) -> None:
    assert ending(folder, yaml.safe_dump(FULL).encode()) == "valid"


def test_faults_in_the_yaml(folder: Path) -> None:
    counted = endings(folder, documents(), 320)
    assert counted["refused"] >= 160
    assert counted["valid"] >= 20


def test_damage_to_the_committed_file(folder: Path) -> None:
    content = (ROOT / "params.yaml").read_bytes()
    counted = endings(folder, damaged(content), 200)
    assert counted["refused"] >= 100
    assert counted["valid"] >= 20


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
    "hexadecimal digits": f"{TINY}    seeds: !!int 0x{'f' * 900_000}\n",
    "many experiments by alias": TINY + "".join(f"  e{one}: *tiny\n" for one in range(20_000)),
    "all of them named in each fault": TINY
    + "".join(f"  e{one}: *tiny\n" for one in range(99))
    + "studies:\n  relative_distances:\n    s: &s {experiment: no, points: [[1, 0]]}\n"
    + "".join(f"    s{one}: *s\n" for one in range(99)),
    "a billion networks": TINY.replace("[1.0]", f"&axis {AXIS}").replace("[0.0]", "*axis")
    + "    seeds: 10000\n",
    "a million jobs": TINY.replace("[1.0]", f"&axis {AXIS}").replace("[0.0]", "*axis")
    + "    seeds: 1\n    points_per_job: 1\n",
}


@pytest.mark.parametrize("name", [*HANGING, "a device without an end"])
def test_no_file_hangs(tmp_path: Path, name: str) -> None:
    path = "/dev/zero"
    if name in HANGING:
        path = str(tmp_path / FILE)
        Path(path).write_text(HANGING[name])
    # A process of its own: nothing else could end the search of a pattern.
    program = "import sys; from phase_diagram.cli.main import main; sys.exit(main())"
    ended = subprocess.run(
        [sys.executable, "-c", program, "check", path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr) < 50_000
    assert all(line.startswith("error: ") for line in ended.stderr.splitlines())
