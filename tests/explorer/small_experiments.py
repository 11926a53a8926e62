"""Small experiments, from training to packs: on the line, in space, with gaps, without theory."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd

from phase_diagram.datasets.four_points import four_points
from phase_diagram.datasets.problem import Problem
from phase_diagram.explorer import pack, views
from phase_diagram.explorer.stored_views import Views
from phase_diagram.files import stored_networks
from phase_diagram.fits import boundary, slopes
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training

GAMMA, GAMMA_PRIME = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75), (-0.5, 0.0, 0.5)
POINTS = [(gamma, row) for row in GAMMA_PRIME for gamma in GAMMA]
WIDTHS = (60, 120)
LOOKS = SimpleNamespace(colour_map="RdBu", colour_limit=1.5)
TRAINING = Training(tolerance=1e-4)
# More input dimensions than one, and more than there are samples.
SPACE = Problem.from_features(
    "space", np.random.default_rng(1).standard_normal((6, 9)), [0.1, -0.4, 0.6, 0.3, -0.2, 0.5]
)


@cache
def line() -> Problem:
    return four_points()


def trained(
    problem: Problem, training: Training = TRAINING, widths: tuple[int, ...] = WIDTHS
) -> pd.DataFrame:
    """Train a network at each point and width: the table of a sweep."""
    networks = [sweep.Network(*point, width, 0) for point in POINTS for width in widths]
    found = [
        stored_networks.StoredNetwork(problem.name, *result.network, *result[1:-1])
        for result in sweep.train(problem, networks, training)
    ]
    frame = pd.DataFrame(found, columns=list(stored_networks.COLUMNS))
    return frame.sort_values(["gamma_prime", "gamma", "width", "seed"], ignore_index=True)


def tables(networks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give the tables of an experiment that are packed."""
    fitted = slopes.fit_slopes(networks)
    return {
        "slopes": fitted,
        "boundary": boundary.find_boundary(fitted, networks),
        "distances": slopes.relative_distances(networks),
        "sweep": networks,
    }


@cache
def measured(name: str) -> tuple[Views, dict[str, pd.DataFrame]]:
    """Give the views and tables of one of the experiments."""
    problem = SPACE if name == "space" else line()
    training, widths = TRAINING, WIDTHS
    if name == "one_width":
        shown, found = measured("line")
        networks = found["sweep"]
        return shown, tables(networks[networks["width"] == min(WIDTHS)].reset_index(drop=True))
    if name == "descent":
        # So few steps that some networks do not converge.
        training = Training("gradient_descent", 1e-4, step_limit=60)
    if name == "quadrature":
        training, widths = Training(tolerance=1e-4, quadrature=64), (10**6, 10**18)
    if name == "no_theory":
        training = Training(tolerance=0.1, activation="softplus")
    found = tables(trained(problem, training, widths))
    return views.measure(problem, POINTS, min(widths), training), found


NAMES = ("line", "space", "descent", "quadrature", "one_width", "no_theory")


@cache
def packs() -> dict[str, bytes]:
    """Give all packs, as the page takes them."""
    return {
        name: pack.pack(name, found[0], **found[1]) for name in NAMES if (found := measured(name))
    }
