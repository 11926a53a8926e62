"""Findings follow the tables: synthetic ones, of which the answer is known."""

import made_sweeps
import numpy as np
import pandas as pd
import pytest

from phase_diagram.captions import find
from phase_diagram.files import stored_networks
from phase_diagram.fits import boundary, slopes, summary, wedges
from phase_diagram.plane import theory

GAMMA, GAMMA_PRIME, WIDTHS = (0.6, 0.8, 1.2, 1.4), (-0.5, 0.5), (100, 1000)


def experiment(off=0.0, *, failed=0, activation="relu"):
    """Tables of networks whose RD is m to the power of the closed form at gamma - off."""
    points = [(gamma, gamma_prime) for gamma_prime in GAMMA_PRIME for gamma in GAMMA]
    sweep = made_sweeps.sweep(
        lambda gamma, gamma_prime, width, seed: (
            float(width) ** float(theory.exponent(gamma - off, gamma_prime))
        ),
        points,
        WIDTHS,
        seeds=1,
    ).reindex(columns=list(stored_networks.COLUMNS))
    sweep = sweep.assign(steps=7, reason="tolerance", activation=activation)
    falling = theory.exponent(sweep["gamma"] - off, sweep["gamma_prime"]) < 0
    sweep["condensation"] = np.where(falling, 0.1, 0.2 + sweep["width"] / 1e4)
    sweep.loc[: failed - 1, ["status", "reason"]] = "step_limit", "steps_used_up"
    fitted = slopes.fit_slopes(sweep)
    crossings = boundary.find_boundary(fitted, sweep)
    return {
        "sweep": sweep,
        "slopes": fitted,
        "boundary": crossings,
        "wedges": wedges.compare(fitted),
        "relative_distances": slopes.relative_distances(sweep),
        "metrics": summary.summarise(sweep, fitted, crossings),
    }


def found(tables, name, *, figure=False, group="experiments"):
    known = find.figures(group) if figure else find.tables(group)
    return known[name](tables)


@pytest.mark.parametrize("name", ["phase_diagram", "exponents", "condensation"])
def test_without_theory_the_figures_tell_what_was_measured(name):
    text = found(experiment(activation="tanh"), name, figure=True)
    assert ("the activation is not homogeneous" in text) == (name != "condensation")
    assert "regime" not in text
    assert "nan" not in text
    if name == "phase_diagram":
        assert "The crossings lie between gamma = 1 and 1." in text


@pytest.mark.parametrize("name", find.tables("experiments"))
def test_without_theory_every_table_has_its_words(name):
    text = found(experiment(activation="softplus"), name)
    assert text
    assert "nan" not in text


def test_the_boundary_is_told_with_its_distance_from_theory():
    text = found(experiment(), "phase_diagram", figure=True)
    # Beyond gamma' = 0 the boundary is gamma = 1.5, outside of the grid.
    assert "positive in 1 of 2 rows of gamma'" in text
    assert "There is no crossing at gamma' = 0.5." in text
    assert "no standard error" in text
    assert "16 networks, all trained to the tolerance." in text
    shifted = experiment(off=0.05)
    distance = shifted["metrics"]["boundary_error_mean"]
    assert distance == pytest.approx(0.05, abs=0.01)
    assert f"by {distance:.3g} in gamma on average" in found(shifted, "boundary")


def test_slopes_are_told_with_the_point_that_is_farthest():
    text = found(experiment(), "exponents", figure=True)
    assert "over 8 points" in text
    tables = experiment()
    tables["slopes"].loc[5, "slope"] += 0.7
    worst = tables["slopes"].loc[5]
    tables["metrics"] = summary.summarise(tables["sweep"], tables["slopes"], tables["boundary"])
    text = found(tables, "slopes")
    assert f"by 0.7 at most, at (gamma, gamma') = ({worst['gamma']:g}, 0.5)" in text


def test_networks_that_did_not_converge_are_counted_with_the_reason():
    text = found(experiment(failed=4), "sweep")
    assert "16 networks, of which 12 (75%) were trained to the tolerance" in text
    assert "4 ended with status ``step_limit`` (steps_used_up)" in text


def test_condensation_and_distances_are_told_by_regime():
    tables = experiment()
    text = found(tables, "condensation", figure=True)
    assert "In the linear regime C is 0.1 in the median over 6 points at m = 1,000" in text
    assert "in the condensed regime C is 0.3 in the median over 2 points at m = 1,000" in text
    # Synthetic C grows by (1000 - 100) / 10000 where RD does, and nowhere else.
    assert "(+0 against m = 100, the changes being from +0 to +0)" in text
    assert "(+0.09 against m = 100, the changes being from +0.09 to +0.09)" in text
    assert "RD falls with the width at 6 of 6 points of the linear regime" in found(
        tables, "relative_distances"
    )


def test_tables_without_a_single_slope_are_told_too():
    tables = experiment(failed=16)
    for name, finding in find.tables("experiments").items():
        assert finding(tables), name
    for name, finding in find.figures("experiments").items():
        assert finding(tables), name
    assert "in none of the 2 rows" in found(tables, "phase_diagram", figure=True)
    assert "No point of the grid has a slope." in found(tables, "slopes")


def test_scales_agree_or_do_not():
    point = {"gamma": 0.5, "gamma_prime": 0.0, "slope": -0.5, "theory": -0.5}
    same = {"sharing": "same", "rd_difference_max": 3e-15, "slope_difference": 0.0}
    other = {"sharing": "independent", "slope_difference": 0.25}
    fits = pd.DataFrame([point | same, point | other | {"slope_difference_standard_error": 0.1}])
    text = found({"fits": fits}, "scales", figure=True, group="scales")
    assert "to 3e-15 relative at most" in text
    assert "differs by 0.25 at most, at (0.5, 0), which is 2.5 standard errors; 0 of 1 " in text


def test_kernels_tell_the_ratio_of_clear_modes_of_the_widest_networks():
    rows = [(10, 0, 1.0, 9.0), (20, 0, 1.0, 1.5), (20, 1, 0.5, 1.1), (20, 2, 1e-4, 50.0)]
    modes = pd.DataFrame(rows, columns=["width", "mode", "amplitude", "ratio"])
    modes = modes.assign(gamma=0.5, gamma_prime=0.0, seed=0)
    text = found({"modes": modes}, "loss_decay", figure=True, group="kernels")
    assert "With m = 20. At (0.5, 0) modes decay at 1.3 times their eigenvalue" in text
    assert "(1.1 to 1.5, 2 modes of 1 network)" in text


def test_descents_tell_the_ratio_and_the_largest_difference():
    networks = pd.DataFrame({"ratio": [1.0, 3.0, np.nan], "status": ["converged"] * 2 + ["x"]})
    fitted = pd.DataFrame({"gamma": [1.0, 1.5], "gamma_prime": 0.0, "difference": [0.1, -0.4]})
    text = found({"networks": networks, "slopes": fitted}, "descent", figure=True, group="descents")
    assert "2 of 3 networks came to the tolerance. RD by descent is 2 times" in text
    assert "by 0.25 in the median over 2 points, by 0.4 at most, at (1.5, 0)." in text


def test_limits_count_the_points_within_their_uncertainty():
    fits = pd.DataFrame(
        {
            "source": "random",
            "gamma": [1.0, 1.5],
            "gamma_prime": 0.0,
            "chosen": 1.0,
            "slope": [0.01, 0.5],
            "uncertainty": [0.02, 0.1],
            "theory": [0.0, 0.25],
        }
    )
    local = pd.DataFrame({"source": ["random"], "width_from": [10.0], "width_to": [1e30]})
    tables = {"extrapolations": fits, "local_slopes": local}
    text = found(tables, "local_slopes", figure=True, group="local_slopes")
    assert "1 local slope of random neurons between m = 10 and 1e30." in text
    assert "off the closed form by 0.25 at most, at (1.5, 0) (0.50 ± 0.10, theory 0.25)" in text
    assert "1 of 2 points agree" in text
