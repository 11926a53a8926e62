"""What jobs open against what their rules and stages declare: every input, and nothing else."""

import re
from pathlib import Path

import pytest
import yaml
from opened_files import Process, watch
from small_parameters import STUDIES
from small_project import ROOT, Project

from phase_diagram.workflow import plan

pytestmark = pytest.mark.slow

CODE = ("src", "workflow")
STAGE_OF = {"train_batch": "train", "collect": "train", "draw_experiment": "figures"}
# Jobs hash the results of the stages before, to refuse what does not fit (provenance.py). Nothing
# is made from those bytes, and here they would hide what is.
UNCHECKED = "\n\ndef refuse_others(origins, *, complete): pass\n"


def project_to_watch(folder: Path) -> Project:
    project = Project.create(folder)
    project.add_studies()
    with project.path("src/phase_diagram/files/records.py").open("a") as file:
        file.write(UNCHECKED)
    return project


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> tuple[Project, list[Process]]:
    """Give a project with a study of each kind, and the processes of its first run."""
    folder = tmp_path_factory.mktemp("watched")
    project = project_to_watch(folder / "with space")
    ended, processes = watch(project, folder / "files", "snakemake", "--cores", "2")
    assert ended.code == 0, ended.text
    jobs = [process for process in processes if process.job]
    # 4 experiments in 3 + 1 + 1 + 1 batches, 7 studies, a page.
    assert len(jobs) == 4 * 6 + 6 + 2 * len(STUDIES) + 1
    return project, jobs


def within(project: Project, paths: list[str]) -> set[Path]:
    return {Path(path).relative_to(project.folder) for path in paths}


def data(paths: set[Path], project: Project) -> set[Path]:
    """Leave out code, what is Snakemake's own, and folders."""
    return {
        path
        for path in paths
        if path.parts[0] not in (*CODE, ".snakemake") and not project.path(str(path)).is_dir()
    }


def whole(path: Path) -> Path:
    """Give the file that a temporary one becomes (atomic.py)."""
    found = re.fullmatch(r"\.(.+)\.[0-9a-f]{8}\.partial(\.\w+)?", path.name)
    return path.with_name(found[1]) if found else path


def own_folder(job: dict, project: Project) -> Path | None:
    """Name the folder in which a job of training keeps its networks."""
    if job["rule"] != "train_batch":
        return None
    (table,) = within(project, [path for path in job["outputs"] if "/batches/" in path])
    return table.parents[1]


def test_jobs_read_what_their_rules_declare(watched):
    project, jobs = watched
    for process in jobs:
        job = process.job
        declared = within(project, job["inputs"])
        own = within(project, job["outputs"])
        folder = own_folder(job, project)
        read = {whole(path) for path in data(process.read, project)} - own
        read = {path for path in read if folder is None or folder not in path.parents}
        # Settings are Snakemake's own here, records are read by the check that is left out.
        declared = {path for path in declared if path.parts[0] != ".snakemake"}
        assert read == {path for path in declared if path.parent.name != "made_from"}, job


def test_jobs_use_the_code_that_their_rules_hash(watched):
    for process in watched[1]:
        rule = process.job["rule"]
        stage = STAGE_OF.get(rule, rule)
        hashed = {path.relative_to(ROOT) for path in plan.sources(stage)}
        assert len(process.imported) > 5
        assert process.imported <= hashed, rule


def test_all_writing_is_atomic_and_declared(watched):
    project, jobs = watched
    for process in jobs:
        declared = within(project, process.job["outputs"])
        folder = own_folder(process.job, project)
        for path in process.written:
            if path.parts[0] == ".snakemake":
                continue
            # Lines of times are added one by one: nothing is made from them.
            assert whole(path) != path or path.parent.name == "seconds", path
            mine = folder is not None and folder in path.parents
            assert mine or whole(path) in declared, path


def test_stages_of_dvc_depend_on_all_that_they_use(tmp_path):
    project = project_to_watch(tmp_path / "with space")
    assert project.run("git", "init", "-q").code == 0
    targets = ("figures@wave", "draw_portraits@line", "draw_local_slopes@four_points")
    ended, processes = watch(project, tmp_path / "files", "dvc", "repro", *targets)
    assert ended.code == 0, ended.text
    stages = yaml.safe_load(project.path("dvc.lock").read_text())["stages"]
    assert set(ended.stages) == set(stages)
    seen = set()
    for process in processes:
        target = next(
            (word for word in process.command if word.startswith(("data/", "results/"))), None
        )
        if target is None or "--snakefile" not in process.command:
            continue
        (name,) = [
            name
            for name, stage in stages.items()
            if any(out["path"] == target for out in stage["outs"])
        ]
        seen.add(name)
        watched = {Path(dep["path"]) for dep in stages[name]["deps"]}
        rules = {path for path in process.read if path.suffix == ".smk"}
        assert rules
        unwatched = {
            path for path in process.imported | rules if not watched & {path, *path.parents}
        }
        # The plan tells where networks are stored, and of no stage but training does it matter.
        assert not unwatched - {path.relative_to(ROOT) for path in plan.sources("train")}, name
    assert seen == set(stages)
