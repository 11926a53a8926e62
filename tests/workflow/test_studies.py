"""The studies through Snakemake: a table and a figure of each kind."""

from importlib import import_module

import pytest
from small_parameters import STUDIES
from small_project import assert_is_drawn

from phase_diagram.files import tables

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", STUDIES)
def test_tables_and_figures_are_those_of_the_kind(studied, kind):
    measuring = import_module(f"phase_diagram.studies.{kind}")
    drawing = import_module(f"phase_diagram.figures.{kind}")
    (name,) = STUDIES[kind]
    for table, columns in measuring.TABLES.items():
        read = tables.read_csv(studied.path(f"results/studies/{kind}/{name}/{table}.csv"))
        assert tuple(read.columns) == columns
        assert len(read) > 0
    for figure in drawing.FIGURES:
        assert_is_drawn(studied, f"{name}_{figure}")
