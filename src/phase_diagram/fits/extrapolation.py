"""Extrapolate local slopes at finite widths to infinite width, with two fitted forms.

Corrections at finite width are powers of kappa and kappa', which are powers of m. With the largest
of them RD = C m^S (1 + c m^-rate), and the local slope d log RD / d log m approaches S like
m^-rate, exponentially in log m. Near a kink of the exponent two powers are close, and the rate is
small. For comparison, the second form approaches S like 1 / log m, as it would if the corrections
were in log m.

    power         S + amplitude (m / 1000)^-rate
    inverse_log   S + amplitude log 1000 / log m

The local slope between two widths is the mean of d log RD / d log m over log m, so the mean of
these forms is fitted, for any spacing of the widths.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phase_diagram.fits import regression

POWER, INVERSE_LOG = "power", "inverse_log"
PARAMETERS = {POWER: 3, INVERSE_LOG: 2}
REFERENCE = np.log(1000.0)  # log of the width at which the amplitude is the deviation from S

# A smaller rate cannot be distinguished from a constant, a larger one from zero deviation.
RATES = (0.02, 3.0)
GRID = 33
# Nested grids of rates, each between the neighbours of the previous best: accurate to 1e-4 of it.
GRIDS = 4
# Fewest local slopes in a fit from which the narrowest are left out.
LEAST = 6


class Fit(NamedTuple):
    """Fitted parameters and their residuals, one for each row of slopes.

    Attributes
    ----------
    slope : ndarray (b,)
        S, at infinite width.
    amplitude : ndarray (b,)
        Deviation from S at m = 1000.
    rate : ndarray (b,)
        NaN for the form that has none.
    residual : ndarray (b,)
        Root of the sum of squared residuals over the degrees of freedom; NaN if there are none.
    """

    slope: NDArray[np.float64]
    amplitude: NDArray[np.float64]
    rate: NDArray[np.float64]
    residual: NDArray[np.float64]


def fit(form: str, log_width: NDArray[np.float64], slopes: NDArray[np.float64]) -> Fit:
    """Fit a form to local slopes by least squares.

    Parameters
    ----------
    form : str
        "power" or "inverse_log".
    log_width : ndarray (n + 1,)
        Natural logarithms of the widths, ascending.
    slopes : ndarray (b, n)
        Local slopes between neighbouring widths. If there are fewer than the form has parameters,
        the result is NaN.

    Returns
    -------
    Fit
        Of each row of slopes.
    """
    rows, number = slopes.shape
    degrees = number - PARAMETERS[form]
    if degrees < 0:
        return Fit(*np.full((4, rows), np.nan))
    rate = _best_rates(log_width, slopes) if form == POWER else np.full(rows, np.nan)
    slope, amplitude, squares = regression.line(
        _deviation(form, log_width, rate[:, None]), slopes[:, None]
    )
    residual = np.sqrt(squares[:, 0] / degrees) if degrees else np.full(rows, np.nan)
    return Fit(slope[:, 0], amplitude[:, 0], rate, residual)


def value(form: str, fitted: Fit, log_width: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the local slope of a fit at given widths.

    Parameters
    ----------
    form : str
    fitted : Fit
        b of them.
    log_width : ndarray (n,)
        Natural logarithms; infinity gives S.

    Returns
    -------
    ndarray (b, n)
    """
    if form == POWER:
        # At infinity the exponent is minus infinity, also where the rate is at its smallest.
        shape = np.exp(-fitted.rate[:, None] * (log_width - REFERENCE))
    else:
        shape = np.broadcast_to(REFERENCE / log_width, (len(fitted.slope), len(log_width)))
    return np.asarray(fitted.slope[:, None] + fitted.amplitude[:, None] * shape)


def standard_error(form: str, log_width: NDArray[np.float64], slopes: NDArray[np.float64]) -> float:
    """Return the standard error of S for one row of slopes, from the residuals of the fit.

    Parameters
    ----------
    form : str
    log_width, slopes : ndarray (n + 1,), (n,)

    Returns
    -------
    float
        From the linearised fit; infinite without degrees of freedom.
    """
    if len(slopes) <= PARAMETERS[form]:
        return float("inf")
    fitted = fit(form, log_width, slopes[None])
    columns = [np.ones_like(slopes), _deviation(form, log_width, fitted.rate[:, None])[0, 0]]
    if form == POWER:
        step = 1e-4 * fitted.rate
        above, below = (
            _deviation(form, log_width, (fitted.rate + shift)[:, None])[0, 0]
            for shift in (step, -step)
        )
        columns.append(fitted.amplitude * (above - below) / (2 * step))
    # Without a deviation its rate is undefined: pinv leaves that direction out.
    inverse = np.linalg.pinv(np.column_stack(columns))
    return float(fitted.residual[0] * np.sqrt(np.sum(inverse[0] ** 2)))


def window(log_width: NDArray[np.float64], slopes: NDArray[np.float64]) -> int:
    """Choose how many of the narrowest slopes to leave out, the same for both forms.

    Both forms are valid for wide networks only: narrow ones show further powers of m. Of all
    choices that keep at least six slopes, take the one with the smallest standard error of S in
    the better form.

    Parameters
    ----------
    log_width, slopes : ndarray (n + 1,), (n,)
    """
    choices = range(max(1, len(slopes) - LEAST + 1))
    errors = [
        min(standard_error(form, log_width[first:], slopes[first:]) for form in PARAMETERS)
        for first in choices
    ]
    return int(np.argmin(errors))


def _best_rates(log_width: NDArray[np.float64], slopes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The least-squares rate for each row of slopes (b, n), within RATES."""
    low, high = (np.full(len(slopes), np.log(limit)) for limit in RATES)
    for _ in range(GRIDS):
        grid = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, GRID)
        _, _, squares = regression.line(_deviation(POWER, log_width, np.exp(grid)), slopes[:, None])
        best = np.argmin(squares, axis=1)
        rows = np.arange(len(slopes))
        low, high = (grid[rows, np.clip(best + shift, 0, GRID - 1)] for shift in (-1, 1))
        log_rate = grid[rows, best]
    return np.exp(log_rate)


def _deviation(
    form: str, log_width: NDArray[np.float64], rate: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The form's deviation from S for amplitude 1, averaged over log m between the widths.

    For rates (b, g), which the form of 1 / log m ignores: (b, g, n).
    """
    low, high = log_width[:-1], log_width[1:]
    if form == POWER:
        exponent = rate[..., None]
        fall = np.exp(-exponent * (low - REFERENCE)) - np.exp(-exponent * (high - REFERENCE))
        return np.asarray(fall / (exponent * (high - low)))
    mean = REFERENCE * np.log(high / low) / (high - low)
    return np.broadcast_to(mean, (*rate.shape, len(mean)))
