"""Table 1: its formulas against its numbers, and against `phase-diagram locate`."""

import math
from types import SimpleNamespace

import pytest
from commands import measured

from phase_diagram.errors import InputError
from phase_diagram.plane import scaling, theory
from phase_diagram.studies import initialisations

SCALES = ("alpha", "beta1", "beta2", "kappa", "kappa_prime")


def table(width=1000, dimension=785):
    return initialisations.measure(SimpleNamespace(width=width, dimension=dimension))[
        "initialisations"
    ]


def test_each_number_is_its_formula():
    known = {"sqrt": math.sqrt, "m": 300, "d": 20, "beta": math.nan}
    for row in table(width=300, dimension=20).to_dict("records"):
        for scale in SCALES:
            expected = eval(row[f"{scale}_formula"], {"__builtins__": {}}, known)
            assert row[scale] == pytest.approx(expected, rel=1e-14, nan_ok=True), scale


@pytest.mark.parametrize("width", [100, 10**12])
def test_locate_says_the_same(width, capsys):
    """Of a name, and of its three scales alone."""
    for row in table(width).dropna(subset="kappa").to_dict("records"):
        named = ["--name", row["initialisation"], "--dimension", "785"]
        scales = [f"--{scale}={row[scale]!r}" for scale in ("alpha", "beta1", "beta2")]
        for asked in (named, scales):
            found = measured(capsys, "locate", *asked, "--width", str(width))
            for key in (*SCALES, "gamma", "gamma_prime"):
                assert found[key] == row[key], (row["initialisation"], key)
            if asked is named:
                limit = {"gamma": row["gamma_limit"], "gamma_prime": row["gamma_prime_limit"]}
                limit["regime"] = row["regime"]
                assert limit.items() <= found["limit"].items()


def test_finite_widths_tend_to_the_limits():
    """Ever more slowly: what is left of the constant factors falls like 1 / log m."""
    distances = []
    for width in (10**6, 10**12, 10**24):
        found = table(width=width, dimension=20).dropna()
        distances.append(
            abs(found["gamma"] - found["gamma_limit"]).max()
            + abs(found["gamma_prime"] - found["gamma_prime_limit"]).max()
        )
    assert distances[0] / distances[1] == pytest.approx(2.0, rel=0.01)
    assert distances[1] / distances[2] == pytest.approx(2.0, rel=0.01)


def test_e_et_al_is_a_line_and_no_point():
    """Whatever beta: in the limit on gamma = gamma_prime, and in the linear regime."""
    row = table().set_index("initialisation").loc["e_et_al"]
    numbers = ("kappa", "kappa_prime", "gamma", "gamma_prime", "gamma_limit", "gamma_prime_limit")
    assert all(math.isnan(row[key]) for key in numbers)
    assert (row["alpha"], row["beta2"]) == (1.0, 1.0)
    for exponent in (-0.5, 0.5, 1.0, 1.5, 5.0):
        place = scaling.initialisation("e_et_al", 1000, beta=1000.0**-exponent)
        assert (place.gamma, place.gamma_prime) == pytest.approx((exponent, exponent))
        assert theory.regime(place.gamma, place.gamma_prime) == row["regime"]


@pytest.mark.parametrize(("key", "value"), [("width", 1), ("dimension", 0)])
def test_bad_choices_are_named(key, value):
    with pytest.raises(InputError, match=f"^{key}: {value}: "):
        table(**{key: value})
