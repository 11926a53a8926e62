"""The table of stages against the modules whose tables and figures it repeats."""

from importlib import import_module

import pytest

from phase_diagram.parameters import studies as parameters_studies
from phase_diagram.workflow import plan, stages


def test_there_are_stages_for_every_kind_of_studies():
    assert list(stages.KINDS) == list(parameters_studies.KINDS)


@pytest.mark.parametrize("kind", stages.KINDS)
def test_tables_figures_and_inputs_are_those_of_the_modules(kind):
    measuring = import_module(f"phase_diagram.studies.{kind}")
    drawing = import_module(f"phase_diagram.figures.{kind}")
    assert tuple(measuring.TABLES) == stages.KINDS[kind].tables
    assert stages.KINDS[kind].figures == drawing.FIGURES
    keys = set(parameters_studies.KINDS[kind].model_fields)
    assert all(key == "problem" or key in keys for key in stages.KINDS[kind].inputs)


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


@pytest.mark.parametrize("kind", stages.KINDS)
def test_a_kind_is_decided_by_its_own_modules(kind):
    measured = {path.as_posix() for path in plan.sources(f"measure_{kind}")}
    drawn = {path.as_posix() for path in plan.sources(f"draw_{kind}")}
    assert any(path.endswith(f"phase_diagram/studies/{kind}.py") for path in measured)
    assert any(path.endswith(f"phase_diagram/figures/{kind}.py") for path in drawn)
    # Not by those of other kinds, and figures are drawn from tables alone.
    for other in set(stages.KINDS) - {kind}:
        assert not any(path.endswith(f"phase_diagram/studies/{other}.py") for path in measured)
        assert not any(path.endswith(f"phase_diagram/figures/{other}.py") for path in drawn)
    assert not any(path.endswith("phase_diagram/sweep.py") for path in drawn)
    assert not any("phase_diagram/figures/" in path for path in measured)
