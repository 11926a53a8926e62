"""Which parameters concern which stages, by the table of stages itself."""

import pytest
import yaml
from small_parameters import PARAMETERS, STUDIED, STUDIES, WAVE
from small_project import Project

from phase_diagram.parameters.params_yaml import load
from phase_diagram.workflow.plan import Plan, Run

EXPERIMENTS = (*PARAMETERS["experiments"], *STUDIED)
TRAINED = {"train", "views"}


def of(experiment: str, *stages: str) -> set[Run]:
    return {(stage, experiment) for stage in stages}


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    """Give parameters with a study of each kind, without code or results."""
    project = Project(tmp_path)
    (tmp_path / "data/user").mkdir(parents=True)
    (tmp_path / "data/user/wave.csv").write_text(WAVE)
    monkeypatch.chdir(tmp_path)
    project.write_parameters(PARAMETERS)
    project.add_studies()
    return project


def sections() -> dict[Run, str]:
    plan = Plan(load("params.yaml"))
    return {run: yaml.safe_dump(plan.section(*run)) for run in plan.runs()}


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("studies.initialisations.paper.width", 200, of("paper", "measure_initialisations")),
        ("studies.portraits.line.seed", 1, of("line", "measure_portraits")),
        (
            "studies.relative_distances.four_points.points",
            [[1.0, 0.25]],
            of("four_points", "measure_relative_distances"),
        ),
        ("studies.scales.four_points.seeds", 1, of("four_points", "measure_scales")),
        ("studies.kernels.four_points.widths", [9, 30], of("four_points", "measure_kernels")),
        (
            "studies.local_slopes.four_points.points",
            [[1.0, 0.25]],
            of("four_points", "measure_local_slopes"),
        ),
        (
            "experiments.four_points.tolerance",
            1e-5,
            of("four_points", *TRAINED, "measure_scales", "measure_kernels")
            | of("line", "measure_portraits"),
        ),
        ("experiments.four_points.gamma", [0.75, 1.0, 1.5, 1.75], of("four_points", *TRAINED)),
        # Views are of the smallest width, of one network each.
        ("experiments.four_points.seeds", 3, of("four_points", "train")),
        ("experiments.wave.widths", [50, 70, 100], of("wave", "train")),
        ("experiments.wave.widths", [40, 100], of("wave", *TRAINED)),
        ("experiments.wave.activation", "tanh", of("wave", *TRAINED)),
        ("experiments.limit.quadrature", 128, of("limit", *TRAINED)),
        ("experiments.descent.step_limit", 900, of("descent", *TRAINED)),
        ("experiments.descent.first_rate", 1.5, of("descent", *TRAINED)),
        ("experiments.four_points.points_per_job", 1, set()),
        ("datasets.mnist_images", 4, set()),
        (
            "figures.dpi",
            70,
            {
                ("page", "explorer"),
                *(("figures", name) for name in EXPERIMENTS),
                *((f"draw_{kind}", name) for kind in STUDIES for name in STUDIES[kind]),
            },
        ),
    ],
)
def test_a_parameter_concerns_what_it_decides(project, key, value, expected):
    before = sections()
    project.change(key, value)
    after = sections()
    assert {run for run in before if before[run] != after[run]} == expected


def test_the_page_depends_on_which_experiments_there_are(project):
    before = sections()
    parameters = project.parameters()
    del parameters["experiments"]["wave"]
    project.write_parameters(parameters)
    after = sections()
    assert {run for run in after if before[run] != after[run]} == {("page", "explorer")}
