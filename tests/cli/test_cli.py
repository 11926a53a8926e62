"""The command line as such, and `phase-diagram check`."""

import subprocess
import sys
from pathlib import Path

import pytest
from commands import errors

from phase_diagram.cli.main import main

# check


def test_check_counts_the_networks(capsys, tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        """\
experiments:
  a: {dataset: four_points, gamma: [1, 2], gamma_prime: [0], widths: [9, 10], seeds: 2}
  b: {dataset: mnist, gamma: [1], gamma_prime: [0], widths: [9, 1e20], quadrature: 64}
studies:
  initialisations: {i: {width: 9, dimension: 3}}
  kernels: {k: {experiment: b, points: [[3, 0]], widths: [9, 10], seeds: 4}}
"""
    )
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: valid",
        "  a: 2 x 1 = 2 points, 2 widths, 2 seeds: 8 networks",
        "  b: 1 x 1 = 1 points, 2 widths, 3 seeds: 6 networks of 64 neurons",
        "  studies.initialisations.i: trains nothing",
        "  studies.kernels.k: 8 networks",
    ]


# The command line as such


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["point"], "Missing option '--dataset'"),
        (["check", "--loud"], "No such option"),
        (["locate", "--width", "ten", "--name", "ntk"], "Invalid value for '--width'"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(capsys, arguments, fault):
    (line,) = errors(capsys, *arguments)
    assert line.startswith(fault)
    assert line.endswith("--help)")


@pytest.mark.parametrize("command", [[], ["check"], ["locate"], ["plot"], ["point"]])
def test_help_gives_an_example(capsys, command):
    assert main([*command, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"\n{' ' * (4 if command else 2)}phase-diagram {' '.join(command)}" in text


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("phase-diagram 0.")


def test_the_console_script_passes_the_exit_code_on(tmp_path):
    script = Path(sys.executable).with_name("phase-diagram")
    done = subprocess.run(
        [script, "check"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    reason = "No such file or directory: must be a readable YAML file"
    assert done.stderr == f"error: params.yaml: {reason}\n"
