"""Triples of equal (gamma, gamma_prime): the same RD from the same neurons, others from others."""

import math
from types import SimpleNamespace

import pytest
from training import FOUR_POINTS

from phase_diagram.datasets.load import load
from phase_diagram.errors import InputError
from phase_diagram.fits import slopes
from phase_diagram.plane import scaling
from phase_diagram.studies import scales
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training

POINTS = ((0.5, 0.0), (1.0, 0.5), (1.75, 0.0), (1.3, -0.6))
WIDTHS = (100, 400)


def measured(problem=FOUR_POINTS, tolerance=1e-6, **chosen):
    choices = {"points": POINTS, "beta2_exponents": (0.0, 0.5, -2.0), "widths": WIDTHS, "seeds": 2}
    found = scales.measure(
        SimpleNamespace(**{**choices, **chosen}), problem=problem, tolerance=tolerance
    )
    assert (found["seconds"]["seconds"] > 0).all()
    return found["networks"], found["fits"]


@pytest.fixture(scope="module")
def found():
    return measured()


def test_each_triple_is_the_point_it_says(found):
    networks, _ = found
    for row in networks.itertuples():
        place = scaling.from_scales(row.alpha, row.beta1, row.beta2, row.width)
        assert (place.gamma, place.gamma_prime) == pytest.approx((row.gamma, row.gamma_prime))
        assert row.beta2 == pytest.approx(row.width**-row.beta2_exponent)
    assert set(networks["triple"]) == {"beta2 = m^0", "beta2 = m^-0.5", "beta2 = m^2"}
    assert (networks["status"] == "converged").all()


def test_the_same_neurons_measure_the_same_whatever_the_units(found):
    """No step, tolerance or threshold of the solver may depend on the size of its variables."""
    networks, fits = found
    same = networks[networks["sharing"] == "same"].set_index(
        ["gamma", "gamma_prime", "width", "seed"]
    )
    first = same[same["beta2_exponent"] == 0.0]
    for _, other in same.groupby("beta2_exponent"):
        ratio = other["rd"] / first["rd"]
        assert len(ratio) == len(POINTS) * len(WIDTHS) * 2
        assert (ratio - 1).abs().max() < 1e-9
        assert (other["steps"] == first["steps"]).all()
    differences = fits.loc[fits["sharing"] == "same", "rd_difference_max"]
    assert (differences < 1e-9).all() and differences.max() > 0.0


def test_powers_of_two_change_no_bit():
    """Widths and exponents by which all scales are powers of two: then even rounding is the same.

    What other scales differ by is therefore rounding, and how far the dynamics carry it.
    """
    points = ((0.5, 0.0), (1.0, 0.5), (1.75, 0.0), (1.25, -0.5), (1.5, -1.0))
    networks, fits = measured(
        points=points, beta2_exponents=(0.0, 0.5, -2.0), widths=(16, 256), seeds=1
    )
    same = networks[networks["sharing"] == "same"]
    assert same.groupby(["gamma", "gamma_prime", "width"])["rd"].nunique().eq(1).all()
    assert (fits.loc[fits["sharing"] == "same", "rd_difference_max"] == 0.0).all()


def test_the_same_neurons_measure_what_the_sweep_does(found):
    networks, _ = found
    same = networks[networks["sharing"] == "same"]
    keys = ["gamma", "gamma_prime", "width", "seed"]
    wanted = [sweep.Network(*key) for key in same[keys].drop_duplicates().itertuples(index=False)]
    known = {one.network: one for one in sweep.train(FOUR_POINTS, wanted, Training())}
    for row in same.itertuples():
        expected = known[sweep.Network(row.gamma, row.gamma_prime, row.width, row.seed)]
        assert row.rd == pytest.approx(expected.rd, rel=1e-9)
        assert row.loss == pytest.approx(expected.loss, rel=1e-6)


def test_independent_triples_share_no_neurons(found):
    networks, fits = found
    independent = networks[networks["sharing"] == "independent"]
    assert independent.groupby("beta2_exponent")["seed"].agg(set).to_dict() == {
        0.0: {0, 1},
        0.5: {2, 3},
        -2.0: {4, 5},
    }
    of_point = independent[independent["gamma"] == 0.5]
    assert of_point.groupby("width")["rd"].nunique().eq(6).all()
    assert fits.loc[fits["sharing"] == "independent", "rd_difference_max"].isna().all()


def test_fits_are_those_of_slopes(found):
    networks, fits = found
    assert len(fits) == len(POINTS) * 2 * 3
    keys = ["gamma", "gamma_prime", "sharing", "triple"]
    for row in fits.itertuples():
        own = networks[(networks[keys] == [getattr(row, key) for key in keys]).all(axis=1)]
        (expected,) = slopes.fit_slopes(own).itertuples()
        assert row.slope == expected.slope and row.theory == expected.theory
        assert row.slope_standard_error == expected.slope_standard_error
        assert (row.networks, row.converged) == (4, 4)


def test_differences_are_to_the_first_triple(found):
    _, fits = found
    for (_, _, sharing), group in fits.groupby(["gamma", "gamma_prime", "sharing"], sort=False):
        first, *others = group.itertuples()
        assert first.slope_difference == 0.0
        assert math.isnan(first.slope_difference_standard_error)
        for other in others:
            assert other.slope_difference == pytest.approx(other.slope - first.slope)
            expected = math.hypot(first.slope_standard_error, other.slope_standard_error)
            if sharing == "same":
                assert abs(other.slope_difference) < 1e-9
                expected = math.nan
            assert other.slope_difference_standard_error == pytest.approx(expected, nan_ok=True)


def test_inputs_of_many_dimensions_are_reduced(without_torchvision, tmp_path):
    problem = load("mnist", mnist_images=10, data_directory=tmp_path)
    networks, _ = measured(
        problem, 1e-2, points=((1.0, 0.0),), beta2_exponents=(0.0, 1.0), widths=(30, 60), seeds=1
    )
    wanted = [sweep.Network(1.0, 0.0, width, 0) for width in (30, 60)]
    known = {
        one.network.width: one.rd for one in sweep.train(problem, wanted, Training(tolerance=1e-2))
    }
    same = networks[networks["sharing"] == "same"]
    assert same["rd"].to_numpy() == pytest.approx([known[width] for width in same["width"]])


def test_networks_that_did_not_converge_are_in_no_fit():
    networks, fits = measured(tolerance=1e-300, points=((0.5, 0.0),), seeds=1)
    assert not (networks["status"] == "converged").any()
    assert (fits["converged"] == 0).all()
    assert fits[["slope", "rd_difference_max", "slope_difference"]].isna().all(axis=None)


def test_scales_beyond_floats_are_refused():
    with pytest.raises(InputError, match=r"alpha|beta"):
        measured(beta2_exponents=(0.0, 160.0))
