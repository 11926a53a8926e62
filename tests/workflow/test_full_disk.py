"""A disk that is full, or may not be written to: told in a line, and survived.

A real file system of a few kilobytes, mounted over the results in a namespace of its own.
"""

import re
import subprocess

import pytest
from small_project import Project

pytestmark = pytest.mark.slow

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
# In kilobytes: full when the run is planned; full in a job; room enough.
FILLED = """
mount -t tmpfs -o size=60k full results
snakemake --cores 1
echo "planned: $?"
mount -o remount,size=220k results
snakemake --cores 1
echo "begun: $?"
find results -name '*.partial*' -printf 'left behind: %p\\n'
mount -o remount,size=100m results
snakemake --cores 1
echo "ended: $?"
find results -name '*.partial*' -printf 'left behind: %p\\n'
mkdir kept && cp -r results/* kept
"""
READ_ONLY = """
mount --bind results results && mount -o remount,ro,bind results
snakemake --cores 1
echo "read-only: $?"
"""


@pytest.fixture(scope="module", autouse=True)
def _mounts() -> None:
    command = [*NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except OSError as error:
        pytest.skip(f"no namespace to mount a small disk in: {error}")
    if ended.returncode != 0:
        pytest.skip(f"no namespace to mount a small disk in: {ended.stderr.strip()}")


@pytest.fixture
def project(tmp_path) -> Project:
    """Give a project of one experiment, of which nothing has been run."""
    project = Project.create(tmp_path / "with space")
    parameters = project.parameters()
    del parameters["experiments"]["wave"]
    project.write_parameters(parameters)
    project.path("results").mkdir()
    return project


def in_namespace(project: Project, script: str) -> str:
    return project.run(*NAMESPACE, "sh", "-c", script).text


def test_a_full_disk(project, finished):
    text = in_namespace(project, FILLED)
    planned, rest = text.split("planned: 1\n")
    begun, rest = rest.split("begun: 1\n")
    assert "Error in rule " not in planned
    assert "Error in rule " in begun
    for run in (planned, begun):
        # Told by us with the file, or by Snakemake, which writes a file of its own, with its rule.
        told = [line for line in run.splitlines() if "No space left on device" in line]
        assert told
        for line in told:
            ours = re.fullmatch(r"error: results/\S+: No space left on device", line)
            assert ours or line == "OSError: [Errno 28] No space left on device"
    assert "Traceback" not in text
    assert "left behind" not in text
    # With room again the rest is made, and all of it is right.
    assert "ended: 0\n" in rest, rest
    project.path("results").rmdir()
    project.path("kept").rename(project.path("results"))
    expected = {name: data for name, data in finished.results().items() if "wave" not in name}
    assert project.results() == expected
    assert len(project.trained("four_points")) == len(set(project.trained("four_points")))


def test_results_that_may_not_be_written(project, finished):
    ended = in_namespace(project, READ_ONLY)
    assert "read-only: 1\n" in ended
    assert re.search(r"^error: results/\S+: Read-only file system$", ended, re.MULTILINE)
    assert "Traceback" not in ended
    assert project.results() == {}
    # Where there is nothing to be done it is no fault.
    ended = in_namespace(finished.copy(project.folder.parent / "done"), READ_ONLY)
    assert "read-only: 0\n" in ended
    assert "Nothing to be done" in ended
