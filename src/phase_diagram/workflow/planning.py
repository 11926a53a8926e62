"""From a parameter file to a plan whose settings are written, or to a line that says why not.

`python -m phase_diagram.workflow.planning` writes what decides the results of all stages, for DVC.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from phase_diagram.errors import InputError
from phase_diagram.parameters import params_yaml
from phase_diagram.workflow import refusals
from phase_diagram.workflow.plan import Plan

USER_FAULT = 2
MACHINE_FAULT = 1


def plan_or_exit(
    path: str, *, place: str = "", steps: Iterable[str] | None = None, may_write: bool = True
) -> Plan:
    """Read and plan; a fault of the parameters ends the process with lines, not a traceback.

    Nothing is written before the parameters are found to be good.

    Parameters
    ----------
    path : str
        The parameter file.
    place : str
        The folder in which data/ and results/ lie; see `Plan`.
    steps : iterable of str, optional
        What the rules that are run do, where these are not all. Results that they start from are
        refused unless they fit: no rule is there that would make them anew.
    may_write : bool
        Whether the settings are to be written: by the process that decides what is to be done. A
        job on another machine would compare results that others are just making, from parameters
        that may have been edited since.
    """
    try:
        plan = Plan(params_yaml.load(path), Path(place))
        refusals.refuse_unwatched_data(plan)
        refusals.refuse_faulty_data(plan)
        if may_write:
            wanted = plan.write_settings()
            refusals.refuse_unwritable(
                plan.place / path for run in wanted for path in plan.outputs(*run).values()
            )
            if steps is not None:
                refusals.refuse_misfits(plan, set(steps), wanted)
    except InputError as error:
        _exit(error)
    except OSError as error:  # a full disk, a folder that may not be written to
        print(f"error: {error.filename}: {error.strerror or error}", file=sys.stderr)
        sys.exit(MACHINE_FAULT)
    return plan


def _exit(error: InputError) -> NoReturn:
    for fault in error.faults:
        print(f"error: {fault}", file=sys.stderr)
    sys.exit(USER_FAULT)


if __name__ == "__main__":
    # A stage of DVC, which all others depend on.
    try:
        Plan(params_yaml.load("params.yaml")).describe()
    except InputError as fault:
        _exit(fault)
