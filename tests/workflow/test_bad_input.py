"""Bad parameters and data through the real programs: lines, exit code 2, no traceback, no results.

Hundreds of files are tried on the programs' parts: test_bad_parameters.py, test_bad_datasets.py.
"""

import sys
from pathlib import Path

import pytest
from small_project import Project

pytestmark = pytest.mark.slow

SNAKEMAKE = ("snakemake", "--cores", "1")
REPRODUCE = (sys.executable, "workflow/reproduce.py")
POINT = ("phase-diagram", "point", "--gamma", "1", "--gamma-prime", "0", "--width", "10")


@pytest.fixture
def project(tmp_path) -> Project:
    return Project.create(tmp_path / "with space")


def files(project: Project) -> set[Path]:
    """List all files but those of Python, the log that Snakemake begins before it reads and the
    lock of a run."""
    unwritten = ("__pycache__", ".snakemake/log", ".snakemake/reproduce.json")
    return {
        path
        for path in project.folder.rglob("*")
        if path.is_file() and not any(part in str(path) for part in unwritten)
    }


def faults(project: Project, *command: str) -> list[str]:
    """Run a command that must refuse, and give its lines of faults."""
    before = files(project)
    ended = project.run(*command)
    assert ended.code == 2, ended.text
    assert "Traceback" not in ended.text
    assert files(project) == before
    return ended.faults


def test_every_program_tells_the_same_faults(project):
    project.change("experiments.wave.widths", [50, -3])
    project.change("figures.colour", "red")
    told = faults(project, "phase-diagram", "check")
    assert len(told) == 2
    assert told[0].startswith("error: experiments.wave.widths[1]: -3: ")
    assert told[1].startswith("error: figures.colour: 'red': ")
    assert faults(project, *SNAKEMAKE) == told
    assert faults(project, *SNAKEMAKE, "--snakefile", "workflow/rules/fit.smk") == told
    assert faults(project, *REPRODUCE) == told


def test_a_bad_data_file_ends_the_run_with_its_faults(project):
    project.path("data/user/wave.csv").write_text("x1,y\n0,1\none,2\n")
    (told,) = faults(project, *POINT, "--dataset", "data/user/wave.csv")
    assert told.startswith("error: data/user/wave.csv: ")
    assert faults(project, *SNAKEMAKE) == [told]
    assert faults(project, *REPRODUCE) == [told]
