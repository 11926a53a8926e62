"""The report's overview: main results, versions and provenance, running times."""

import platform
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from phase_diagram.captions.words import count, listing, paragraphs, table
from phase_diagram.errors import InputError
from phase_diagram.files import hashes, records
from phase_diagram.sweeps.progress import duration
from phase_diagram.workflow.plan import Plan
from phase_diagram.workflow.stages import METRICS, STAGES

LOCK = Path("requirements.lock")
PACKAGES = ("torch", "numpy", "pandas", "matplotlib", "snakemake", "dvc")
DIGITS = 16  # digits of a sha256 shown


class Context(NamedTuple):
    """What a report is made from.

    Attributes
    ----------
    plan : Plan
    parameters : str
        The parameter file.
    workflow : snakemake.workflow.Workflow
        The jobs, with Snakemake's records of each of them.
    """

    plan: Plan
    parameters: str
    workflow: Any


def experiments(context: Context) -> str:
    """Return a table of the findings of each phase diagram, and count the results."""
    rows = []
    for name in context.plan.experiments:
        metrics = records.read_json(METRICS.format(experiment=name))
        if metrics is None:
            raise InputError(f"{METRICS.format(experiment=name)}: missing or damaged")
        rows.append(
            {
                "experiment": name,
                "networks": f"{metrics['converged']:,} of {metrics['networks']:,}",
                "rows": f"{metrics['rows_with_crossing']} of {metrics['rows']}",
                "boundary": metrics["boundary_error_mean"],
                "slopes": metrics["slope_error_median"],
            }
        )
    heads = {
        "experiment": "experiment",
        "networks": "networks trained to the tolerance",
        "rows": "rows with a crossing",
        "boundary": "boundary off theory, mean",
        "slopes": "S_w off theory, median",
    }
    studies = [
        f"{kind.replace('_', ' ')}: {listing(f'``{name}``' for name in names)}"
        for kind, names in context.plan.studies.items()
    ]
    said = f"Studies: {'; '.join(studies)}." if studies else "There are no studies."
    return paragraphs(table(pd.DataFrame(rows), heads), said)


def origin(context: Context) -> str:
    """Return parameters, code and packages, and whether results match their records."""
    rows = [
        ("parameters", f"{context.parameters}, sha256 {_sha256(Path(context.parameters))}"),
        ("code", _commit()),
        ("requirements.lock", f"sha256 {_sha256(LOCK)}" if LOCK.exists() else "not there"),
        ("Python", f"{platform.python_version()}, {platform.system()} {platform.machine()}"),
        *((name, version(name)) for name in PACKAGES),
        ("records", _agreement(context.plan)),
    ]
    return table(pd.DataFrame(rows, columns=["", " "]))


def runtimes(context: Context) -> str:
    """Return the running times of the jobs by rule, as far as Snakemake has recorded them."""
    noted = [
        context.workflow.persistence.metadata(job.output[0])
        for job in context.workflow.dag.jobs
        if job.output
    ]
    timed = [
        (entry["rule"], entry["endtime"] - entry["starttime"])
        for entry in noted
        if entry and None not in (entry["rule"], entry["starttime"], entry["endtime"])
    ]
    unknown = len(noted) - len(timed)
    missing = (
        f"Of {count(unknown, 'job')} there is no time: Snakemake has noted none down here, as of "
        "results that come from elsewhere, by dvc pull for instance."
        if unknown
        else ""
    )
    if not timed:
        return missing
    jobs = pd.DataFrame(timed, columns=["rule", "seconds"])
    by_rule = jobs.groupby("rule", sort=False)["seconds"].agg(["size", "sum", "max"])
    by_rule = by_rule.sort_values("sum", ascending=False).reset_index()
    shown = by_rule.assign(sum=by_rule["sum"].map(_time), max=by_rule["max"].map(_time))
    heads = {"rule": "rule", "size": "jobs", "sum": "all of them", "max": "the longest"}
    total = jobs["seconds"].sum()
    return paragraphs(
        table(shown, heads),
        f"Together {duration(total)} of {count(len(jobs), 'job')}, several of which ran at a time: "
        "the time a whole run takes is shorter.",
        missing,
    )


# By their names in report/overview.rst.
PARTS: dict[str, Callable[[Context], str]] = {
    "experiments": experiments,
    "origin": origin,
    "runtimes": runtimes,
}


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else duration(seconds)


def _sha256(path: Path) -> str:
    return hashes.file_sha256(path)[:DIGITS]


def _commit() -> str:
    said = [
        subprocess.run(["git", *words], capture_output=True, text=True, check=False)
        for words in (("rev-parse", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
    ]
    if any(ended.returncode for ended in said):
        return "in no git repository"
    commit, changes = (ended.stdout.strip() for ended in said)
    return f"git commit {commit[:DIGITS]}" + (", with changes since" if changes else "")


def _agreement(plan: Plan) -> str:
    """Compare all results with their records."""
    missing = same = 0
    for run in plan.runs():
        record = records.read_record(plan.made_from(*run))
        missing += record is None
        recorded = record["outputs"] if record else {}
        if STAGES[run[0]].step != "prepare":
            outputs = records.record({}, {}, plan.outputs(*run))["outputs"]
            same += sum(recorded.get(name) == sha256 for name, sha256 in outputs.items())
    results = plan.final_results()
    text = f"{same:,} of {count(len(results), 'file')} are those that the records tell of"
    if missing:
        text += f"; {count(missing, 'record is', 'records are')} missing or damaged"
    return text
