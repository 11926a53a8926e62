"""Read a parameter file, plan the run and write its settings, or exit with clear error messages.

`python -m phase_diagram.workflow.planning` writes code and parameters of all stages, for DVC.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from phase_diagram.errors import InputError, tell
from phase_diagram.parameters import params_yaml
from phase_diagram.workflow import refusals
from phase_diagram.workflow.plan import Plan


def plan_or_exit(
    path: str, *, place: str = "", steps: Iterable[str] | None = None, may_write: bool = True
) -> Plan:
    """Read parameters and plan the run; faults end the process with clear lines, not a traceback.

    Nothing is written before the parameters have been checked.

    Parameters
    ----------
    path : str
        The parameter file.
    place : str
        The folder that contains data/ and results/; see `Plan`.
    steps : iterable of str, optional
        The steps whose rules are run, if not all. Results that they start from are refused if out
        of date, because no rule in this run would remake them.
    may_write : bool
        Whether to write the settings. Only the process that plans the run does: a job on another
        machine would compare results that others are just making, from parameters that may have
        been edited since.
    """
    try:
        plan = Plan(params_yaml.load(path), Path(place))
        refusals.refuse_unwatched_data(plan)
        refusals.refuse_faulty_data(plan)
        if may_write:
            outdated = plan.write_settings()
            refusals.refuse_unwritable(
                plan.place / path for run in outdated for path in plan.outputs(*run).values()
            )
            if steps is not None:
                refusals.refuse_misfits(plan, set(steps), outdated)
    except (InputError, OSError) as error:
        sys.exit(tell(error))
    return plan


if __name__ == "__main__":
    # A stage of DVC that all others depend on.
    try:
        Plan(params_yaml.load("params.yaml")).describe()
    except (InputError, OSError) as fault:
        sys.exit(tell(fault))
