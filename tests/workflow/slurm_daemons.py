"""Runs the daemons of a SLURM of one machine; all its processes and files end with this one.

A program of its own, `slurm_daemons.py FOLDER`, which ends when its standard input does, however
the tests end.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36  # of linux/prctl.h


def start(folder: Path, *command: str) -> None:
    with (folder / "log" / f"{command[0]}.output").open("ab") as output:
        psutil.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)


def main(folder: Path) -> None:
    """Run the daemons until standard input ends."""
    # What a daemon leaves behind becomes a child of this process, so that nothing escapes it.
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    munge = folder / "munge"
    try:
        start(
            folder,
            *("munged", "--foreground", "--force", f"--key-file={munge / 'key'}"),
            *(f"--{name}-file={munge / name}" for name in ("pid", "seed", "log")),
            f"--socket={munge / 'socket'}",
        )
        start(folder, "slurmctld", "-D", "-f", str(folder / "slurm.conf"))
        start(folder, "slurmd", "-D", "-f", str(folder / "slurm.conf"))
        sys.stdin.read()
    finally:
        # Killed processes leave children, which are then ours.
        while remaining := psutil.Process().children(recursive=True):
            for process in remaining:
                try:
                    process.kill()
                except psutil.NoSuchProcess:
                    continue
            psutil.wait_procs(remaining, timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.umask(0o022)
    main(Path(sys.argv[1]))
