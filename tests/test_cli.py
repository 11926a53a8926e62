"""The command line: what it prints, where, and how it ends."""

import json
import math
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from phase_diagram import cli, sweep
from phase_diagram.datasets import Problem

POINT = ["point", "--dataset", "four_points", "--gamma", "0.75", "--gamma-prime", "-0.25"]
WIDTHS = ["--width", "100", "--width", "1000"]


class Training:
    """Stands in for sweep.train: RD = 2 m^-0.25 (1 + seed / 100), finished in reverse order."""

    def __init__(self) -> None:
        self.problem: Problem
        self.networks: list[sweep.Network] = []
        self.options: dict[str, Any] = {}
        self.endings: dict[tuple[int, int], str] = {}  # (width, seed) -> status

    def __call__(
        self, problem: Problem, networks: Sequence[sweep.Network], **options: Any
    ) -> Iterator[sweep.Result]:
        self.problem, self.networks, self.options = problem, list(networks), options
        print("a library that chats on standard output")
        for network in reversed(self.networks):
            status = self.endings.get((network.width, network.seed), "converged")
            rd = 2.0 * network.width**-0.25 * (1.0 + network.seed / 100)
            lost = status == "diverged"
            yield sweep.Result(
                network=network,
                rd=math.nan if lost else rd,
                loss=math.inf if lost else 1e-7 * (1 + network.seed),
                steps=10 + network.seed,
                evaluations=30,
                time_normalised=1.0,
                status=status,
                seconds=0.5,
            )


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Training:
    fake = Training()
    monkeypatch.setattr(sweep, "train", fake)
    return fake


def measured(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run a command with --json and parse strictly all that it wrote on standard output."""
    assert cli.main([*arguments, "--json"]) == 0

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    found = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert isinstance(found, dict)
    return found


def errors(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Run a command that must fail with exit code 2, and give its lines on standard error."""
    assert cli.main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert lines
    assert all(line.startswith("error: ") for line in lines)
    return [line.removeprefix("error: ") for line in lines]


# check


def test_check_accepts_the_committed_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])
    assert cli.main(["check"]) == 0
    assert "four_points: 16 x 21 = 336 points" in capsys.readouterr().out


def test_check_tells_every_fault(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "experiments:\n  a: {dataset: mnist, gamma: [], gamma_prime: [0], widths: [9, -5]}\n"
    )
    assert [line.split(": ")[:2] for line in errors(capsys, "check", str(path))] == [
        ["experiments.a.gamma", "[]"],
        ["experiments.a.widths[1]", "-5"],
    ]
    assert list(tmp_path.iterdir()) == [path]


def test_check_names_a_missing_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "absent.yaml"
    (line,) = errors(capsys, "check", str(path))
    assert line == f"{path}: No such file or directory: must be a readable YAML file"


# locate


def test_locate_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    found = measured(capsys, "locate", "--name", "glorot", "--width", "1000", "--dimension", "784")
    assert found["name"] == "xavier"
    assert found["kappa"] == pytest.approx(math.sqrt(4 / (1001 * 1784)))
    assert found["kappa_prime"] == pytest.approx(math.sqrt(1784 / 1001))
    assert found["gamma"] == pytest.approx(-math.log(found["kappa"], 1000))
    assert found["gamma_prime"] == pytest.approx(-math.log(found["kappa_prime"], 1000))
    assert found["regime"] == "linear"
    assert found["exponent"] == pytest.approx(found["gamma"] - 1.0)
    limit = {"gamma": 1.0, "gamma_prime": 0.0, "regime": "critical", "exponent": 0.0}
    assert found["limit"] == limit


def test_locate_scales(capsys: pytest.CaptureFixture[str]) -> None:
    scales = ["--alpha", "1e6", "--beta1", "1", "--beta2", "1", "--width", "1000"]
    found = measured(capsys, "locate", *scales)
    assert (found["gamma"], found["gamma_prime"]) == pytest.approx((2.0, 0.0))
    assert (found["regime"], found["exponent"]) == ("condensed", pytest.approx(0.5))
    assert found["limit"] is None


def test_locate_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["locate", "--name", "ntk", "--width", "10000"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["kappa", "0.01"] in rows
    assert ["gamma", "0.5", "0.5"] in rows
    assert ["regime", "linear", "linear"] in rows
    assert ["exponent", "-0.5", "-0.5"] in rows


@pytest.mark.parametrize(
    ("arguments", "faults"),
    [
        (
            ["--width", "1", "--name", "foo"],
            [
                "--name: 'foo': must be one of lecun, he, ntk, xavier, mean_field, e_et_al, glorot",
                "--width: 1: must be an integer of at least 2",
            ],
        ),
        (
            ["--width", "9", "--alpha", "nan", "--beta1", "0", "--beta2", "1"],
            [
                "--alpha: nan: must be a finite number above 0",
                "--beta1: 0.0: must be a finite number above 0",
            ],
        ),
        (
            ["--width", "9", "--beta1", "1"],
            ["--alpha, --beta2: missing: must be given, or --name instead of all three"],
        ),
        (
            ["--width", "9", "--name", "ntk", "--alpha", "3"],
            ["--alpha: 3.0: must be left out beside --name"],
        ),
        (
            ["--width", "9", "--name", "he"],
            ["--dimension: missing: he needs an integer of at least 1"],
        ),
        (
            ["--width", "9", "--alpha", "1e-300", "--beta1", "1e300", "--beta2", "1"],
            ["kappa: inf: must be above 0 and finite; choose less extreme scales or exponents"],
        ),
    ],
)
def test_locate_refuses(
    capsys: pytest.CaptureFixture[str], arguments: list[str], faults: list[str]
) -> None:
    assert errors(capsys, "locate", *arguments) == faults


# point


def test_point_reports_each_width(capsys: pytest.CaptureFixture[str], training: Training) -> None:
    found = measured(capsys, *POINT, *WIDTHS, "--seeds", "3")
    assert list(found) == [
        *("dataset", "method", "gamma", "gamma_prime", "rows"),
        *("slope", "slope_standard_error", "theory"),
    ]
    assert (found["dataset"], found["method"]) == ("four_points", "gradient_flow")
    assert (found["gamma"], found["gamma_prime"]) == (0.75, -0.25)
    assert [row["width"] for row in found["rows"]] == [100, 1000]
    row = found["rows"][1]
    one = 2.0 * 1000**-0.25
    assert row["rd"] == pytest.approx(1.01 * one)
    assert row["rd_standard_error"] == pytest.approx(0.01 * one / math.sqrt(3))
    assert (row["loss"], row["steps"]) == (pytest.approx(2e-7), 11.0)
    assert (row["seconds"], row["statuses"]) == (0.5, {"converged": 3})
    assert found["slope"] == pytest.approx(-0.25)
    assert 0.0 < found["slope_standard_error"] < 0.01
    assert found["theory"] == pytest.approx(-0.25)


def test_point_trains_what_was_asked_for(
    capsys: pytest.CaptureFixture[str], training: Training
) -> None:
    measured(capsys, *POINT, *WIDTHS, "--seeds", "2", "--method", "gradient_descent")
    assert training.problem.name == "four_points"
    assert training.networks == [
        sweep.Network(0.75, -0.25, width, seed) for width in (100, 1000) for seed in (0, 1)
    ]
    assert training.options == {"method": "gradient_descent", "tolerance": 1e-6, "device": None}


@pytest.mark.parametrize(("arguments", "tolerance"), [([], 1e-4), (["--tolerance", "1e-7"], 1e-7)])
def test_mnist_has_the_tolerance_of_the_paper_by_default(
    capsys: pytest.CaptureFixture[str],
    training: Training,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    tolerance: float,
) -> None:
    from phase_diagram import datasets

    four_points = datasets.load("four_points")
    monkeypatch.setattr(datasets, "load", lambda name: four_points)
    mnist = ["point", "--dataset", "mnist", "--gamma", "1", "--gamma-prime", "0"]
    measured(capsys, *mnist, "--width", "100", *arguments)
    assert training.options["tolerance"] == tolerance


def test_one_width_has_no_slope(capsys: pytest.CaptureFixture[str], training: Training) -> None:
    found = measured(capsys, *POINT, "--width", "100")
    assert found["slope"] is None
    assert found["slope_standard_error"] is None


def test_one_seed_has_no_standard_error(
    capsys: pytest.CaptureFixture[str], training: Training
) -> None:
    found = measured(capsys, *POINT, "--width", "100", "--seeds", "1")
    assert found["rows"][0]["rd_standard_error"] is None


def test_only_converged_networks_count(
    capsys: pytest.CaptureFixture[str], training: Training
) -> None:
    training.endings = {(1000, 0): "diverged", (1000, 1): "step_limit"}
    found = measured(capsys, *POINT, *WIDTHS, "--seeds", "3")
    row = found["rows"][1]
    assert row["statuses"] == {"converged": 1, "diverged": 1, "step_limit": 1}
    assert row["rd"] == pytest.approx(2.0 * 1000**-0.25 * 1.02)
    assert row["loss"] is None  # the mean of a loss that is infinite
    assert found["slope"] is not None


def test_without_a_converged_network_there_is_no_rd(
    capsys: pytest.CaptureFixture[str], training: Training
) -> None:
    training.endings = {(100, 0): "diverged", (1000, 0): "step_limit"}
    found = measured(capsys, *POINT, *WIDTHS, "--seeds", "1")
    assert [row["rd"] for row in found["rows"]] == [None, None]
    assert found["slope"] is None
    assert cli.main([*POINT, *WIDTHS, "--seeds", "1"]) == 0
    assert "1 step_limit" in capsys.readouterr().out


def test_point_as_a_table_with_its_progress_elsewhere(
    capsys: pytest.CaptureFixture[str], training: Training
) -> None:
    assert cli.main([*POINT, *WIDTHS, "--seeds", "3"]) == 0
    captured = capsys.readouterr()
    assert "3 converged" in captured.out
    assert "slope S_w = -0.25" in captured.out
    assert "networks" not in captured.out
    assert "6 of 6 networks" in captured.err


def test_a_csv_of_the_user(
    capsys: pytest.CaptureFixture[str], training: Training, tmp_path: Path
) -> None:
    path = tmp_path / "mine [red].csv"
    path.write_text("x1,x2,y\n0,1,2\n1,0,3\n")
    arguments = ["point", "--dataset", str(path), "--gamma", "1", "--gamma-prime", "0"]
    assert cli.main([*arguments, "--width", "100"]) == 0
    # The title is wrapped at its spaces; read as markup, the brackets would be gone.
    assert "mine [red].csv" in " ".join(capsys.readouterr().out.split())
    assert training.problem.inputs.tolist() == [[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]
    path.write_text("x1,x2,y\n0,1,two\n")
    capsys.readouterr()
    (line,) = errors(capsys, *arguments, "--width", "100")
    assert str(path) in line
    assert "'two'" in line


def test_point_tells_every_fault(capsys: pytest.CaptureFixture[str], training: Training) -> None:
    lines = errors(
        capsys,
        *("point", "--dataset", "cifar", "--gamma", "nan", "--gamma-prime", "inf"),
        *("--width", "1", "--width", "100", "--width", "100", "--seeds", "0"),
        *("--method", "sgd", "--tolerance", "-1", "--device", "tpu"),
    )
    assert [line.split(": ")[:2] for line in lines] == [
        ["--dataset", "'cifar'"],
        ["--gamma", "nan"],
        ["--gamma-prime", "inf"],
        ["--width", "1"],
        ["--width", "100"],
        ["--seeds", "0"],
        ["--method", "'sgd'"],
        ["--tolerance", "-1.0"],
        ["--device", "'tpu'"],
    ]
    assert training.networks == []


@pytest.mark.parametrize(
    "failure", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")]
)
def test_networks_too_large_for_the_memory(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*arguments: Any, **options: Any) -> Iterator[sweep.Result]:
        raise failure

    monkeypatch.setattr(sweep, "train", fail)
    (line,) = errors(capsys, *POINT, "--width", "1000000000")
    assert line.startswith("--width: 1000000000: must be smaller")


def test_other_failures_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **options: Any) -> Iterator[sweep.Result]:
        raise RuntimeError("a fault of the program")

    monkeypatch.setattr(sweep, "train", fail)
    with pytest.raises(RuntimeError, match="a fault of the program"):
        cli.main([*POINT, "--width", "100"])


def test_ctrl_c_ends_with_130_and_a_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: Any, **options: Any) -> Iterator[sweep.Result]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(sweep, "train", interrupt)
    assert cli.main([*POINT, "--width", "100", "--json"]) == 130
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1] == "error: interrupted"
    assert "Traceback" not in captured.err


def test_point_for_real(capsys: pytest.CaptureFixture[str]) -> None:
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


# The command line as such


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["point"], "Missing option '--dataset'"),
        (["check", "--loud"], "No such option"),
        (["locate", "--width", "ten", "--name", "ntk"], "Invalid value for '--width'"),
        (["locate", "--width", "10.5", "--name", "ntk"], "Invalid value for '--width'"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], fault: str
) -> None:
    (line,) = errors(capsys, *arguments)
    assert line.startswith(fault)
    assert line.endswith("--help)")


@pytest.mark.parametrize("command", [[], ["check"], ["locate"], ["point"]])
def test_help_gives_an_example(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert cli.main([*command, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"\n{' ' * (4 if command else 2)}phase-diagram {' '.join(command)}" in text


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("phase-diagram 0.")


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["locate", "--name", "ntk", "--width", "100"], ["check", "params.yaml"]],
)
def test_light_commands_import_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from phase_diagram.cli import main; "
        f"code = main({arguments!r}); "
        "heavy = {'torch', 'pandas', 'scipy', 'matplotlib'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else code)"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_console_script_passes_the_exit_code_on(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("phase-diagram")
    done = subprocess.run(
        [script, "check"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    reason = "No such file or directory: must be a readable YAML file"
    assert done.stderr == f"error: params.yaml: {reason}\n"
