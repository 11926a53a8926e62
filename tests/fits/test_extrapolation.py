import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phase_diagram.fits import extrapolation
from phase_diagram.fits.extrapolation import INVERSE_LOG, POWER

# Steps of one decade and of two: the mean over a step depends on its length.
LOG_WIDTH = np.log([1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e10, 1e12, 1e14, 1e16, 1e18, 1e20])


def local_slopes(log_rd):
    return np.diff(log_rd) / np.diff(LOG_WIDTH)


def integrated(form, slope, amplitude, rate):
    """Log RD whose slope at each m is that of the form, by the integral over log m."""
    if form == POWER:
        fall = -(1000.0**rate) * np.exp(-rate * LOG_WIDTH) / rate
        return slope * LOG_WIDTH + amplitude * fall
    return slope * LOG_WIDTH + amplitude * np.log(1000.0) * np.log(LOG_WIDTH)


@given(
    st.floats(-3, 3),
    st.floats(0.05, 1).flatmap(lambda a: st.sampled_from([a, -a])),
    st.floats(0.05, 1.5),
)
def test_power_is_recovered(slope, amplitude, rate):
    slopes = local_slopes(integrated(POWER, slope, amplitude, rate))
    found = extrapolation.fit(POWER, LOG_WIDTH, slopes[None])
    # S of small rates is a long way off, and the rate is known to 1e-4 alone.
    assert found.slope[0] == pytest.approx(slope, abs=1e-3 * abs(amplitude))
    assert found.rate[0] == pytest.approx(rate, rel=1e-3)
    assert found.amplitude[0] == pytest.approx(amplitude, rel=1e-2)
    assert found.residual[0] < 1e-4 * abs(amplitude)


@given(st.floats(-3, 3), st.floats(-2, 2))
def test_inverse_log_is_recovered(slope, amplitude):
    slopes = local_slopes(integrated(INVERSE_LOG, slope, amplitude, None))
    found = extrapolation.fit(INVERSE_LOG, LOG_WIDTH, slopes[None])
    assert found.slope[0] == pytest.approx(slope, abs=1e-10)
    assert found.amplitude[0] == pytest.approx(amplitude, abs=1e-10)
    assert np.isnan(found.rate[0])


@pytest.mark.parametrize("form", [POWER, INVERSE_LOG])
def test_value_is_the_slope_of_the_integral(form):
    slopes = local_slopes(integrated(form, 0.3, 0.2, 0.25))
    found = extrapolation.fit(form, LOG_WIDTH, slopes[None])
    middle = 12.0
    if form == POWER:
        expected = 0.3 + 0.2 * (np.exp(middle) / 1000) ** -0.25
    else:
        expected = 0.3 + 0.2 * np.log(1000) / middle
    at = extrapolation.value(form, found, np.array([middle, np.inf]))
    np.testing.assert_allclose(at, [[expected, 0.3]], atol=1e-4)


def test_each_form_leaves_residuals_on_the_other():
    for form, other in ((POWER, INVERSE_LOG), (INVERSE_LOG, POWER)):
        slopes = local_slopes(integrated(form, 0.0, 0.5, 0.4))[None]
        right = extrapolation.fit(form, LOG_WIDTH, slopes).residual[0]
        wrong = extrapolation.fit(other, LOG_WIDTH, slopes).residual[0]
        assert wrong > 5 * right
        assert wrong > 1e-3


def test_rows_are_fitted_one_by_one():
    generator = np.random.default_rng(2)
    slopes = local_slopes(integrated(POWER, 0.1, 0.2, 0.3)) + 0.01 * generator.normal(size=(4, 11))
    for form in (POWER, INVERSE_LOG):
        together = np.array(extrapolation.fit(form, LOG_WIDTH, slopes))
        alone = [extrapolation.fit(form, LOG_WIDTH, row[None]) for row in slopes]
        np.testing.assert_allclose(together, np.array(alone)[:, :, 0].T, rtol=1e-12)


@pytest.mark.parametrize("form", [POWER, INVERSE_LOG])
def test_standard_error_is_the_scatter_of_the_fit(form):
    generator = np.random.default_rng(4)
    exact = local_slopes(integrated(form, 0.1, 0.3, 0.3))
    noise = 0.002 * generator.normal(size=(300, len(exact)))
    scatter = extrapolation.fit(form, LOG_WIDTH, exact + noise).slope.std()
    errors = [extrapolation.standard_error(form, LOG_WIDTH, row) for row in exact + noise]
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(scatter, rel=0.15)


def test_constant_slopes_have_no_rate_but_a_limit():
    slopes = np.full(11, -0.25)
    found = extrapolation.fit(POWER, LOG_WIDTH, slopes[None])
    assert found.slope[0] == pytest.approx(-0.25, abs=1e-12)
    assert extrapolation.standard_error(POWER, LOG_WIDTH, slopes) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("form", "least"), [(POWER, 3), (INVERSE_LOG, 2)])
def test_too_few_slopes(form, least):
    for number in range(1, 5):
        log_width = LOG_WIDTH[: number + 1]
        slopes = 0.1 + 0.2 / np.arange(1, number + 1)[None]
        found = extrapolation.fit(form, log_width, slopes)
        assert np.isfinite(found.slope[0]) == (number >= least)
        assert np.isfinite(found.residual[0]) == (number > least)
        error = extrapolation.standard_error(form, log_width, slopes[0])
        assert np.isfinite(error) == (number > least)
    assert extrapolation.fit(form, LOG_WIDTH, np.empty((0, 11))).slope.shape == (0,)


def test_window_leaves_out_what_no_form_describes():
    slopes = local_slopes(integrated(POWER, 0.0, 0.2, 0.3))
    generator = np.random.default_rng(6)
    slopes += 1e-5 * generator.normal(size=len(slopes))
    found = extrapolation.fit(POWER, LOG_WIDTH, slopes[None])
    assert found.slope[0] == pytest.approx(0.0, abs=1e-4)
    slopes[:3] = [0.02, 0.3, 0.25]
    assert abs(extrapolation.fit(POWER, LOG_WIDTH, slopes[None]).slope[0]) > 1e-3
    first = extrapolation.window(LOG_WIDTH, slopes)
    assert first >= 3 and len(slopes) - first >= extrapolation.LEAST
    found = extrapolation.fit(POWER, LOG_WIDTH[first:], slopes[None, first:])
    assert found.slope[0] == pytest.approx(0.0, abs=1e-4)
    assert extrapolation.window(LOG_WIDTH[:5], slopes[:4]) == 0
