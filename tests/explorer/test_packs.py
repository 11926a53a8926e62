"""Packs against the tables and views that they are made from."""

import numpy as np
import pandas as pd
import pytest
from small_experiments import NAMES, POINTS, WIDTHS, measured, packs

from phase_diagram.errors import InputError
from phase_diagram.explorer import pack
from phase_diagram.plane import theory


@pytest.mark.parametrize("name", NAMES)
def test_points_and_numbers_are_those_of_the_tables(name):
    views, tables = measured(name)
    header, arrays = pack.unpack(packs()[name])
    points = list(zip(arrays["gamma"].tolist(), arrays["gamma_prime"].tolist(), strict=True))
    assert points == POINTS  # to the last bit
    fitted = tables["slopes"].set_index(["gamma", "gamma_prime"]).reindex(POINTS)
    assert header["has_theory"] == fitted["theory"].notna().all()
    for column in ("slope", "slope_standard_error", "theory", "networks", "converged"):
        np.testing.assert_array_equal(arrays[column], fitted[column])
    for array in pack.TAKEN:
        np.testing.assert_array_equal(arrays[array], getattr(views, array))
    for place, width in enumerate(header["widths"]):
        distances = tables["distances"]
        here = distances[distances["width"].astype(float) == width]
        here = here.set_index(["gamma", "gamma_prime"]).reindex(POINTS)
        np.testing.assert_allclose(arrays["distances"][:, place], np.log10(here["rd"]), rtol=1e-6)
        np.testing.assert_allclose(arrays["order"][:, place], here["condensation"], rtol=1e-6)


def test_the_line_of_the_fit_goes_through_the_centre():
    _, arrays = pack.unpack(packs()["line"])
    # Two widths and one seed: the line goes through both networks.
    reach = np.log10(WIDTHS) - arrays["centre"][:, :1]
    line = arrays["centre"][:, 1:] + arrays["slope"][:, None] * reach
    np.testing.assert_allclose(line, arrays["distances"], rtol=0, atol=1e-5)


def test_regimes_boundary_and_plane_are_those_of_theory():
    _, tables = measured("line")
    header, arrays = pack.unpack(packs()["line"])
    assert header["regimes"] == theory.regime(*np.array(POINTS).T).tolist()
    assert header["wedges"] == theory.wedge(*np.array(POINTS).T).tolist()
    found = tables["boundary"].dropna(subset="gamma")
    assert [row[:2] for row in header["boundary"]] == found[
        ["gamma", "gamma_prime"]
    ].values.tolist()
    corners = np.array(header["theory_boundary"])
    np.testing.assert_array_equal(corners[:, 0], theory.boundary(corners[:, 1]))
    assert header["plane"]["gamma"]["centres"] == sorted(set(arrays["gamma"]))
    assert len(header["plane"]["gamma"]["edges"]) == len(header["plane"]["gamma"]["centres"]) + 1


def test_points_that_a_table_lacks_are_not_known():
    views, tables = measured("line")
    fewer = {**tables, "slopes": tables["slopes"].iloc[1:]}
    _, arrays = pack.unpack(pack.pack("line", views, **fewer))
    assert np.isnan(arrays["slope"][0]) and np.isfinite(arrays["slope"][1:]).all()
    assert arrays["networks"][0] == 0


def test_points_without_a_view_are_refused():
    views, tables = measured("line")
    other = tables["slopes"].iloc[[0]].assign(gamma=9.0)
    more = {**tables, "slopes": pd.concat([tables["slopes"], other])}
    with pytest.raises(InputError, match=r"line/slopes\.csv: has 1 grid points .*9\.0"):
        pack.pack("line", views, **more)


def test_packs_are_the_same_every_time(tmp_path):
    name = "line"
    views, tables = measured(name)
    again = pack.pack(name, views, **tables)
    assert again == packs()[name]
    pack.write(tmp_path / "one.pack", again)
    assert (tmp_path / "one.pack").read_bytes() == again
