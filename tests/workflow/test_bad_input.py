"""Bad parameters and data through the real programs: lines, exit code 2, no traceback, no results.

13 parameter files and 3 data files through `phase-diagram check` or `point`, Snakemake and
workflow/reproduce.py; the first two of the files in each run, the others with `make test-slow`.
"""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from small_parameters import PARAMETERS
from small_project import Project

WHOLE = yaml.safe_dump(PARAMETERS)
FILES: dict[str, bytes] = {
    "a negative width": WHOLE.replace("- 100\n", "- -100\n").encode(),
    "merges of merges": b"a: &a0 {k: v}\n"
    + b"".join(b"b%d: &a%d {<<: [%s]}\n" % (i, i + 1, b"*a%d," % i * 9) for i in range(20)),
    "empty": b"",
    "a mapping of nothing": b"{}",
    "not UTF-8": WHOLE.encode("utf-16"),
    "two documents": WHOLE.encode() + b"---\n" + WHOLE.encode(),
    "a tag": b"!!python/object/apply:os.system ['touch ran']",
    "nested": b"[" * 100_000,
    "recursive": b"experiments: &a\n  tiny: *a\n",
    "digits": WHOLE.replace("seeds: 2", f"seeds: {'9' * 100_000}").encode(),
    "a name that leaves results/": WHOLE.replace("wave:", "../wave:").encode(),
    "an escape in a name": WHOLE.replace("wave:", r'"\e[31m\nwave":').encode(),
    "too many networks": WHOLE.replace("- 0.75\n", "".join(f"- 0.{i:03d}\n" for i in range(1, 999)))
    .replace("seeds: 2", "seeds: 10000")
    .encode(),
}
SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in [*FILES][2:]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project.create(tmp_path_factory.mktemp("bad") / "with space")


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
    ended = subprocess.run(
        command,
        cwd=project.folder,
        env=project.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert files(project) == before
    return [line for line in ended.stderr.splitlines() if line.startswith("error: ")]


@pytest.mark.parametrize("name", [*[*FILES][:2], *SLOW])
def test_every_program_tells_the_same_faults(project: Project, name: str) -> None:
    project.path("params.yaml").write_bytes(FILES[name])
    told = faults(project, "phase-diagram", "check")
    assert told and all(line.isprintable() and len(line) < 600 for line in told)
    assert faults(project, "snakemake", "--cores", "1") == told
    assert faults(project, sys.executable, "workflow/reproduce.py") == told


TABLES = {
    "a word": "x1,y\n0,1\none,2\n",
    "another header": "a,b\n0,1\n",
    "nothing": "",
}


@pytest.mark.parametrize(
    "name", ["a word", *(pytest.param(name, marks=pytest.mark.slow) for name in [*TABLES][1:])]
)
def test_a_bad_data_file_ends_the_run_with_its_faults(project: Project, name: str) -> None:
    project.write_parameters(PARAMETERS)
    table = project.path("data/user/wave.csv")
    whole = table.read_text()
    table.write_text(TABLES[name])
    point = ("--gamma", "1", "--gamma-prime", "0", "--width", "10")
    (told,) = faults(project, "phase-diagram", "point", "--dataset", "data/user/wave.csv", *point)
    assert told.startswith("error: data/user/wave.csv: ")
    assert faults(project, "snakemake", "--cores", "1") == [told]
    assert faults(project, sys.executable, "workflow/reproduce.py") == [told]
    table.write_text(whole)
