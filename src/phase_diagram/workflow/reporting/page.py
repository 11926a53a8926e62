"""Snakemake's report, results/report.html: remade when results or its texts have changed."""

import subprocess
import sys
from pathlib import Path

from phase_diagram import captions
from phase_diagram.files import hashes, records
from phase_diagram.files.atomic import atomic_path

PAGE = Path("results/report.html")
MADE_FROM = Path(".snakemake/report.json")


class NotMade(Exception):
    """Snakemake could not make the page; the message is its last line of output."""


def update(parameters: str, sums: Path, workflow: Path) -> str:
    """Make the page unless there is one of the same results already.

    Parameters
    ----------
    parameters : str
        The parameter file.
    sums : path
        The sha256 of all results: SHA256SUMS.
    workflow : path
        The folder of the rules and of the texts of the report.

    Returns
    -------
    str
        The page, or why there is none. Results do not depend on the page, so failing to make it
        is not an error; an old page of other results is removed.
    """
    made_from = {
        "parameters": {parameters: hashes.file_sha256(parameters)},
        "results": hashes.file_sha256(sums),
        "code": hashes.files_sha256(_sources(workflow)),
    }
    if records.read_json(MADE_FROM) == {**made_from, **_page()}:
        return str(PAGE)
    try:
        _make(parameters)
        records.write_json(MADE_FROM, {**made_from, **_page()})
    except (NotMade, OSError) as error:
        PAGE.unlink(missing_ok=True)
        return f"warning: {PAGE} was not made ({error}); the results are complete without it"
    return str(PAGE)


def _make(parameters: str) -> None:
    with atomic_path(PAGE) as temporary:
        command = [sys.executable, "-m", "snakemake", "--report", str(temporary)]
        ended = subprocess.run(
            [*command, "--config", f"params={parameters}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if ended.returncode != 0:
            said = [line for line in ended.stdout.splitlines() if line.strip()]
            raise NotMade(said[-1].strip() if said else f"exit code {ended.returncode}")


def _page() -> dict[str, dict[str, str]]:
    return {"page": hashes.files_sha256([PAGE])}


def _sources(workflow: Path) -> list[Path]:
    """List the files that affect the text and the style of the page."""
    folders = {
        workflow: ("rules/*.smk", "report/**/*.*", "profiles/default/*"),
        Path(captions.__file__).parent: ("*.py",),
        Path(__file__).parents[1]: ("**/*.py",),
    }
    return sorted(
        path
        for folder, patterns in folders.items()
        for pattern in patterns
        for path in folder.glob(pattern)
    )
