"""Runs the daemons of a SLURM of one machine; all its processes and files end with this one.

A program of its own, `slurm_daemons.py FOLDER`. It ends when its standard input does, however the
tests end, and until then takes the commands of ACTIONS, one a line, and answers each with a line.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36  # of linux/prctl.h
PATIENCE = 30.0


class Daemons:
    """The daemons, as children of this process.

    Parameters
    ----------
    folder : pathlib.Path
        Holds slurm.conf, munge.key and the folders that these name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        munge = folder / "munge"
        self.start(
            *("munged", "--foreground", "--force", f"--key-file={munge / 'key'}"),
            *(f"--{name}-file={munge / name}" for name in ("pid", "seed", "log")),
            f"--socket={munge / 'socket'}",
        )
        self.start("slurmctld", "-D", "-f", str(folder / "slurm.conf"))
        self.slurmd = self.start_node()

    def start(self, *command: str) -> psutil.Popen:
        with (self.folder / "log" / f"{command[0]}.output").open("ab") as output:
            return psutil.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )

    def start_node(self) -> psutil.Popen:
        self.slurmd = self.start("slurmd", "-D", "-f", str(self.folder / "slurm.conf"))
        return self.slurmd

    def stop_node(self) -> None:
        """End the daemon of the node, and leave its jobs running, as for an upgrade."""
        self.slurmd.terminate()
        self.slurmd.wait(PATIENCE)

    def lose_node(self) -> None:
        """End the daemon of the node together with its jobs, as a power cut would."""
        self.slurmd.kill()
        self.slurmd.wait(PATIENCE)
        steps = [child for child in psutil.Process().children() if is_a_step(child)]
        end([each for step in steps for each in (step, *step.children(recursive=True))])


def is_a_step(process: psutil.Process) -> bool:
    """Say whether a process is the one that SLURM starts for each part of a job."""
    try:
        return process.name() == "slurmstepd"
    except psutil.NoSuchProcess:
        return False


def end(processes: list[psutil.Process]) -> None:
    """Kill processes, some of which may have ended, and wait for them."""
    for process in processes:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=PATIENCE)


ACTIONS = {
    "start node": Daemons.start_node,
    "stop node": Daemons.stop_node,
    "lose node": Daemons.lose_node,
}


def main(folder: Path) -> None:
    """Run the daemons until standard input ends."""
    # What a daemon leaves behind becomes a child of this process, so that nothing escapes it.
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    try:
        daemons = Daemons(folder)
        for line in sys.stdin:
            ACTIONS[line.strip()](daemons)
            print("done", flush=True)
    finally:
        # Killed processes leave children, which are then ours.
        while remaining := psutil.Process().children(recursive=True):
            end(remaining)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.umask(0o022)
    main(Path(sys.argv[1]))
