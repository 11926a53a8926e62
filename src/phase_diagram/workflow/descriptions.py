"""What decides the results of each stage beside its inputs, in files: its code and its parameters.

Rules of Snakemake and stages of DVC depend on these files, not on modules or on params.yaml: a
comment or a docstring changes none of them, and a parameter only those that it concerns.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phase_diagram.files import records
from phase_diagram.files.hashes import code_sha256
from phase_diagram.workflow.stages import CODE, PARAMETERS, STAGES


def write(parameters: Mapping[str, Mapping[str, Any]], place: Path = Path()) -> None:
    """Write the files that are not there or say something else, and remove those left over.

    Parameters
    ----------
    parameters : mapping
        Of each stage with a name, by the path of its file.
    place : path
        The folder in which results/ lies.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    code = {stage.code: code_sha256(*stage.sources) for stage in STAGES.values()}
    wanted = {place / path: content for path, content in {**code, **parameters}.items()}
    for path, content in wanted.items():
        if records.read_json(path) != content:
            records.write_json(path, content)
    for folder in (CODE, PARAMETERS):
        for path in (place / folder).rglob("*.json"):
            if path not in wanted:
                path.unlink(missing_ok=True)
