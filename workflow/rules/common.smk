# Common to all stages: the validated parameters and the plan made from them.
# `snakemake --config params=FILE` takes another parameter file.

import shlex
import sys
from dataclasses import asdict

from phase_diagram.workflow import planning, tracking
from phase_diagram.workflow.stages import (
    BATCH,
    BENCHMARK,
    PROBLEM,
    STAGES,
    STUDY_SECONDS,
    WHOLE_NAME,
)
from phase_diagram.workflow.reporting import places

# Snakemake takes the outermost workflow for a module too: it alone has no parent.
IS_MODULE = getattr(workflow.modifier, "parent_modifier", None) is not None

if not IS_MODULE:
    # Snakemake puts the interpreter's path into shell commands as it is, spaces and all.
    sys.executable = shlex.quote(sys.executable)

# Priorities. Data first, because the training jobs depend on its contents. Then long jobs before
# short ones, which fill the gaps at the end, so that no core waits long for another.
FIRST, LONG, SHORT = 2, 1, 0

PARAMETERS = config.get("params", "params.yaml")
PLAN = planning.plan_or_exit(
    PARAMETERS,
    # Where this is a module of another workflow, that puts its prefix before all paths.
    place=workflow.modifier.path_modifier.prefix or "",
    # What the rules do, where one file of them is run by itself.
    steps=globals().get("STEPS"),
    # A job that the run has sent to another machine reads the rules too, but plans nothing anew.
    may_write=workflow.is_main_process,
)


wildcard_constraints:
    experiment="|".join(PLAN.experiments),
    fingerprint="[0-9a-f]+",
    batch="[0-9a-f]+",


def jobs_of(experiment):
    """Return the jobs of an experiment, once its data is prepared."""
    if hasattr(checkpoints, "prepare"):  # not where train.smk runs by itself
        checkpoints.prepare.get(experiment=experiment)
    return PLAN.jobs[experiment]


class Captions(dict):
    """What the report says of each result: found when it asks, for workflow/report/*.rst."""

    def __missing__(self, key):
        from phase_diagram.workflow.reporting import captions

        return captions.find(captions.Context(PLAN, PARAMETERS, workflow), key)

    def __reduce__(self):  # jobs have the configuration too, and no use for this
        return dict, ()


# A copy: it may be another workflow's, which has given it to this one.
config = {**config, "captions": Captions()}


def given(stage):
    """Return what decides whether a stage is run: its settings, and the record of its code."""
    return {"settings": STAGES[stage].settings, "code": STAGES[stage].code}


def made(stage):
    """Return what a stage makes, each figure and table with its place in the report."""
    outputs = {**STAGES[stage].outputs, "made_from": STAGES[stage].made_from}
    if IS_MODULE:  # the report is another workflow's
        return outputs
    shown = places.in_report(STAGES[stage])
    return {
        name: report(path, **shown[name]) if name in shown else path
        for name, path in outputs.items()
    }
