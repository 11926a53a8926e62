"""The table of stages against the modules that it names, and against their imports."""

from functools import cache
from importlib import import_module

import grimp
import pytest

from phase_diagram.files.hashes import PACKAGE, code_sha256
from phase_diagram.parameters import studies as parameters_studies
from phase_diagram.sweeps import fingerprint
from phase_diagram.workflow import stages

# Each job's module is found by its name: by the script of its rule, which nobody imports.
ALSO_FOUND_BY_NAME = {
    **{f"measure_{kind}": f"studies.{kind}" for kind in stages.KINDS},
    **{f"draw_{kind}": f"figures.{kind}" for kind in stages.KINDS},
}


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(PACKAGE.name, exclude_type_checking_imports=True, cache_dir=None)


def used(*modules: str) -> set[str]:
    """Name the files that modules import, directly or not, as code_sha256 names them.

    Not packages themselves: they are empty but for a docstring.
    """
    names = {f"{PACKAGE.name}.{module}" for module in modules}
    names |= {other for name in names for other in imports().find_upstream_modules(name)}
    paths = {name.partition(".")[2].replace(".", "/") for name in names}
    return {f"{path}.py" for path in paths if (PACKAGE / f"{path}.py").is_file()}


def roots(stage: stages.Stage) -> list[str]:
    jobs = [
        f"workflow.jobs.{path[14:-3]}"
        for path in stage.sources
        if path.startswith("workflow/jobs/")
    ]
    return [*jobs, *filter(None, [ALSO_FOUND_BY_NAME.get(stage.key)])]


@pytest.mark.parametrize("key", stages.STAGES)
def test_sources_are_what_a_job_imports(key):
    stage = stages.STAGES[key]
    needed, declared = used(*roots(stage)), set(code_sha256(*stage.sources))
    assert not needed - declared, "add these to the sources of the stage"
    unused = {place for place in stage.sources if not needed & set(code_sha256(place))}
    assert not unused, "take these out of the sources of the stage"


def test_training_is_fingerprinted_by_all_that_decides_it():
    apart = ("datasets/", "errors.py", "files/", "sweeps/")
    needed = {name for name in used("sweeps.sweep") if not name.startswith(apart)}
    assert needed <= set(code_sha256(*fingerprint.CODE))


@pytest.mark.parametrize("kind", stages.KINDS)
def test_tables_figures_and_inputs_are_those_of_the_modules(kind):
    measuring = import_module(f"phase_diagram.studies.{kind}")
    drawing = import_module(f"phase_diagram.figures.{kind}")
    assert tuple(measuring.TABLES) == stages.KINDS[kind].tables
    assert stages.KINDS[kind].figures == drawing.FIGURES
    keys = set(parameters_studies.KINDS[kind].model_fields)
    assert all(key == "problem" or key in keys for key in stages.KINDS[kind].inputs)


def test_there_are_stages_for_every_kind_of_studies():
    assert list(stages.KINDS) == list(parameters_studies.KINDS)


def test_no_two_stages_make_the_same_file():
    # Whatever the names: no figure's name is the end of another's.
    made = [
        path
        for stage in stages.STAGES.values()
        for path in (*stage.outputs.values(), stage.made_from)
    ]
    assert len(set(made)) == len(made)
    figures = [path.split("}_")[1] for path in made if path.startswith("results/figures/")]
    assert not [(one, other) for one in figures for other in figures if one.endswith(f"_{other}")]
