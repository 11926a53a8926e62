"""docs/tutorial.md: each command is run, in order, in a fresh copy of the project."""

import sys
from pathlib import Path

import pytest
from pages import alike, commands, missing
from small_project import ROOT, Project

PAGE = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a copy as `make env` leaves it."""
    made = Project.create(tmp_path / "phase_diagram")
    (made.folder / ".venv").symlink_to(sys.prefix)
    return made


@pytest.mark.slow
def test_the_tutorial_does_what_it_says(project: Project) -> None:
    assert len(commands(PAGE)) > 15
    for command in commands(PAGE):
        ended = project.run("bash", "-euo", "pipefail", "-c", command.text)
        assert ended.code == 0, f"{command.text}\n{ended.text}"
        lost = missing(command.shown, ended.text)
        assert lost is None, f"{command.text}\nexpected: {lost}\n{ended.text}"
    for name in ("point.png", "diagram.pdf", "results/figures/mine_phase_diagram.png"):
        assert project.path(name).stat().st_size > 5000


def test_a_wrong_output_is_noticed() -> None:
    shown = ["slope 0.383", "[...]", "end"]
    assert missing(shown, "slope 0.3829\na\nb\nend\n") is None
    assert missing(shown, "slope 0.45\na\nb\nend\n") == "slope 0.383"
    assert missing(shown, "slope -0.383\na\nend\n") == "slope 0.383"
    assert missing(shown, "slope 0.383\na\nb\n") == "end"
    assert missing(["a"], "a\nb\n") == "nothing more, not: b"
    assert alike("1 2 [...]", "1 2 3 converged")
    assert not alike("1 2 [...]", "1 3 3 converged")
