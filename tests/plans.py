"""The workflow's planning, run in the test's own process in a folder of its own."""

import contextlib
import io
import shutil
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from phase_diagram.cli.main import main
from phase_diagram.workflow import plan, planning
from phase_diagram.workflow.stages import STAGES

ROOT = Path(__file__).parents[1]
# Where the workflow may write.
WRITABLE = ("results", "data/prepared", ".snakemake/settings")
# What planning writes: the settings of the stages, their code and their parameters.
PLANNED = (".snakemake", "results/code", "results/parameters")


class Said(NamedTuple):
    """What came out of a command: its exit code and its two streams."""

    code: int
    out: str
    err: str


def command(*arguments: str) -> Said:
    """Run `phase-diagram` in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Said(code, out.getvalue(), err.getvalue())


def planned(path: str, **options: Any) -> tuple[plan.Plan | None, Said]:
    """Let the workflow plan; without a plan there are its exit code and what it said."""
    out, err = io.StringIO(), io.StringIO()
    made, code = None, 0
    # Waiting for the disk would be most of the time.
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch("os.fsync", return_value=None),
    ):
        try:
            made = planning.plan_or_exit(path, **options)
        except SystemExit as end:
            code = end.code
    return made, Said(code, out.getvalue(), err.getvalue())


def outputs(made: plan.Plan) -> list[str]:
    """List every file that a plan names: results, records, parameters, settings."""
    return [
        path
        for key, name in made.runs()
        for path in (
            *made.outputs(key, name).values(),
            *(
                pattern.format(experiment=name, study=name)
                for pattern in (STAGES[key].settings, STAGES[key].parameters, STAGES[key].made_from)
            ),
        )
    ]


def assert_stays_inside(made: plan.Plan, folder: Path) -> None:
    """See that a plan writes below its own folders alone, and no file twice."""
    paths = outputs(made)
    roots = [(folder / root).resolve() for root in WRITABLE]
    for path in paths:
        resolved = (folder / path).resolve()
        assert any(resolved.is_relative_to(root) and resolved != root for root in roots), path
    # Not even where the file system does not tell A from a.
    assert len({path.lower() for path in paths}) == len(paths)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def remove_settings(folder: Path) -> None:
    """Remove what planning has written, and the folder results/ if it holds nothing else."""
    for name in PLANNED:
        shutil.rmtree(folder / name)
    results = folder / "results"
    if not results.is_symlink():
        results.rmdir()
