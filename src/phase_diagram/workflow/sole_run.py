"""Allow one run at a time in a folder, and clean up after a run that was killed.

Snakemake's own lock is a file that outlives a killed run and does not say which process made it.
"""

import fcntl
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from phase_diagram.errors import InputError

HOLDER = Path(".snakemake/reproduce.json")
LOCKS = Path(".snakemake/locks")
RESULTS = (Path("results"), Path("data/prepared"))


@contextmanager
def sole_run() -> Iterator[None]:
    """Lock the working folder, and remove what a killed run has left in it.

    Raises
    ------
    InputError
        If another run is alive in this folder, or may be, on another machine that shares it.
    """
    HOLDER.parent.mkdir(exist_ok=True)
    with HOLDER.open("a+", encoding="utf-8") as file:
        try:
            # The system releases the lock however this process ends.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(_refusal(_holder(file.name))) from None
        before = _holder(file.name)
        if _locked():
            _refuse_the_living(before)
            _recover()
        elif before.get("host") == platform.node():
            # Killed while Snakemake held no lock: during its report, or between two steps.
            _remove_half_written()
        file.truncate(0)
        json.dump({"host": platform.node(), "process": os.getpid()}, file)
        file.flush()
        yield
        file.truncate(0)


def _holder(path: str) -> dict[str, object]:
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = {}
    return content if isinstance(content, dict) else {}


def _locked() -> bool:
    return any(LOCKS.glob("*"))


def _refuse_the_living(before: dict[str, object]) -> None:
    elsewhere = before.get("host", platform.node()) != platform.node()
    process = None if elsewhere else _snakemake_here()
    if elsewhere or process is not None:
        raise InputError(_refusal(before if elsewhere else {"process": process}))


def _refusal(holder: dict[str, object]) -> str:
    host = f" on {holder['host']}" if holder.get("host", platform.node()) != platform.node() else ""
    return (
        f"{os.getcwd()}: process {holder.get('process', 'unknown')}{host} is at work here; "
        "wait for it to end, or end it"
        + (", then run snakemake --unlock, if it is not alive any more" if host else "")
    )


def _snakemake_here() -> int | None:
    """Find a process in this folder that is Snakemake, or one of its scripts."""
    folder = os.getcwd()
    for process in psutil.process_iter():
        try:
            if (
                process.pid != os.getpid()
                and process.cwd() == folder
                and process.status() != psutil.STATUS_ZOMBIE
                and any(_is_snakemake(word) for word in process.cmdline()[:4])
            ):
                return int(process.pid)
        except psutil.Error:
            continue  # it has ended, or belongs to another user
    return None


def _is_snakemake(word: str) -> bool:
    return "snakemake" in Path(word).name or ".snakemake/scripts/" in word


def _recover() -> None:
    print("Recovering from an interrupted run.", file=sys.stderr)
    unlock = [sys.executable, "-m", "snakemake", "--unlock", "--quiet", "all"]
    subprocess.run(unlock, check=True)
    _remove_half_written()


def _remove_half_written() -> None:
    for folder in RESULTS:
        for path in folder.rglob(".*.partial*"):  # see phase_diagram.files.atomic
            path.unlink(missing_ok=True)
