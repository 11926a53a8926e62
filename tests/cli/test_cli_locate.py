"""`phase-diagram locate`."""

import math

import pytest
from commands import errors, measured

from phase_diagram.cli.main import main


def test_locate_a_name(capsys):
    found = measured(capsys, "locate", "--name", "glorot", "--width", "1000", "--dimension", "784")
    assert found["name"] == "xavier"
    assert found["gamma"] == pytest.approx(-math.log(found["kappa"], 1000))
    assert found["regime"] == "linear"
    assert found["exponent"] == pytest.approx(found["gamma"] - 1.0)
    limit = {"gamma": 1.0, "gamma_prime": 0.0, "regime": "critical", "exponent": 0.0}
    assert found["limit"] == limit


def test_locate_scales(capsys):
    scales = ["--alpha", "1e6", "--beta1", "1", "--beta2", "1", "--width", "1000"]
    found = measured(capsys, "locate", *scales)
    assert (found["gamma"], found["gamma_prime"]) == pytest.approx((2.0, 0.0))
    assert (found["regime"], found["exponent"]) == ("condensed", pytest.approx(0.5))
    assert found["limit"] is None


def test_locate_as_text(capsys):
    assert main(["locate", "--name", "ntk", "--width", "10000"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["kappa", "0.01"] in rows
    assert ["gamma", "0.5", "0.5"] in rows
    assert ["regime", "linear", "linear"] in rows
    assert ["exponent", "-0.5", "-0.5"] in rows


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (
            "--name foo",
            "--name: 'foo': must be one of lecun, he, ntk, xavier, mean_field, e_et_al, glorot",
        ),
        ("--alpha nan --beta1 1 --beta2 1", "--alpha: nan: must be a finite number above 0"),
        ("--beta1 1", "--alpha, --beta2: missing: must be given, or --name instead of all three"),
        ("--name ntk --alpha 3", "--alpha: 3.0: must be left out beside --name"),
        ("--name he", "--dimension: missing: he needs an integer of at least 1"),
    ],
)
def test_locate_refuses(capsys, arguments, fault):
    assert errors(capsys, "locate", "--width", "9", *arguments.split()) == [fault]


def test_locate_tells_every_fault(capsys):
    lines = errors(capsys, "locate", "--width", "1", "--name", "foo")
    assert [line.split(": ")[:2] for line in lines] == [["--name", "'foo'"], ["--width", "1"]]
