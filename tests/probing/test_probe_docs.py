"""docs/probe.md: its commands give what it shows."""

import re
import shlex
from pathlib import Path

import pytest
from commands import measured

from phase_diagram.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "probe.md").read_text()
# A command, then what it printed, both indented.
SHOWN = re.compile(
    r"^    \.venv/bin/phase-diagram (probe examples/.*(?:\\\n.*)*)\n\n((?:    .*\n|\n)+)",
    re.MULTILINE,
)
EXAMPLES = {
    shlex.split(command.replace("\\\n", ""))[1].rpartition(":")[2]: (
        shlex.split(command.replace("\\\n", "")),
        printed,
    )
    for command, printed in SHOWN.findall(PAGE)
}
REGIMES = ("linear", "critical", "condensed", "undecided")


def rows(printed):
    """The regime of each parameter of a table; its rows are the lines that hold an interval."""
    found = {}
    for line in printed.splitlines():
        if re.search(r"-?\d\.\d+ to -?\d\.\d+", line):
            name, *_ = re.split(r"\s{2,}", line.strip())
            (found[name],) = (word for word in REGIMES if f" {word}" in line)
    return found


def test_the_page_shows_five_networks():
    assert set(EXAMPLES) == {
        *("pytorch_2_layers", "pytorch_3_layers", "ntk", "mean_field", "small_output"),
    }
    assert all(len(rows(printed)) >= 3 for _, printed in EXAMPLES.values())


# Those that take seconds; the others take up to minutes.
QUICK = {"ntk", "pytorch_2_layers"}


@pytest.mark.parametrize(
    "name",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in EXAMPLES],
)
def test_regimes_are_those_of_the_page(capsys, monkeypatch, name):
    """Without the widest networks and with three seeds; single numbers scatter too much for that.

    Seconds instead of minutes, with a larger tolerance.
    """
    monkeypatch.chdir(ROOT)
    arguments, printed = EXAMPLES[name]
    short = arguments[: len(arguments) - 2]
    widest = len(short) - 1 - short[::-1].index("--width")
    short = [*short[:widest], *short[widest + 2 :]]
    found = measured(capsys, *short, "--seeds", "3", "--tolerance", "1e-4")
    sizes = {one["parameter"]: one["size"] for one in found["networks"]}
    # With so few networks an interval may be wider than the margin of zero.
    too_few = {"critical": {"critical", "undecided"}}
    for one in found["parameters"]:
        expected = rows(printed)[one["parameter"]]
        if sizes[one["parameter"]] > 1:
            assert one["regime"] in too_few.get(expected, {expected}), one


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(QUICK))
def test_commands_of_the_page(capsys, monkeypatch, name):
    """To the digit but for what kinks make of rounding on another machine, and the seconds."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    arguments, printed = EXAMPLES[name]
    assert arguments[-2] == "--seeds"
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert rows(out) == rows(printed)
    numbers = [
        [float(number) for number in re.findall(r"-?\d+\.\d+", text.split("networks,")[0])]
        for text in (out, printed)
    ]
    assert len(numbers[0]) == len(numbers[1]) > 10
    assert numbers[0] == pytest.approx(numbers[1], rel=0.05, abs=0.03)
