"""A disk that is full, or may not be written to: told in a line, and survived.

A real file system of a few kilobytes, mounted over the results in a namespace of its own; larger
and larger ones, so that it is full for every kind of job.
"""

import re
import subprocess

import pytest
from small_project import Project

pytestmark = pytest.mark.slow

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
# In kilobytes: of no use at all, then up to half, nearly all and all of the results.
SIZES = (4, 12, 40, 72, 96, 112, 136, 160, 200, 232)
FILLED = """
mount -t tmpfs -o size={size}k full results
snakemake --cores 1
echo "first run: $?"
find results -name '*.partial*' -printf 'left behind: %p\\n'
mount -o remount,size=100m results
snakemake --cores 1
echo "second run: $?"
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


@pytest.mark.parametrize("size", SIZES)
def test_a_full_disk(project, finished, size):
    text = in_namespace(project, FILLED.format(size=size))
    first, second = text.split("first run: ")
    assert second.startswith("1\n"), text
    # Told by the job with its file, or by Snakemake, which writes a file of its own, with its rule.
    told = [line for line in first.splitlines() if "No space left on device" in line]
    assert told and "Error in rule " in first
    for line in told:
        by_job = re.fullmatch(r"error: results/\S+: No space left on device", line)
        assert by_job or line == "OSError: [Errno 28] No space left on device"
    assert "Traceback" not in text
    assert "left behind" not in text
    # With room again the rest is made, and all of it is right.
    assert "second run: 0\n" in second, second
    project.path("results").rmdir()
    project.path("kept").rename(project.path("results"))
    expected = {name: data for name, data in finished.results().items() if "wave" not in name}
    assert project.results() == expected
    assert len(project.trained("four_points")) == len(set(project.trained("four_points")))


@pytest.mark.parametrize("started", [False, True])
def test_results_that_may_not_be_written(project, started):
    if started:
        assert project.snakemake("train").code == 0
    before = project.results()
    text = in_namespace(project, READ_ONLY)
    assert "read-only: 2\n" in text
    folder = "results/four_points" if started else "results"
    line = f"error: {folder}: may not be written to, and there are results to be made in it"
    assert line in text.splitlines()
    assert "Traceback" not in text
    assert project.results() == before
    assert project.snakemake().code == 0
    # Nothing to be done is no fault.
    text = in_namespace(project, READ_ONLY)
    assert "read-only: 0\n" in text
    assert "Nothing to be done" in text
