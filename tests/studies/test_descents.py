"""Two sweeps side by side: which networks count, and what the differences are."""

import math

import pandas as pd
import pytest

from phase_diagram.fits import slopes
from phase_diagram.studies import descents

COLUMNS = [
    *("experiment", "gamma", "gamma_prime", "width", "seed", "rd", "loss", "steps"),
    *("evaluations", "time_normalised", "status", "condensation"),
]


def made(points=((0.5, 0.0), (1.5, -1.0)), widths=(100, 400, 1600), seeds=3, shift=0.0, **changed):
    """A sweep with RD = m^(S_w + shift), and seeds that scatter by some percent."""
    rows = [
        {
            **dict.fromkeys(COLUMNS, 0.0),
            "experiment": "e",
            "gamma": gamma,
            "gamma_prime": row,
            "width": m,
            "seed": seed,
            "rd": m ** (gamma - 1.0 + shift) * (1.0 + 0.02 * math.sin(7 * seed + m)),
            "steps": 10 + seed,
            "evaluations": 30,
            "status": "converged",
            **changed,
        }
        for gamma, row in points
        for m in widths
        for seed in range(seeds)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def measured(flow, descent):
    found = descents.measure(None, flow=flow, descent=descent)
    return found["networks"], found["slopes"]


def test_ratio_and_difference_of_the_slopes():
    flow, descent = made(), made(shift=0.1, steps=77)
    networks, fits = measured(flow, descent)
    assert set(networks["steps"]) == {77}
    assert networks["ratio"].to_numpy() == pytest.approx(networks["width"].to_numpy() ** 0.1)
    assert fits["difference"].to_numpy() == pytest.approx([0.1, 0.1])
    # What scatters is shared by both, so that it is no error of the difference.
    assert (fits["difference_standard_error"] < 1e-6).all()
    assert (fits["slope_flow_standard_error"] > 1e-4).all()
    for column, table in (("slope_flow", flow), ("slope_descent", descent)):
        expected = slopes.fit_slopes(table)
        assert fits[column].to_numpy() == pytest.approx(expected["slope"].to_numpy())
        errors = expected["slope_standard_error"].to_numpy()
        assert fits[f"{column}_standard_error"].to_numpy() == pytest.approx(errors)
        assert fits["theory"].tolist() == expected["theory"].tolist()


def test_the_order_of_the_rows_does_not_matter():
    flow, descent = made(), made(shift=0.1)
    shuffled = (one.sample(frac=1.0, random_state=3) for one in (flow, descent))
    for one, two in zip(measured(flow, descent), measured(*shuffled), strict=True):
        pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_only_networks_of_both_are_compared():
    descent = made(points=((1.5, -1.0), (2.0, 1.0)), widths=(100, 400), seeds=1)
    networks, fits = measured(made(), descent)
    assert fits[["gamma", "gamma_prime"]].to_numpy().tolist() == [[1.5, -1.0]]
    assert networks[["width", "seed"]].to_numpy().tolist() == [[100, 0], [400, 0]]
    assert fits["networks"].tolist() == fits["converged"].tolist() == [2]
    networks, fits = measured(made(), made(points=((3.0, 0.0),)))
    assert len(networks) == len(fits) == 0


@pytest.mark.parametrize("which", ["flow", "descent"])
def test_networks_that_did_not_converge_have_no_ratio(which):
    sweeps = {"flow": made(), "descent": made(shift=0.1)}
    lost = sweeps[which]
    lost.loc[lost["seed"] == 1, "status"] = "step_limit"
    lost.loc[(lost["gamma"] == 1.5) & (lost["width"] > 100), "status"] = "diverged"
    networks, fits = measured(**sweeps)
    assert networks["ratio"].isna().sum() == networks[f"rd_{which}"].isna().sum() == 3 + 7
    other = "descent" if which == "flow" else "flow"
    assert networks[f"rd_{other}"].notna().all()
    assert fits["networks"].tolist() == [9, 9]
    by_point = fits.set_index("gamma")
    assert by_point["converged"].to_dict() == {0.5: 6, 1.5: 2}
    # Of both slopes the same networks are left.
    assert by_point.loc[0.5, "difference"] == pytest.approx(0.1)
    assert by_point.loc[1.5, ["slope_flow", "slope_descent", "difference"]].isna().all()
    statuses = networks["status"].value_counts().to_dict()
    assert statuses == (
        {"converged": 18} if which == "flow" else {"converged": 8, "step_limit": 4, "diverged": 6}
    )


def test_a_network_in_a_sweep_twice_is_refused():
    twice = pd.concat([made(), made().iloc[:1]])
    with pytest.raises(pd.errors.MergeError):
        measured(made(), twice)
