"""One run at a time in a folder: others are refused, and told who is there."""

import json
import os
import subprocess
import sys
from contextlib import suppress

import pytest

from phase_diagram.errors import InputError
from phase_diagram.workflow import sole_run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give an empty folder to work in, in which a killed Snakemake has left its lock."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".snakemake/locks").mkdir(parents=True)
    (tmp_path / ".snakemake/locks/0.input.lock").touch()
    return tmp_path


@pytest.fixture
def recovered(monkeypatch) -> list[int]:
    """Count the recoveries."""
    times: list[int] = []
    monkeypatch.setattr(sole_run, "_recover", lambda: times.append(1))
    return times


def refusal() -> str:
    with pytest.raises(InputError) as caught, sole_run.sole_run():
        pytest.fail("two runs at a time")
    (line,) = caught.value.faults
    return line


def test_the_lock_of_a_dead_run_is_taken(folder, recovered):
    with sole_run.sole_run():
        assert recovered == [1]


def test_two_at_a_time_are_refused(folder, recovered):
    with sole_run.sole_run():
        code = "from phase_diagram.workflow import sole_run\n"
        code += "with sole_run.sole_run(): pass"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert f"process {os.getpid()} is at work here" in other.stderr
    with sole_run.sole_run():
        pass  # given back


def test_what_another_machine_may_hold_is_left_alone(folder, recovered):
    holder = {"host": "another-machine", "process": 7}
    (folder / ".snakemake/reproduce.json").write_text(json.dumps(holder))
    assert "process 7 on another-machine is at work here" in refusal()
    assert not recovered


@pytest.mark.parametrize(
    ("script", "arguments"),
    [("wait.py", ["snakemake"]), (".snakemake/scripts/tmp1.train.py", [])],
)
def test_living_parts_of_a_run_whose_head_is_dead(folder, recovered, script, arguments):
    path = folder / script
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("import time; print('here', flush=True); time.sleep(60)")
    command = [sys.executable, str(path), *arguments]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None and process.stdout.readline() == b"here\n"
        assert f"process {process.pid} is at work here" in refusal()
    finally:
        process.kill()
        process.wait()
    assert not recovered
    with sole_run.sole_run():
        assert recovered == [1]


def test_recovery_takes_away_half_written_files(folder, monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *given, **options: None)
    half = folder / "results/wave/.sweep.csv.0123abcd.partial.csv"
    whole = folder / "results/wave/sweep.csv"
    half.parent.mkdir(parents=True)
    half.touch()
    whole.touch()
    with sole_run.sole_run():
        assert not half.exists()
        assert whole.exists()


def test_half_written_files_go_where_a_run_was_killed_without_a_lock(folder):
    (folder / ".snakemake/locks/0.input.lock").unlink()
    half = folder / "results/.report.html.0123abcd.partial.html"
    half.parent.mkdir()
    half.touch()
    with sole_run.sole_run():
        assert half.exists()  # nothing tells that this is not somebody's, at work
    with suppress(KeyError), sole_run.sole_run():
        raise KeyError  # as good as killed: the holder's name stays behind
    with sole_run.sole_run():
        assert not half.exists()
