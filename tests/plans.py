"""The workflow's planning, run in the test's own process in a folder of its own."""

import contextlib
import io
import os
import shutil
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from phase_diagram.cli.main import main
from phase_diagram.workflow import plan
from phase_diagram.workflow.stages import STAGES

ROOT = Path(__file__).parents[1]
# Where the workflow may write.
WRITABLE = ("results", "data/prepared", ".snakemake/settings")


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


def planned(path: str) -> tuple[plan.Plan | None, Said]:
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
            made = plan.plan_or_exit(path)
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
            STAGES[key].settings.format(experiment=name, study=name),
            STAGES[key].parameters.format(experiment=name, study=name),
            made.made_from(key, name),
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
    """Remove what a plan has written, and see that it was nothing else."""
    written, results = folder / ".snakemake", folder / "results"
    assert os.listdir(written) == ["settings"]
    assert sorted(os.listdir(results)) == ["code", "parameters"]
    for path in (written, results / "code", results / "parameters"):
        shutil.rmtree(path)
    if not results.is_symlink():
        results.rmdir()
