"""This workflow as a module of another: it writes below the prefix and changes nothing else."""

from pathlib import Path

import pytest
from small_parameters import PARAMETERS, WAVE
from small_project import Project

pytestmark = pytest.mark.slow

SNAKEFILE = """
import sys

before = sys.executable, dict(config)


module pd:
    snakefile: {workflow}
    {prefix}
    config: {{"params": "params.yaml"}}


use rule * from pd as pd_*


assert (sys.executable, dict(config)) == before


rule everything:
    default_target: True
    input:
        rules.pd_all.input,
"""


def files(project: Project) -> set[Path]:
    found = (path.relative_to(project.folder) for path in project.folder.rglob("*"))
    return {path for path in found if path.parts[0] != ".snakemake"}


def importing(project: Project, source: Project, workflow: str, prefix: str) -> None:
    """Write a workflow that imports this one, below a prefix, for one experiment."""
    project.environment["PYTHONPATH"] = str(source.path("src"))
    project.path("data").mkdir(parents=True)
    project.path("data/wave.csv").write_text(WAVE)
    small = {**PARAMETERS["experiments"]["wave"], "dataset": "data/wave.csv", "seeds": 1}
    project.write_parameters({"experiments": {"wave": small}, "figures": PARAMETERS["figures"]})
    text = SNAKEFILE.format(workflow=workflow, prefix=f'prefix: "{prefix}"' if prefix else "")
    project.path("Snakefile").write_text(text)


def test_a_local_path_is_imported_below_a_prefix(tmp_path):
    source = Project.create(tmp_path / "with space")
    workflow, project = repr(str(source.path("workflow/Snakefile"))), Project(tmp_path / "other")
    importing(project, source, workflow, "sub")
    before = files(project)
    ended = project.complete("--config", "own=1")
    jobs = ("prepare", "train_batch", "collect", "fit", "draw_experiment", "views", "pack", "page")
    assert ended.jobs == {"everything": 1, **{f"pd_{job}": 1 for job in jobs}}
    made = files(project) - before
    assert all(Path("sub") in (path, *path.parents) for path in made)
    assert project.path("sub/results/figures/wave_exponents.pdf").exists()
    assert "Nothing to be done" in project.snakemake("--dry-run", "--config", "own=1").text


def test_it_is_imported_from_git(tmp_path):
    """By Snakemake's `github`; git is told that a folder here is that host."""
    source = Project.create(tmp_path / "github" / "someone" / "phase_diagram")
    source.commit()
    assert source.run("git", "tag", "v1").code == 0
    project = Project(tmp_path / "other")
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[url "{tmp_path}/github/"]\n\tinsteadOf = https://github.com/\n')
    project.environment["GIT_CONFIG_GLOBAL"] = str(settings)
    project.environment["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    workflow = 'github("someone/phase_diagram", path="workflow/Snakefile", tag="v1")'
    importing(project, source, workflow, "")
    before = files(project)
    # Rules and scripts are found there: the jobs up to training will do.
    ended = project.complete("pd_train")
    assert ended.jobs == {f"pd_{job}": 1 for job in ("prepare", "train_batch", "collect", "train")}
    roots = {Path("results"), Path("data/prepared")}
    assert all(roots & {path, *path.parents} for path in files(project) - before)
    assert project.path("results/wave/sweep.csv").exists()
    assert "Nothing to be done" in project.snakemake("pd_train", "--dry-run").text
