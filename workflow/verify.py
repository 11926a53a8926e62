"""Run the small configuration in verification/ and compare its results with those stored there.

Called by `make verify`. `--accept` stores the results as the new reference.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from phase_diagram.parameters import params_yaml
from phase_diagram.workflow import checksums, comparison, machine
from phase_diagram.workflow.plan import Plan

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "verification"
PARAMETERS = REFERENCE / "params.yaml"
MACHINE = "machine.json"
LOCK = "requirements.lock"
COMPARED = (".csv", ".json")  # elsewhere; figures depend on the libraries that draw letters


def main(arguments: list[str]) -> int:
    """Run and compare; return 0 if the results are the same, 1 if not, or Snakemake's exit code."""
    with TemporaryDirectory(prefix="phase_diagram-") as folder:
        code = run(Path(folder))
        if code != 0:
            return code
        results = Path(folder) / "results"
        plan = Plan(params_yaml.load(PARAMETERS))
        made = plan.final_results()
        checksums.write(results, [Path(folder) / path for path in made])
        if arguments == ["--accept"]:
            accept(results)
            return 0
        return compare(results)


def run(folder: Path) -> int:
    """Run the workflow in a separate folder; its output is shown only if it fails."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(folder), "--cores", "all", "--config", f"params={PARAMETERS}"]
    print("Running the tiny configuration (half a minute) ...", file=sys.stderr, flush=True)
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ended.returncode != 0:
        print(ended.stdout, file=sys.stderr)
    return ended.returncode


def accept(results: Path) -> None:
    """Store tables, checksums and the description of the machine."""
    shutil.rmtree(REFERENCE / "results", ignore_errors=True)
    for name in checksums.read(results / checksums.NAME):
        if name.endswith(COMPARED):
            target = REFERENCE / "results" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(results / name, target)
    shutil.copyfile(results / checksums.NAME, REFERENCE / checksums.NAME)
    described = json.dumps(machine.describe(ROOT / LOCK), indent=1) + "\n"
    (REFERENCE / MACHINE).write_text(described, encoding="utf-8")
    print(f"Kept in {os.path.relpath(REFERENCE)}: commit it.")


def compare(results: Path) -> int:
    """Compare results with those stored: exactly on an equal machine, else up to rounding."""
    here = checksums.read(results / checksums.NAME)
    there = checksums.read(REFERENCE / checksums.NAME)
    same = [name for name in there if here.get(name) == there[name]]
    others = machine.differences(
        machine.describe(ROOT / LOCK), json.loads((REFERENCE / MACHINE).read_text(encoding="utf-8"))
    )
    print(f"{len(same)} of {len(there)} files are the same to the byte.")
    changed = sorted({*there, *here} - set(same))
    if not others:
        print("The platform and the lock are those of the reference: all files have to be.")
        for name in changed:
            print(f"error: {name}: differs")
        return 1 if changed else 0
    print("The platform or the lock is another than that of the reference:")
    print("\n".join(f"  {line}" for line in others))
    worst = 0.0
    faults = sorted(set(there) ^ set(here))
    for name in changed:
        if name.endswith(COMPARED) and name not in faults:
            found, place = comparison.deviation(results / name, REFERENCE / "results" / name)
            worst = max(worst, found)
            if found > comparison.RELATIVE:
                faults.append(f"{name}: {place}: differs by {found:.1e} relative")
    print(
        f"Numbers of tables differ by at most {worst:.1e} relative, "
        f"{comparison.RELATIVE:.0e} is accepted; figures are not compared."
    )
    for fault in faults:
        print(f"error: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
