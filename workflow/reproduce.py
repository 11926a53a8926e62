"""Run the workflow from params.yaml to the figures, and report results, time and memory.

Called by `make reproduce`. Further arguments go to Snakemake, as in `reproduce.py --cores 1`.
"""

import subprocess
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from phase_diagram.errors import INTERRUPTED, MACHINE_FAULT, InputError, tell
from phase_diagram.parameters import params_yaml
from phase_diagram.sweeps.progress import duration
from phase_diagram.workflow import checksums
from phase_diagram.workflow.plan import Plan
from phase_diagram.workflow.reporting import page
from phase_diagram.workflow.sole_run import sole_run

SECONDS_BETWEEN_SAMPLES = 1.0


def main(arguments: list[str]) -> int:
    """Run the whole workflow in the working directory; return Snakemake's exit code."""
    try:
        with sole_run():
            return run(arguments or ["--cores", "all"])
    except InputError as error:
        tell(error)
        return MACHINE_FAULT
    except KeyboardInterrupt:
        return INTERRUPTED


def run(arguments: list[str]) -> int:
    """Run Snakemake; after a complete run write SHA256SUMS and the report, and print the time."""
    start = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "snakemake", *arguments])
    try:
        memory = peak_memory(process)
    except KeyboardInterrupt:
        # Ctrl-C reaches Snakemake too: it ends its jobs and releases the lock.
        process.wait()
        raise
    if process.returncode == 0:
        took = duration(time.monotonic() - start)
        print(f"\nDone in {took}, with at most {memory / 1e9:.1f} GB of memory.")
        chosen = parameter_file(arguments)
        plan = Plan(params_yaml.load(chosen))
        results = [Path(path) for path in plan.final_results()]
        if all(path.exists() for path in results):  # not if arguments selected a part of them
            sums = checksums.write(Path("results"), results)
            print(sums)
            print(page.update(chosen, sums, Path(__file__).parent), flush=True)
        figures = plan.results("figures", "draw")
        for png, pdf in zip(figures[::2], figures[1::2], strict=True):
            print(f"{png} {pdf}")
        print(*plan.results("page"))
    return process.returncode


def parameter_file(arguments: list[str]) -> str:
    """Return the parameter file given to Snakemake: `--config params=FILE`."""
    told = [word.rpartition("params=")[2] for word in arguments if "params=" in word]
    return told[-1] if told else "params.yaml"


def peak_memory(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process, and return the peak memory of it and its children together, in bytes.

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
