"""`phase-diagram probe`: what it reports, writes and refuses."""

import os
import signal
import subprocess
import sys
import time

import pytest
from commands import errors, measured

from phase_diagram.cli.main import main
from phase_diagram.probing import measure

FACTORY = """\
import torch
from torch import nn

def wide(width, input_size):
    print("a module that chats on standard output")
    return nn.Sequential(nn.Linear(input_size, width), nn.Tanh(), nn.Linear(width, 1))

def failing(width):
    raise ValueError("cannot be\\nthat wide")

class Holder:
    pass

number = 3
"""
OPTIONS = ["--dataset", "four_points", "--width", "20", "--width", "60", "--tolerance", "1e-3"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with a module of the user's, which imports do not remember."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    (tmp_path / "my_networks.py").write_text(FACTORY)
    yield tmp_path
    sys.modules.pop("my_networks", None)


@pytest.mark.parametrize("named", ["my_networks:wide", "my_networks.py:wide"])
def test_probe_reports_each_parameter(capsys, folder, named):
    found = measured(capsys, "probe", named, *OPTIONS, "--seeds", "2")
    assert (found["name"], found["tolerance"], found["confidence"]) == (named, 1e-3, 0.95)
    names = ["0.weight", "0.bias", "2.weight", "2.bias", "all together"]
    assert [one["parameter"] for one in found["parameters"]] == names
    assert [one["width"] for one in found["parameters"][0]["widths"]] == [20, 60]
    assert {one["status"] for one in found["networks"]} == {"converged"}
    assert len(found["networks"]) == 5 * 2 * 2


def test_probe_as_a_table_with_its_progress_elsewhere(capsys, folder, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["probe", "my_networks:wide", *OPTIONS, "--seeds", "2"]) == 0
    captured = capsys.readouterr()
    lines = [line.split() for line in captured.out.splitlines()]
    assert [line[0] for line in lines if line[:1] == ["2.weight"]] == ["2.weight"]
    assert "4 networks" in captured.out
    assert "chats" not in captured.out
    assert "4 of 4 networks" in captured.err


def test_the_figure_is_written(capsys, folder):
    arguments = ["probe", "my_networks:wide", *OPTIONS, "--seeds", "2"]
    assert main([*arguments, "--figure", "a.png"]) == 0
    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")
    assert {path.name for path in folder.iterdir()} - {"__pycache__"} == {"a.png", "my_networks.py"}


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("my_networks", "'my_networks': must be module:function or file.py:function"),
        ("my_networks:wide()", "'my_networks:wide()': must be"),
        ("absent:wide", "absent:wide: ModuleNotFoundError: No module named 'absent'"),
        ("absent.py:wide", "absent.py:wide: no file absent.py"),
        ("my_networks:narrow", "my_networks:narrow: no narrow in my_networks"),
        ("my_networks:number", "my_networks:number: a int; expected a function"),
        ("my_networks:Holder", "my_networks:Holder(20): TypeError: "),
        ("my_networks:failing", "my_networks:failing(20): ValueError: cannot be that wide"),
        ("broken:wide", "broken:wide: SyntaxError: "),
    ],
)
def test_factories_that_are_refused_by_name(capsys, folder, named, said):
    (folder / "broken.py").write_text("def wide(:\n")
    (line,) = errors_beside_progress(capsys, "probe", named, *OPTIONS)
    assert line.startswith(f"error: {said}")


def errors_beside_progress(capsys, *arguments):
    """Lines of errors where the progress bar has begun."""
    assert main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return [line for line in captured.err.splitlines() if line.startswith("error: ")]


def test_every_fault_of_the_options_is_told(capsys, folder):
    lines = errors(
        capsys,
        *("probe", "my_networks:wide", "--dataset", "cifar", "--width", "20", "--seeds", "0"),
        *("--tolerance", "0", "--step-tolerance", "1", "--confidence", "95"),
        *("--margin", "-1", "--figure", "a.jpg"),
    )
    assert [line.split(": ")[0] for line in lines] == [
        *("--dataset", "--width", "--seeds", "--tolerance"),
        *("--step-tolerance", "--confidence", "--margin", "--figure"),
    ]


@pytest.mark.parametrize("path", ["absent/a.png", "a.gif", "."])
def test_figures_that_cannot_be_written_are_refused_before_training(capsys, folder, path):
    (line,) = errors(capsys, "probe", "my_networks:wide", *OPTIONS, "--figure", path)
    assert line.startswith("--figure: ")
    assert "my_networks" not in sys.modules


def test_networks_too_large_for_the_memory_are_refused(capsys, folder, monkeypatch):
    def fail(*arguments, **options):
        raise MemoryError

    monkeypatch.setattr(measure, "train", fail)
    (line,) = errors_beside_progress(capsys, "probe", "my_networks:wide", *OPTIONS)
    assert line.startswith("error: --width: 60: must be smaller")


def test_ctrl_c_leaves_nothing(folder):
    """In a process of its own, in the middle of training."""
    slow = "import time\nfrom my_networks import wide\ndef slow(width, input_size):\n"
    slow += "    print('training', flush=True)\n    time.sleep(60)\n"
    (folder / "slow_networks.py").write_text(slow)
    code = "import sys, signal; from phase_diagram.cli.main import main; "
    code += "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main())"
    arguments = ["probe", "slow_networks:slow", *OPTIONS, "--figure", "a.png"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "training" in line:
            break
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "error: interrupted"
    left = {path.name for path in folder.iterdir()} - {"__pycache__"}
    assert left == {"my_networks.py", "slow_networks.py"}


def test_help_gives_an_example_of_a_probe(capsys):
    assert main(["probe", "--help"]) == 0
    assert "\n    phase-diagram probe networks.py:wide" in capsys.readouterr().out
