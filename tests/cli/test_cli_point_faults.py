"""`phase-diagram point`: what it refuses, and how it ends when something goes wrong."""

import pytest
from commands import POINT, errors, run_interruptible

from phase_diagram.cli.main import main
from phase_diagram.sweeps import sweep


def test_point_tells_every_fault(capsys, training):
    lines = errors(
        capsys,
        *("point", "--dataset", "cifar", "--gamma", "nan", "--gamma-prime", "inf"),
        *("--width", "1", "--width", "100", "--width", "100", "--seeds", "0"),
        *("--method", "sgd", "--first-rate", "0", "--step-limit", "0"),
        *("--tolerance", "-1", "--device", "tpu"),
    )
    assert [" ".join(line.split(": ")[:2]) for line in lines] == [
        *("--dataset 'cifar'", "--method 'sgd'", "--first-rate 0.0", "--step-limit 0"),
        *("--tolerance -1.0", "--gamma nan", "--gamma-prime inf", "--width 1", "--width 100"),
        *("--seeds 0", "--device 'tpu'"),
    ]
    assert training.networks == []


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--width", "1e12"], "--width: '1e12': must be an integer of at least 2 and at most"),
        (["--width", "9" * 400], "--width: "),
        (["--width", "1e51", "--quadrature", "64"], "--width: '1e51': must be an integer"),
        (["--width", "9", "--quadrature", "100"], "--quadrature: 100: must be a power of two"),
        (["--width", "9", "--first-rate", "2"], "--first-rate: 2.0: must be left out unless"),
    ],
)
def test_point_refuses(capsys, training, arguments, fault):
    (line,) = errors(capsys, *POINT, *arguments)
    assert line.startswith(fault)
    assert len(line) < 200
    assert training.networks == []


@pytest.mark.parametrize(
    "failure", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")]
)
def test_networks_too_large_for_the_memory(capsys, monkeypatch, failure):
    def fail(*arguments, **options):
        raise failure

    monkeypatch.setattr(sweep, "train", fail)
    (line,) = errors(capsys, *POINT, "--width", "1000000000")
    assert line.startswith("--width: 1000000000: must be smaller")


def test_other_failures_are_not_hidden(monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError("a fault of the program")

    monkeypatch.setattr(sweep, "train", fail)
    with pytest.raises(RuntimeError, match="a fault of the program"):
        main([*POINT, "--width", "100"])


def test_ctrl_c_in_the_middle_of_training_leaves_nothing(tmp_path):
    # A real signal, between two steps of the second network.
    code = (
        "import os, signal, sys; from itertools import count;"
        "from phase_diagram.two_layer import gradient_flow;"
        "from phase_diagram.cli.main import main; steps = count();"
        "plain = gradient_flow._step;"
        "gradient_flow._step = lambda *given: ("
        "os.kill(os.getpid(), signal.SIGINT) if next(steps) == 30 else None, plain(*given))[1];"
        f"sys.exit(main({[*POINT, '--width', '500', '--seeds', '9', '--json']!r}))"
    )
    done = run_interruptible(code, tmp_path)
    assert done.returncode == 130
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == "error: interrupted"
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
