import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from phase_diagram.errors import InputError
from phase_diagram.fits.slopes import fit_slopes
from phase_diagram.studies import relative_distances

POINTS = ((1.5, 0.0), (0.3 - 0.1 + 0.3, 0.0), (1.0, 0.0))  # not sorted; one with a rounding error
WIDTHS = (1000, 5000, 20_000)


@pytest.fixture
def sweep():
    generator = np.random.default_rng(8)
    rows = [
        (gamma, row, width, seed, 3.0 * width ** (gamma - 1) * np.exp(0.05 * generator.normal()))
        for gamma, row, width, seed in itertools.product(
            (0.5, 1.0, 1.5), (0.0, 0.5), WIDTHS, range(3)
        )
    ]
    frame = pd.DataFrame(rows, columns=["gamma", "gamma_prime", "width", "seed", "rd"])
    return frame.assign(status="converged", condensation=0.1)


def test_points_come_as_chosen_with_their_fits(sweep):
    tables = relative_distances.measure(SimpleNamespace(points=POINTS), experiment=sweep)
    distances, fits = tables["distances"], tables["fits"]
    assert [tuple(point) for point in fits[["gamma", "gamma_prime"]].to_numpy()] == list(POINTS)
    assert list(distances["width"]) == list(WIDTHS) * 3
    assert list(fits["regime"]) == ["condensed", "linear", "critical"]
    known = fit_slopes(sweep).set_index(["gamma", "gamma_prime"])
    for (gamma, row), fit in zip(POINTS, fits.itertuples(), strict=True):
        expected = known.loc[(round(gamma, 9), row)]
        assert fit.slope == pytest.approx(expected["slope"], rel=1e-12)
        assert fit.slope_standard_error == pytest.approx(expected["slope_standard_error"])
        assert fit.theory == pytest.approx(expected["theory"])
        assert (fit.networks, fit.converged) == (9, 9)


def test_prefactor_puts_the_line_through_the_networks(sweep):
    fits = relative_distances.measure(SimpleNamespace(points=POINTS), experiment=sweep)["fits"]
    for fit in fits.itertuples():
        networks = sweep[np.isclose(sweep["gamma"], fit.gamma) & (sweep["gamma_prime"] == 0.0)]
        line = fit.prefactor * networks["width"] ** fit.slope
        # The residuals of least squares sum to zero.
        assert np.mean(np.log(networks["rd"] / line)) == pytest.approx(0.0, abs=1e-12)


def test_lost_networks_are_left_out(sweep):
    sweep.loc[sweep["seed"] == 2, ["rd", "status"]] = [1e6, "diverged"]
    fits = relative_distances.measure(SimpleNamespace(points=POINTS), experiment=sweep)["fits"]
    assert (fits["converged"] == 6).all() and (fits["networks"] == 9).all()
    assert fits["slope"].to_numpy() == pytest.approx([0.5, -0.5, 0.0], abs=0.1)
    sweep["status"] = "diverged"
    tables = relative_distances.measure(SimpleNamespace(points=POINTS), experiment=sweep)
    assert tables["fits"][["slope", "prefactor"]].isna().all(axis=None)
    assert tables["distances"]["rd"].isna().all()


def test_point_that_is_not_in_the_sweep_is_refused(sweep):
    chosen = SimpleNamespace(points=((1.5, 0.0), (1.25, 0.5)))
    with pytest.raises(InputError, match=r"\(1\.25, 0\.5\)"):
        relative_distances.measure(chosen, experiment=sweep)
