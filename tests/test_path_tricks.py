"""Names cannot lead out of results/: they are refused, or every file stays where it belongs.

In each run 300 names drawn by hypothesis and 60 chosen ones, for experiments and for studies, and
the other settings and arguments that name files. Where the user has made results/ a link to another
disk, it is followed: that is what it is for.
"""

import contextlib
import os
import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from bad_yaml import FULL
from endings import endings
from hypothesis import strategies as st
from plans import assert_stays_inside, command, files, outputs, planned, remove_settings

from phase_diagram.errors import InputError
from phase_diagram.parameters import params_yaml

TABLE = "x1,y\n0,1\n1,2\n"
KINDS = tuple(FULL["studies"])
REFUSED = (
    *("../x", "..", ".", "/", "/etc/passwd", "a/b", "a/../..", "a\\b", "..\\x", "~", "~root"),
    *("", " ", "a b", " a", "a ", "a.", ".a", "a.csv", "-x", "--help", "a-b", "*", "a?", "$HOME"),
    *("a\n", "a\nb", "a\0", "\0", "\x1b[31m", "e\u0301", "\u00e9", "\ufb01", "\u202ea", "{study}"),
    *("x" * 65, "x" * 300, "x" * 5000, "C:", "a:b", "a|b", "a;b", "`a`", "a'b", "%2e%2e"),
    *("\u2024\u2024", "\uff0e\uff0e", "\u0661", "\uff21"),
)
PLAIN = string.ascii_letters + string.digits + "_"
RESERVED = ("runs", "figures", "studies", "explorer", "code", "parameters", "RUNS", "Figures")
ACCEPTED = ("CON", "nul", "aux", "results", "made_from", "metrics", "0", "_", "a" * 64, "sweep")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "points.csv").write_text(TABLE)
    return folder


def named(section: str, *names: Any) -> dict[str, Any]:
    """Give a valid file in which something of a section has these names."""
    if section == "experiments":
        return {"experiments": dict.fromkeys(names, FULL["experiments"]["flow"])}
    (study,) = FULL["studies"][section].values()
    return {**FULL, "studies": {section: dict.fromkeys(names, study)}}


def is_valid(mapping: Any) -> bool:
    try:
        params_yaml.parse(mapping)
    except InputError as error:
        assert all(line.isprintable() and len(line) < 500 for line in error.faults)
        return False
    return True


def is_planned(folder: Path, mapping: Any) -> bool:
    """Say whether a plan came of it; nothing may be written outside of it, or without one."""
    with contextlib.chdir(folder):
        Path("p.yaml").write_text(yaml.safe_dump(mapping))
        before = files(folder.parent)
        made, said = planned("p.yaml")
        assert (made is None) == (said.code == 2)
        if made is None:
            assert files(folder.parent) == before
            assert all(
                line.startswith("error: ") and line.isprintable() and len(line) < 500
                for line in said.err.splitlines()
            )
            return False
        assert_stays_inside(made, folder)
        assert all(len(part.encode()) < 200 for path in outputs(made) for part in Path(path).parts)
        remove_settings(folder)
        assert files(folder.parent) == before
        return True


@pytest.mark.parametrize("section", ["experiments", "portraits"])
def test_tricks_in_names_are_refused(section: str) -> None:
    for name in REFUSED + RESERVED:
        assert not is_valid(named(section, name)), name


@pytest.mark.parametrize("section", ["experiments", *KINDS])
def test_plain_names_are_names_of_folders(folder: Path, section: str) -> None:
    assert is_planned(folder, named(section, *ACCEPTED))


@pytest.mark.parametrize("section", ["experiments", *KINDS])
def test_names_differ_in_more_than_case(folder: Path, section: str) -> None:
    with contextlib.chdir(folder):
        assert is_valid(named(section, "one", "two"))
        assert not is_valid(named(section, "one", "One"))


def test_drawn_names() -> None:
    parts = st.sampled_from(
        [*"aZ0_.-/\\ ~", "..", "../", "\n", "\0", "é", "e\u0301", "\ud83d\ude00"]
    )
    names = st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        st.lists(parts, max_size=6).map("".join),
        st.from_regex(r"[A-Za-z0-9_]{1,64}", fullmatch=True),
    )

    def ending(name: str) -> str:
        valid = is_valid(named("experiments", name))
        is_plain = set(name) <= set(PLAIN) and 1 <= len(name) <= 64
        assert valid == (is_plain and name.lower() not in RESERVED)
        return "valid" if valid else "refused"

    counted = endings(names, 300, ending)
    assert min(counted["valid"], counted["refused"]) >= 50


@pytest.mark.parametrize(
    "name", ["a b.csv", "é.csv", "-x.csv", "$(x).csv", "a*.csv", "../own.csv", "in/../own.csv"]
)
def test_data_may_lie_anywhere_and_is_read_alone(folder: Path, name: str) -> None:
    (folder / "in").mkdir()
    (folder / name).write_text(TABLE)
    before = (folder / name).stat()
    assert is_planned(
        folder, {"experiments": {"own": {**FULL["experiments"]["own"], "dataset": name}}}
    )
    assert (folder / name).stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    "name", ["a{b}.csv", "{experiment}.csv", "in", "in.csv", "loop.csv", "p.csv"]
)
def test_what_is_no_plain_file_is_no_data(folder: Path, name: str) -> None:
    (folder / "in").mkdir()
    (folder / "in.csv").mkdir()
    (folder / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(folder / "p.csv")  # nothing may wait for somebody to write into it
    if "{" in name:
        (folder / name).write_text(TABLE)
    own = {**FULL["experiments"]["own"], "dataset": name}
    assert not is_planned(folder, {"experiments": {"own": own}})


def test_results_may_be_a_link_of_the_users(folder: Path) -> None:
    elsewhere = folder.parent / "disk"
    elsewhere.mkdir()
    (folder / "results").symlink_to(elsewhere)
    assert is_planned(folder, FULL)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["x\nerror: y.yaml", "\x1b[31m.yaml", "\u202e.yaml", os.fsdecode(b"\xff.yaml"), "-", "a b"],
)
def test_the_name_of_a_parameter_file_breaks_no_line(folder: Path, name: str) -> None:
    with contextlib.chdir(folder):
        said = command("check", "--", name)
        assert said.code == 2
        (line,) = said.err.split("\n")[:-1]
        assert line.isprintable()
        Path(name).write_text(yaml.safe_dump(FULL))
        said = command("check", "--", name)
        assert said.code == 0
        first = said.out.split("\n")[0]
        assert first.isprintable() and first.endswith(": valid")
        Path(name).unlink()


@pytest.mark.parametrize("argument", ["--\x1b[31m", "--a\nb", "\u202e", "x" * 3000])
def test_other_arguments_break_no_line(argument: str) -> None:
    for said in (command(argument), command("point", argument), command("locate", argument)):
        assert said.code == 2 and said.out == ""
        (line,) = said.err.split("\n")[:-1]
        assert line.startswith("error: ") and line.isprintable()
