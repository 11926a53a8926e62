# What all stages share: the validated parameters and the plan that follows from them.
# `snakemake --config params=FILE` takes another parameter file.

import shlex
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parent))
import plan
from stages import BATCH, BENCHMARK, PROBLEM, STAGES, STUDY_SECONDS, WHOLE_NAME

# Snakemake puts the interpreter's path into shell commands as it is, spaces and all.
sys.executable = shlex.quote(sys.executable)

# Priorities. Data first: what there is to train is known when it is prepared. Then long jobs before
# short ones, which at the end fill the gaps, so that no core waits long for another.
FIRST, LONG, SHORT = 2, 1, 0

# A job that the run has sent to another machine reads the rules too, but plans nothing anew.
PLAN = plan.plan_or_exit(config.get("params", "params.yaml"), workflow.is_main_process)


wildcard_constraints:
    experiment="|".join(PLAN.experiments),
    fingerprint="[0-9a-f]+",
    batch="[0-9a-f]+",


def jobs_of(experiment):
    """Return the jobs of an experiment, once its data is prepared."""
    if hasattr(checkpoints, "prepare"):  # not where train.smk runs by itself
        checkpoints.prepare.get(experiment=experiment)
    return PLAN.jobs[experiment]
