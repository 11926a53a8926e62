"""From params.yaml to the figures: runs Snakemake, and says what came out and what it took.

What `make reproduce` calls. Further arguments go to Snakemake, as in `reproduce.py --cores 1`.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from plan import Plan

from phase_diagram import parameters
from phase_diagram.progress import duration

SECONDS_BETWEEN_SAMPLES = 1.0


def main(arguments: list[str]) -> int:
    """Run the whole workflow in the working directory; give Snakemake's exit code."""
    snakemake = [sys.executable, "-m", "snakemake"]
    if locked() and not running_elsewhere():
        print("Recovering from an interrupted run.", file=sys.stderr)
        subprocess.run([*snakemake, "--unlock", "--quiet", "all"], check=True)
    start = time.monotonic()
    process = subprocess.Popen([*snakemake, *(arguments or ["--cores", "all"])])
    try:
        memory = peak_memory(process)
    except KeyboardInterrupt:
        # Ctrl-C reaches Snakemake too: it ends its jobs and gives the lock back.
        process.wait()
        return 130
    if process.returncode == 0:
        took = duration(time.monotonic() - start)
        print(f"\nDone in {took}, with at most {memory / 1e9:.1f} GB of memory.")
        figures = Plan(parameters.load("params.yaml")).results("figures", "draw")
        for png, pdf in zip(figures[::2], figures[1::2], strict=True):
            print(f"{png} {pdf}")
    return process.returncode


def locked() -> bool:
    """Say whether a Snakemake holds, or held, the lock of this folder."""
    return any(Path(".snakemake/locks").glob("*"))


def running_elsewhere() -> bool:
    """Say whether another process in this folder is Snakemake; a lock is then not ours to take."""
    here = os.getcwd()
    for process in psutil.process_iter():
        try:
            if (
                process.pid != os.getpid()
                and process.cwd() == here
                and process.status() != psutil.STATUS_ZOMBIE
                and any("snakemake" in Path(word).name for word in process.cmdline()[:4])
            ):
                return True
        except psutil.Error:
            continue  # it ended, or is not ours to look at
    return False


def peak_memory(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process, and give the most memory that it and its children held at once, in bytes.

    Sampled; pages that processes share count for each of them.
    """
    peak = 0
    root = psutil.Process(process.pid)
    while True:
        try:
            family = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            family = []
        held = 0
        for member in family:
            try:
                held += member.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        peak = max(peak, held)
        try:
            process.wait(SECONDS_BETWEEN_SAMPLES)
            return peak
        except subprocess.TimeoutExpired:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
