"""Scales, kappas and exponents: there and back, and Table 1 of Luo et al. (2021)."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram.errors import InputError
from phase_diagram.plane import scaling

widths = st.integers(2, 10**7)
exponents = st.floats(-5.0, 5.0)
scales = st.floats(1e-6, 1e6)


@given(exponents, exponents, widths, scales)
def test_exponents_to_scales_and_back(g: float, gp: float, width: int, beta2: float) -> None:
    there = scaling.from_exponents(g, gp, width, beta2=beta2)
    back = scaling.from_scales(there.alpha, there.beta1, there.beta2, width)
    assert (back.gamma, back.gamma_prime) == pytest.approx((g, gp), abs=1e-12)
    assert (back.kappa, back.kappa_prime) == pytest.approx(scaling.kappas(g, gp, width), rel=1e-12)


@given(scales, scales, scales, widths)
def test_scales_to_exponents_and_back(alpha: float, beta1: float, beta2: float, width: int) -> None:
    there = scaling.from_scales(alpha, beta1, beta2, width)
    back = scaling.from_exponents(there.gamma, there.gamma_prime, width, beta2=beta2)
    assert (back.alpha, back.beta1) == pytest.approx((alpha, beta1), rel=1e-11)


@given(scales, scales, scales, st.floats(0.01, 100.0))
def test_kappas_are_shared_by_a_family_of_scales(a: float, b1: float, b2: float, c: float) -> None:
    one = scaling.from_scales(a, b1, b2, 1000)
    other = scaling.from_scales(a * c * c, b1 * c, b2 * c, 1000)
    assert (other.kappa, other.kappa_prime) == pytest.approx((one.kappa, one.kappa_prime))


@pytest.mark.parametrize(
    ("name", "kappa", "kappa_prime"),
    [
        ("lecun", math.sqrt(1 / (300 * 20)), math.sqrt(20 / 300)),
        ("he", math.sqrt(4 / (300 * 20)), math.sqrt(20 / 300)),
        ("ntk", math.sqrt(1 / 300), 1.0),
        ("xavier", math.sqrt(4 / (301 * 320)), math.sqrt(320 / 301)),
        ("mean_field", 1 / 300, 1.0),
    ],
)
def test_named_initialisations_are_those_of_table_1(
    name: str, kappa: float, kappa_prime: float
) -> None:
    place = scaling.initialisation(name, width=300, dimension=20)
    assert (place.kappa, place.kappa_prime) == pytest.approx((kappa, kappa_prime), rel=1e-14)
    assert place.kappa == pytest.approx(300**-place.gamma, rel=1e-12)
    assert place.kappa_prime == pytest.approx(300**-place.gamma_prime, rel=1e-12)


@pytest.mark.parametrize("name", scaling.NAMED_LIMITS)
def test_named_limits_are_where_growing_widths_tend_to(name: str) -> None:
    narrow, wide = 10**8, 10**12
    one = scaling.initialisation(name, narrow, dimension=784)
    two = scaling.initialisation(name, wide, dimension=784)
    # Between two widths constant factors of kappa cancel, as they do in the limit.
    growth = math.log(wide / narrow)
    limit = (
        -math.log(two.kappa / one.kappa) / growth,
        -math.log(two.kappa_prime / one.kappa_prime) / growth,
    )
    assert limit == pytest.approx(scaling.NAMED_LIMITS[name], abs=1e-5)


def test_e_et_al_lies_on_the_diagonal() -> None:
    place = scaling.initialisation("e_et_al", 10_000, beta=10_000**-0.75)
    assert (place.gamma, place.gamma_prime) == pytest.approx((0.75, 0.75))


@pytest.mark.parametrize(
    ("alias", "name"), [("glorot", "xavier"), ("Mean-Field", "mean_field"), (" NTK ", "ntk")]
)
def test_other_spellings(alias: str, name: str) -> None:
    assert scaling.initialisation(alias, 50, 3) == scaling.initialisation(name, 50, 3)


@pytest.mark.parametrize("value", [0, -1.0, math.nan, math.inf, True, "1", None, 10**400])
def test_a_bad_scale_is_named(value: Any) -> None:
    with pytest.raises(InputError) as caught:
        scaling.from_scales(value, value, value, 100)
    assert caught.value.faults == [
        f"{key}: {value!r}: must be a finite number above 0" for key in ("alpha", "beta1", "beta2")
    ]


@pytest.mark.parametrize("width", [1, 1000.0, "1000", True, math.nan, None])
def test_a_bad_width_is_named(width: Any) -> None:
    for attempt in (
        lambda: scaling.kappas(1.0, 0.0, width),
        lambda: scaling.exponents(1.0, 1.0, width),
        lambda: scaling.from_scales(1.0, 1.0, 1.0, width),
        lambda: scaling.from_exponents(1.0, 0.0, width),
        lambda: scaling.initialisation("ntk", width),
    ):
        with pytest.raises(InputError, match=r"^width: .*: must be an integer of at least 2$"):
            attempt()


def test_all_faults_are_reported_together() -> None:
    with pytest.raises(InputError) as caught:
        scaling.initialisation("foo", 1, 0, beta=-1.0)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "name",
        "width",
        "dimension",
        "beta",
    ]


@pytest.mark.parametrize(
    ("name", "given", "fault"),
    [
        ("he", {}, "dimension: missing: "),
        ("e_et_al", {}, "beta: missing: "),
        ("ntk", {"beta": 0.5}, "beta: 0.5: must be left out"),
    ],
)
def test_arguments_that_a_name_needs(name: str, given: dict[str, Any], fault: str) -> None:
    with pytest.raises(InputError, match=f"^{fault}"):
        scaling.initialisation(name, 10, **given)


def test_results_beyond_floats_are_refused() -> None:
    with pytest.raises(InputError, match=r"^kappa: 0\.0: "):
        scaling.kappas(200.0, 0.0, 1000)
    with pytest.raises(InputError, match=r"^kappa_prime: inf: "):
        scaling.kappas(1.0, -200.0, 1000)
    with pytest.raises(InputError, match=r"^alpha: inf: "):
        scaling.from_exponents(100.0, -100.0, 1000)
    with pytest.raises(InputError, match=r"^kappa: inf: "):
        scaling.from_scales(1e-200, 1e200, 1.0, 10)
