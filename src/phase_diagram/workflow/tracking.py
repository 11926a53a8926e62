"""Record the results of a Snakemake run in DVC, so that both agree on what is up to date."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from phase_diagram.files import hashes, records
from phase_diagram.workflow.plan import Plan
from phase_diagram.workflow.stages import STAGES

TRACKED = Path(".snakemake/tracked.json")
"""The results that DVC recorded last."""

PARAMETERS = "params.yaml"
"""The file that dvc.yaml names."""


def commit(plan: Plan, parameters: str) -> None:
    """Record results in dvc.lock and store them in DVC's cache, if all of them exist.

    Nothing is done if DVC runs Snakemake or does not track this folder, or if results are of
    another parameter file than DVC's. A failure is only a warning, as it does not affect results.

    Parameters
    ----------
    plan : Plan
    parameters : str
        The parameter file of the run.
    """
    ours = "DVC_STAGE" not in os.environ and parameters == PARAMETERS and plan.place == Path()
    if not ours or not all(Path(name).exists() for name in (".git", ".dvc", "dvc.yaml")):
        return
    made_from = [plan.made_from(*run) for run in plan.runs()]
    if not all(Path(path).exists() for path in made_from):  # only some results were requested
        return
    code = (stage.code for stage in STAGES.values())
    sha256 = hashes.files_sha256([PARAMETERS, *made_from, *code])
    if records.read_json(TRACKED) == sha256:
        return
    # The interpreter's path may have been quoted for Snakemake.
    command = [*shlex.split(sys.executable), "-m", "dvc", "commit", "--force", "--quiet"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode == 0:
        records.write_json(TRACKED, sha256)
    else:
        said = (ended.stderr.strip() or f"exit code {ended.returncode}").splitlines()
        print(f"warning: dvc has not recorded these results ({said[-1]})", file=sys.stderr)
