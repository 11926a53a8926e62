"""Each part on a tiny configuration, its section, and the report; no time is asserted."""

import pytest

from benchmarks import (
    __main__,
    accuracy,
    cases,
    descent,
    gpu,
    gpu_stages,
    growth,
    kernels,
    report,
    solvers,
)
from benchmarks.cases import OURS, Case
from benchmarks.gpu_stages import Stage
from benchmarks.rows import Key, Row, read, runs
from phase_diagram.plane import theory

MACHINE = {"processor": "one", "cores": "2"}
POINT = (1.0, 0.0)


@pytest.fixture(scope="module")
def rows():
    """Rows of the parts that train, measured on as little as they take."""
    pytest.importorskip("torchdiffeq")
    group = descent.GROUPS[0]._replace(width=100, points=((0.5, 0.0),), limit=60.0)
    small = solvers.Group("four_points", 100, ((0.5, 0.0),), 1.0)
    return [
        *accuracy.measure(points=(POINT,), width=100),
        *descent.measure((group,)),
        *solvers.measure((small,), ("torchdiffeq dopri5",)),
        *growth.measure_widths({"four_points": (50, 100)}),
        *growth.measure_images((5, 10), width=100),
        *growth.measure_grid((1, 2), width=100),
    ]


def test_each_run_has_its_error_and_counts(rows):
    assert all("finished" in values for values in runs(rows, "solvers").values())
    for values in runs(rows, "accuracy", "descent").values():
        assert values["finished"] == 1
        assert values["rd_error"] < 0.05
        assert values["evaluations"] > 0


def test_growth_measures_what_grows(rows):
    found = runs(rows, "growth")
    assert {key.dataset for key in found} == {"four_points", "mnist_5", "mnist_10"}
    assert {values.get("networks") for values in found.values()} == {None, 1.0, 2.0}


def gpu_rows(budget):
    stage = Stage(5, 50, (0.5, 1.0), (0.0,), seeds=2, limit=60.0, sample=2, batch_size=2)
    return [row for some in gpu.measure((stage,), "cpu", budget) for row in some]


def test_gpu_code_runs_in_batches_on_the_cpu():
    rows = gpu_rows(budget=120.0)
    found = runs(rows, "gpu")
    values = found[Key("mnist_5", None, None, 50, "cpu")]
    assert values["converged"] == values["networks"] == values["asked"] == 4
    # Both have trained the sample; here by one name.
    assert {key.gamma for key in found} == {None, 0.5, 1.0}
    text = gpu.section(rows)
    assert "| 5 | 50 | 4 of 4 | 4 |" in text
    assert "0% of 2 |" in text


def test_gpu_code_is_cut_short_by_its_time():
    values = runs(gpu_rows(budget=0.0), "gpu")[Key("mnist_5", None, None, 50, "cpu")]
    assert values["networks"] < values["asked"] == 4


def test_first_networks_of_a_gpu_stage_are_a_sample_of_the_plane():
    for stage in gpu_stages.STAGES:
        chosen = stage.networks()
        assert len(set(chosen)) == stage.seeds * len(stage.gammas) * len(stage.gamma_primes)
        assert set(stage.sampled()) <= {network for network in chosen if network.seed == 0}


def test_memory_is_that_of_a_process_of_its_own():
    case = Case("four_points", *POINT, 100)
    ((key, values),) = runs(growth.measure_memory(case), "growth").items()
    assert key.width == 100
    assert 10**7 < values["peak_memory"] < 10**10


def test_ratios_are_bounds_where_descent_did_not_finish():
    group = descent.GROUPS[0]
    common = (group.dataset, *group.points[0], group.width)

    def rows_of(method, seconds, finished):
        values = {"seconds": seconds, "finished": finished, "evaluations": 10.0}
        return [Row("descent", *common, method, name, value, "") for name, value in values.items()]

    text = descent.section(
        rows_of(OURS, 0.1, 1.0)
        + rows_of(descent.AUTHORS, 30.0, 0.0)
        + rows_of(descent.AUTOMATIC, 45.0, 0.0)
    )
    assert "≥ 300 times faster than descent by hand, ≥ 450 times" in text
    assert "did not finish" in text


def test_points_cover_the_map():
    points = cases.POINTS
    assert {str(theory.wedge(*point)) for point in points} == set(theory.WEDGES)
    assert any(gamma in theory.kinks(gamma_prime) for gamma, gamma_prime in points)


def test_report_names_machine_and_parts_measured_or_not(rows):
    for found in (rows, []):
        text = report.render(found, MACHINE)
        assert "| processor | one |" in text
        assert all(report.part(name).TITLE in text for name in report.PARTS)


def test_parts_can_be_measured_alone(tmp_path, monkeypatch):
    kept = Row("solvers", "four_points", 0.5, 0.0, 10, OURS, "seconds", 1.5, "s")
    __main__.write([kept], tmp_path / "results.csv")
    row = Row("gpu", "mnist", None, None, 1000, "cuda", "networks", 3.0, "")
    monkeypatch.setattr(gpu, "measure", lambda: [row])
    monkeypatch.setattr(report, "render", lambda rows, machine: f"{len(rows)} rows")
    __main__.main(["--only", "gpu"], tmp_path)
    table = read(tmp_path / "results.csv")
    assert kept in table and row in table
    assert [one.quantity for one in table if one.row == "gpu"] == ["date", "networks"]
    assert (tmp_path / "results.md").read_text() == "3 rows"


def test_unknown_parts_are_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        __main__.main(["--only", "speed"], tmp_path)
    assert "expected some of accuracy" in capsys.readouterr().err


def test_rates_are_operations_over_seconds():
    rows = kernels.measure({(4, 2): (200,), (6, 6): (200,)})
    found = {key: values for key, values in runs(rows, "kernels").items() if key.width}
    assert len(found) == 6
    for key, values in found.items():
        assert values["rate"] == pytest.approx(values["operations"] / values["seconds"] / 1e9)
        if key.method != kernels.PRODUCTS:
            assert values["operations"] == 200 * (56 if "n = 4" in key.dataset else 180)
    assert "n = 4" in kernels.section(rows)
