"""`phase-diagram point`: what it trains and what it reports."""

import math

import pytest
from commands import POINT, WIDTHS, measured

from phase_diagram.cli.main import main
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training


def test_point_reports_each_width(capsys, training):
    found = measured(capsys, *POINT, *WIDTHS, "--seeds", "3")
    assert list(found) == [
        *("dataset", "activation", "method", "quadrature", "first_rate", "step_limit"),
        *("gamma", "gamma_prime", "rows"),
        *("slope", "slope_standard_error", "theory"),
    ]
    assert (found["dataset"], found["activation"]) == ("four_points", "relu")
    assert found["method"] == "gradient_flow"
    assert [found[key] for key in ("quadrature", "first_rate", "step_limit")] == [None] * 3
    assert (found["gamma"], found["gamma_prime"]) == (0.75, -0.25)
    assert [row["width"] for row in found["rows"]] == [100, 1000]
    row = found["rows"][1]
    one = 2.0 * 1000**-0.25
    assert row["rd"] == pytest.approx(1.01 * one)
    assert row["rd_standard_error"] == pytest.approx(0.01 * one / math.sqrt(3))
    assert row["condensation"] == pytest.approx(0.26)
    assert row["condensation_standard_error"] == pytest.approx(0.01 / math.sqrt(3))
    assert (row["loss"], row["steps"]) == (pytest.approx(2e-7), 11.0)
    assert (row["seconds"], row["statuses"]) == (0.5, {"converged": 3})
    assert found["slope"] == pytest.approx(-0.25)
    assert 0.0 < found["slope_standard_error"] < 0.01
    assert found["theory"] == pytest.approx(-0.25)


def test_another_activation(capsys, training):
    found = measured(capsys, *POINT, *WIDTHS, "--activation", "leaky_relu")
    assert training.chosen.activation == found["activation"] == "leaky_relu"
    assert found["theory"] == pytest.approx(-0.25)
    assert measured(capsys, *POINT, *WIDTHS, "--activation", "tanh")["theory"] is None
    assert main(["point", *POINT[1:], *WIDTHS, "--activation", "tanh"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "gradient_flow, tanh" in told
    assert "There is no prediction for tanh" in told
    assert "(linear)" not in told


def test_point_trains_what_was_asked_for(capsys, training):
    descent = ["--method", "gradient_descent", "--first-rate", "2", "--step-limit", "30000"]
    found = measured(capsys, *POINT, *WIDTHS, "--seeds", "2", "--tolerance", "1e-7", *descent)
    assert training.problem.name == "four_points"
    assert training.networks == [
        sweep.Network(0.75, -0.25, width, seed) for width in (100, 1000) for seed in (0, 1)
    ]
    assert training.chosen == Training(
        "gradient_descent", tolerance=1e-7, first_rate=2.0, step_limit=30000
    )
    assert training.options == {"device": None}
    assert (found["first_rate"], found["step_limit"]) == (2.0, 30000)


def test_quadrature_stands_for_any_width(capsys, training):
    """Widths beyond the integers of numpy, written with an exponent."""
    widths = ["--width", "1e23", "--width", "1.0e+18", "--width", "1000"]
    found = measured(capsys, *POINT, *widths, "--quadrature", "64", "--seeds", "2")
    assert training.chosen == Training(tolerance=1e-6, quadrature=64)
    assert found["quadrature"] == 64
    assert [row["width"] for row in found["rows"]] == [10**23, 10**18, 1000]
    assert {network.width for network in training.networks} == {10**23, 10**18, 1000}
    assert found["slope"] == pytest.approx(-0.25)
    assert main([*POINT, *widths, "--quadrature", "64"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "64 quadrature neurons" in told and "1e+23" in told


def test_mnist_has_the_tolerance_of_the_paper_by_default(capsys, training, monkeypatch):
    from phase_diagram.cli import measurement
    from phase_diagram.datasets.four_points import four_points

    monkeypatch.setattr(measurement, "load", lambda name: four_points())
    mnist = ["point", "--dataset", "mnist", "--gamma", "1", "--gamma-prime", "0"]
    measured(capsys, *mnist, "--width", "100")
    assert training.chosen.tolerance == 1e-4


def test_one_network_has_no_slope_and_no_standard_error(capsys, training):
    found = measured(capsys, *POINT, "--width", "100", "--seeds", "1")
    assert found["slope"] is found["slope_standard_error"] is None
    assert found["rows"][0]["rd_standard_error"] is None


def test_only_converged_networks_count(capsys, training):
    training.endings = {(1000, 0): "diverged", (1000, 1): "step_limit"}
    found = measured(capsys, *POINT, *WIDTHS, "--seeds", "3")
    row = found["rows"][1]
    assert row["statuses"] == {"converged": 1, "diverged": 1, "step_limit": 1}
    assert row["rd"] == pytest.approx(2.0 * 1000**-0.25 * 1.02)
    assert row["loss"] is None  # the mean of a loss that is infinite
    assert found["slope"] is not None


def test_without_a_converged_network_there_is_no_rd(capsys, training):
    training.endings = {(100, 0): "diverged", (1000, 0): "step_limit"}
    found = measured(capsys, *POINT, *WIDTHS, "--seeds", "1")
    assert [row["rd"] for row in found["rows"]] == [None, None]
    assert found["slope"] is None
    assert main([*POINT, *WIDTHS, "--seeds", "1"]) == 0
    assert "1 step_limit" in capsys.readouterr().out


def test_point_as_a_table_with_its_progress_elsewhere(capsys, training):
    assert main([*POINT, *WIDTHS, "--seeds", "3"]) == 0
    captured = capsys.readouterr()
    assert "3 converged" in captured.out
    assert "slope S_w = -0.25" in captured.out
    assert "of 6 networks" not in captured.out
    assert "6 of 6 networks" in captured.err


def test_a_csv_of_the_user(capsys, training, tmp_path):
    path = tmp_path / "mine [red].csv"
    path.write_text("x1,x2,y\n0,1,2\n1,0,3\n")
    arguments = ["point", "--dataset", str(path), "--gamma", "1", "--gamma-prime", "0"]
    assert main([*arguments, "--width", "100"]) == 0
    # The title is wrapped at its spaces; read as markup, the brackets would be gone.
    assert "mine [red].csv" in " ".join(capsys.readouterr().out.split())
    assert training.problem.inputs.tolist() == [[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]


def test_point_for_real(capsys):
    # A linear and a condensed point: the signs of S_w are the paper's first claim.
    for gamma, sign in (("0.6", -1.0), ("1.75", 1.0)):
        found = measured(
            capsys,
            *("point", "--dataset", "four_points", "--gamma", gamma, "--gamma-prime", "0"),
            *("--width", "100", "--width", "400", "--seeds", "2", "--device", "cpu"),
        )
        assert [row["statuses"] for row in found["rows"]] == [{"converged": 2}] * 2
        assert all(0.0 < row["loss"] <= 0.5e-6 for row in found["rows"])
        assert found["slope"] * sign > 0.0


def test_infinite_width_for_real(capsys):
    """The exponent itself, which no width that can be stored shows (docs/theory.md section 5)."""
    found = measured(
        capsys,
        *("point", "--dataset", "four_points", "--gamma", "1.25", "--gamma-prime", "0.5"),
        *("--width", "1e18", "--width", "1e20", "--quadrature", "128", "--seeds", "1"),
    )
    assert found["slope"] == pytest.approx(found["theory"], abs=1e-3)


@pytest.mark.parametrize(
    ("slope", "error", "said"),
    [
        (-0.4, 0.01, "S_w < 0: wider networks move their input weights less"),
        (0.4, 0.01, "S_w > 0: wider networks move their input weights more"),
        (0.4, 0.3, "S_w is about zero"),
        (0.01, 0.001, "S_w is about zero"),
        (0.4, None, "takes three networks or more"),
        (None, None, "give --width twice or more"),
    ],
)
def test_point_says_what_the_slope_means(slope, error, said):
    from phase_diagram.cli import measurement

    sentence = measurement._meaning({"slope": slope, "slope_standard_error": error})
    assert said in sentence
    assert len(sentence) < 80  # a line of a terminal
