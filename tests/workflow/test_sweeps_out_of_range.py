"""Sweeps of numbers out of range: they go on to the end, tables say why, figures show the gaps.

Six experiments, of which five have networks without a slope.
"""

import numpy as np
import pytest
from small_project import Project, assert_is_drawn

from phase_diagram.figures import condensation, exponents, phase_plane
from phase_diagram.files import stored_networks, tables
from phase_diagram.fits import boundary, slopes, wedges
from phase_diagram.flow.outcome import Reason
from phase_diagram.parameters.figures import FigureSettings

pytestmark = pytest.mark.slow

DATA = {
    "contradiction": "x1,y\n0.5,1\n0.5,-1\n1.0,0.3\n",
    "zero": "x1,y\n-1,0\n0.5,0\n1,0\n",
    "one_point": "x1,y\n0.3,1\n",
    "overfull": "x1,y\n-1,0.3\n-0.6,-0.3\n-0.2,0.4\n0.2,-0.2\n0.6,0.1\n1,0.3\n",
}
GRID = {"gamma": [0.75, 1.5], "gamma_prime": [-0.5, 0.0], "seeds": 2, "tolerance": 1e-4}
EXPERIMENTS = {
    **{
        name: {"dataset": f"data/user/{name}.csv", **GRID, "widths": [20, 40]}
        for name in ("contradiction", "zero", "one_point")
    },
    # Two neurons for six points; some hundred are enough, where training is lazy.
    "overfull": {"dataset": "data/user/overfull.csv", **GRID, "widths": [2, 200, 400]},
    "far": {
        "dataset": "four_points",
        **GRID,
        "gamma": [-5, 0, 1, 6],
        "widths": [20, 40],
    },
    "beyond": {
        "dataset": "four_points",
        **GRID,
        "quadrature": 64,
        "gamma": [-5, 0, 1, 1.5, 6],
        "gamma_prime": [-0.5, 0.0, 10],
        "widths": [1.0e30, 1.0e40],
    },
}
# Grid points without a slope; those of the others depend on how single networks end.
GAPS = {"contradiction": 4, "zero": 0, "one_point": 0, "beyond": 9}


@pytest.fixture(scope="module")
def ended(tmp_path_factory) -> Project:
    """Give a project after a run of all of these."""
    project = Project.create(tmp_path_factory.mktemp("range") / "with space")
    for name, text in DATA.items():
        project.path(f"data/user/{name}.csv").write_text(text)
    project.write_parameters({"experiments": EXPERIMENTS, "figures": {"dpi": 60}})
    done = project.snakemake()
    assert done.code == 0, done.text
    assert "Traceback" not in done.text and "Warning" not in done.text
    return project


def table(project: Project, name: str, kind: str, columns):
    return tables.read_csv(project.path(f"results/{name}/{kind}.csv"), columns)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_network_has_a_status_and_a_reason(ended, name):
    chosen = EXPERIMENTS[name]
    sweep = table(ended, name, "sweep", stored_networks.COLUMNS)
    grid = len(chosen["gamma"]) * len(chosen["gamma_prime"])
    assert len(sweep) == grid * len(chosen["widths"]) * chosen["seeds"]
    for row in sweep.itertuples():
        assert row.status == Reason(row.reason).status
        assert (row.status == "converged") == (2 * row.loss < chosen["tolerance"])
    found = set(sweep["status"])
    if name in ("zero", "one_point"):
        assert found == {"converged"}
    elif name == "contradiction":
        assert found <= {"step_limit", "diverged"}
    elif name == "overfull":
        converged = sweep["status"] == "converged"
        assert not converged[sweep["width"] == 2].any()
        assert converged[(sweep["width"] > 2) & (sweep["gamma"] < 1)].sum() >= 6  # of 8
    elif name == "beyond":
        assert "not_trained" in found
        inside = sweep["gamma"].between(0.9, 1.6) & (sweep["gamma_prime"] < 1)
        assert (sweep[inside]["status"] == "converged").all()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_figures_show_the_gaps(ended, name):
    for figure in ("phase_diagram", "exponents", "condensation"):
        assert_is_drawn(ended, f"{name}_{figure}")
    fitted = table(ended, name, "slopes", slopes.COLUMNS)
    missing = int(np.isnan(fitted["slope"]).sum())
    if name in GAPS:
        assert missing == GAPS[name]
    crossings = table(ended, name, "boundary", boundary.COLUMNS)
    looks = FigureSettings(dpi=60)
    plane = phase_plane.draw(fitted, crossings, looks, name)
    hatched = [artist for artist in plane.findobj() if artist.get_gid() == "no_slope"]
    assert sum(len(artist.get_paths()) for artist in hatched) == missing
    # The others are drawn from the same tables without a fault.
    exponents.draw(fitted, table(ended, name, "wedges", wedges.COLUMNS), looks, name)
    distances = table(ended, name, "relative_distances", slopes.DISTANCE_COLUMNS)
    condensation.draw(distances, crossings, looks, name)
