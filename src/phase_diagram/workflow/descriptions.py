"""Files that describe the code and the parameters on which each stage's results depend.

Rules of Snakemake and stages of DVC depend on these files, not on modules or on params.yaml: a
changed comment or docstring changes none of them, a parameter only those of the stages that use it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phase_diagram.files import records
from phase_diagram.files.hashes import code_sha256
from phase_diagram.workflow.stages import CODE, PARAMETERS, STAGES


def write(parameters: Mapping[str, Mapping[str, Any]], place: Path = Path()) -> None:
    """Write the files that are missing or out of date, and remove those no longer used.

    Parameters
    ----------
    parameters : mapping
        The parameters of each stage and name, by the path of its file.
    place : path
        The folder in which results/ lies.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    code = {stage.code: code_sha256(*stage.sources) for stage in STAGES.values()}
    contents = {place / path: content for path, content in {**code, **parameters}.items()}
    for path, content in contents.items():
        if records.read_json(path) != content:
            records.write_json(path, content)
    for folder in (CODE, PARAMETERS):
        for path in (place / folder).rglob("*.json"):
            if path not in contents:
                path.unlink(missing_ok=True)
