"""From networks to slopes, regimes and words."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from probed import DATA, Features, two_layers
from torch import nn

import phase_diagram
from phase_diagram import probe
from phase_diagram.probing import regimes
from phase_diagram.probing.result import ALL, COLUMNS, Probe


def made(rows: list[dict[str, object]], confidence: float = 0.95) -> Probe:
    usual = {
        "seed": 0,
        "size": 10,
        "start": 1.0,
        "status": "converged",
        "reason": "tolerance",
        "mean_squared_error": 1e-7,
        "steps": 9,
        "seconds": 0.1,
    }
    table = pd.DataFrame([{**usual, **row} for row in rows])
    table = table.assign(movement=table["rd"].fillna(2.0) * table["start"])
    return Probe("some", 1e-6, confidence, 0.05, table[list(COLUMNS)])


def power(name: str, exponent: float, scatter: float = 0.01) -> list[dict[str, object]]:
    return [
        {"parameter": name, "width": m, "seed": s, "rd": m**exponent * math.exp(scatter * (s - 1))}
        for m in (10, 100, 1000)
        for s in range(3)
    ]


def test_slopes_and_regimes_are_those_of_the_powers() -> None:
    found = made([*power("one", -0.5), *power("two", 0.25), *power("three", 0.0)])
    table = found.summary.set_index("parameter")
    assert table["slope"].to_numpy() == pytest.approx([-0.5, 0.25, 0.0], abs=1e-9)
    assert table["regime"].tolist() == ["linear", "condensed", "critical"]
    assert table["networks"].tolist() == [9] * 3
    assert found.verdict == (
        "linear (lazy): one; critical (between lazy and rich): three; condensed (rich): two"
    )


def test_scatter_makes_a_slope_undecided() -> None:
    (row,) = made(power("one", -0.1, scatter=1.0)).summary.to_dict(orient="records")
    assert row["slope"] == pytest.approx(-0.1)
    assert row["regime"] == "undecided"
    half = row["slope_high"] - row["slope"]
    # Student's t of seven degrees of freedom, as tables have it.
    assert half == pytest.approx(2.3646 * row["slope_standard_error"], rel=1e-4)


def test_confidence_decides() -> None:
    rows = power("one", -0.1, scatter=0.3)
    assert made(rows, confidence=0.5).summary.loc[0, "regime"] == "linear"
    assert made(rows, confidence=0.999).summary.loc[0, "regime"] == "undecided"


def test_two_networks_decide_nothing() -> None:
    rows = [row for row in power("one", -0.5) if row["seed"] == 0 and row["width"] != 10]
    (row,) = made(rows).summary.to_dict(orient="records")
    assert row["slope"] == pytest.approx(-0.5)
    assert math.isnan(row["slope_low"])
    assert row["regime"] == "undecided"


def test_networks_that_did_not_converge_do_not_count() -> None:
    rows = power("one", -0.5)
    rows[0] |= {"rd": 1e9, "status": "step_limit", "reason": "at_rest"}
    found = made(rows)
    assert found.summary.loc[0, "slope"] == pytest.approx(-0.5, abs=0.01)
    first = found.distances.iloc[0]
    assert (first["networks"], first["converged"]) == (3, 2)
    assert first["rd"] < 1.0


@given(slope=st.floats(-3, 3), error=st.floats(0, 2), networks=st.integers(3, 30), up=st.booleans())
def test_regimes_are_symmetric_and_leave_out_zero(
    slope: float, error: float, networks: int, up: bool
) -> None:
    low, high = regimes.interval(slope, error, networks, 0.95)
    assert low <= slope <= high
    found, mirrored = regimes.regime(low, high), regimes.regime(-high, -low)
    other = {"linear": "condensed", "condensed": "linear"}
    assert mirrored == other.get(found, found)
    assert (found == "critical") == (max(-low, high) <= regimes.MARGIN)
    assert found not in other or low > 0 or high < 0


def test_a_parameter_that_starts_at_zero_has_a_movement_alone() -> None:
    def make(width: int, input_size: int) -> nn.Module:
        layers = nn.Linear(input_size, width), nn.Tanh(), nn.Linear(width, 1)
        nn.init.zeros_(layers[0].bias)
        return nn.Sequential(*layers)

    found = probe(make, *DATA, (20, 60), seeds=2, tolerance=1e-3)
    row = found.summary.set_index("parameter").loc["0.bias"]
    assert (row["note"], row["regime"], row["networks"]) == ("starts at zero", "undefined", 0)
    assert math.isnan(row["slope"])
    moved = found.networks[found.networks["parameter"] == "0.bias"]
    assert (moved["movement"] > 0).all()
    assert moved["rd"].isna().all()
    assert "starts at zero: moved" in str(found)
    assert "0.bias" not in found.verdict


def test_a_parameter_that_does_not_move_says_so() -> None:
    class Unused(Features):
        def __init__(self, width: int) -> None:
            super().__init__(width)
            self.unused = nn.Parameter(self.weight.detach().clone())

    found = probe(Unused, *DATA, (20, 60), seeds=1, tolerance=1e-3)
    row = found.summary.set_index("parameter").loc["unused"]
    assert (row["note"], row["regime"]) == ("does not move", "undefined")


def test_tables_of_real_networks_fit_together() -> None:
    found = probe(two_layers(0.5, 0.0), *DATA, (40, 20), seeds=2, tolerance=1e-3)
    table = found.networks
    assert list(table.columns) == list(COLUMNS)
    assert table["parameter"].drop_duplicates().tolist() == ["a", "w", ALL]
    assert table["width"].tolist() == [20, 20, 40, 40] * 3
    squares = table.assign(of=np.where(table["parameter"] == ALL, "all", "parts"))
    totals = (squares[["start", "movement"]] ** 2).assign(
        of=squares["of"], width=squares["width"], seed=squares["seed"]
    )
    sums = totals.groupby(["of", "width", "seed"]).sum()
    assert np.allclose(sums.loc["all"], sums.loc["parts"])
    assert np.allclose(table["rd"], table["movement"] / table["start"])
    read = json.loads(found.to_json())
    assert [one["parameter"] for one in read["parameters"]] == ["a", "w", ALL]
    assert read["parameters"][0]["widths"][1]["width"] == 40
    assert len(read["networks"]) == 12


def test_json_has_null_for_what_does_not_exist() -> None:
    rows = [row for row in power("one", -0.5) if row["seed"] == 0 and row["width"] != 10]
    (one,) = json.loads(made(rows).to_json())["parameters"]
    assert one["slope_low"] is None


def test_several_outputs() -> None:
    targets = np.column_stack([DATA[1], -(DATA[1] ** 2)])

    def make(width: int, output_size: int) -> nn.Module:
        return Features(width, output_size)

    found = probe(make, DATA[0], targets, (30, 100), seeds=2, tolerance=1e-4)
    assert set(found.networks["reason"]) == {"tolerance"}
    assert found.networks["size"].max() == 200


def test_the_package_has_probe_and_no_other_names() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = phase_diagram.nothing
