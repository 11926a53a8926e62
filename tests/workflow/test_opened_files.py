"""What jobs open against what their rules and stages declare: every input, and nothing else."""

import json
import re
from pathlib import Path

import pytest
from opened_files import Job, jobs
from small_parameters import STUDIES
from small_project import Project

from phase_diagram.workflow.stages import CODE

pytestmark = pytest.mark.slow

STAGE_OF = {"train_batch": "train", "collect": "train", "draw_experiment": "figures"}
NO_DATA = ("src", "workflow", ".snakemake")


@pytest.fixture(scope="module")
def watched(studied: Project) -> list[Job]:
    """Give the jobs of two experiments, of a study of each kind and of the page."""
    found = jobs(studied.folder)
    assert len(found) == 2 * 7 + 2 * len(STUDIES) + 1
    return found


def whole(path: Path) -> Path:
    """Give the file that a temporary one becomes (atomic.py)."""
    found = re.fullmatch(r"\.(.+)\.[0-9a-f]{8}\.partial(\.\w+)?", path.name)
    return path.with_name(found[1]) if found else path


def own(job: Job, path: Path) -> bool:
    """Say whether a file is the job's own: an output, or where training keeps its networks."""
    if whole(path) in job.outputs:
        return True
    return job.rule == "train_batch" and any(
        table.parents[1] in path.parents for table in job.outputs
    )


def test_jobs_read_what_their_rules_declare(watched, studied):
    for job in watched:
        read = {path for path in job.read if path.parts[0] not in NO_DATA and not own(job, path)}
        read = {path for path in read if not studied.path(str(path)).is_dir()}
        # Settings are for Snakemake alone.
        assert read == {path for path in job.inputs if path.parts[0] not in NO_DATA}, job.rule


def test_jobs_write_files_whole_and_what_their_rules_declare(watched):
    for job in watched:
        for path in {path for path in job.written if path.parts[0] not in NO_DATA}:
            # Lines of times are added one by one: nothing is made from them.
            assert whole(path) != path or path.parent.name == "seconds", path
            assert own(job, path), path


def test_jobs_use_the_code_that_their_stages_record(watched, studied):
    package = Path("src/phase_diagram")
    unrecorded = {}
    for job in watched:
        stage = STAGE_OF.get(job.rule, job.rule)
        recorded = json.loads(studied.path(f"{CODE}/{stage}.json").read_text())
        # Packages themselves hold no code.
        modules = {path.relative_to(package) for path in job.imported if path.stem != "__init__"}
        assert len(modules) > 4
        unrecorded[job.rule] = {path.as_posix() for path in modules} - set(recorded)
    assert not {rule: names for rule, names in unrecorded.items() if names}
