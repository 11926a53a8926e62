"""Portraits of single networks: functions and neurons (Luo et al. 2021, figure 2)."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram.datasets.problem import Problem
from phase_diagram.observables import observables
from phase_diagram.observables.condensation import condensation
from phase_diagram.plane import theory
from phase_diagram.studies.shared import frozen_kernel, orientations
from phase_diagram.training import Training
from phase_diagram.two_layer import trained
from phase_diagram.two_layer.new_inputs import is_line, new_inputs, span
from phase_diagram.two_layer.trained import Trained

TABLES = {
    "functions": (
        "gamma",
        "gamma_prime",
        "x",
        "f_initial",
        "f_final",
        "kernel_prediction",
        "linear_spline",
        "target",
    ),
    "neurons": (
        "gamma",
        "gamma_prime",
        "index",
        "orientation_initial",
        "amplitude_initial",
        "orientation_final",
        "amplitude_final",
    ),
    "summary": (
        "gamma",
        "gamma_prime",
        "regime",
        "width",
        "seed",
        "status",
        "loss",
        "rd",
        "condensation_initial",
        "condensation_final",
        "orientations_initial",
        "orientations_final",
        "kernel_distance",
        "spline_distance",
    ),
}


class Portraits(Protocol):
    """Settings of the study: as in params.yaml, studies.portraits."""

    @property
    def points(self) -> Sequence[Sequence[float]]:
        """Pairs (gamma, gamma_prime)."""

    @property
    def width(self) -> int:
        """Number of neurons."""

    @property
    def seed(self) -> int:
        """Seed of the initial neurons."""


def measure(
    study: Portraits, *, problem: Problem, tolerance: float, activation: str = "relu"
) -> dict[str, pd.DataFrame]:
    """Train one network at each point, and tabulate its functions and neurons.

    Parameters
    ----------
    study : Portraits
        points (gamma, gamma_prime), width and seed.
    problem : Problem
    tolerance : float
        Mean squared error at which training ends.
    activation : str
        A key of `activations.ACTIVATIONS`.

    Returns
    -------
    dict of DataFrame
        - functions: f before and after training on the line, the prediction of this network's
          frozen tangent kernel for the same time, and the piecewise linear interpolation of the
          data (NaN beyond them). Rows on an even grid, and one for each training point, with its
          target. Empty if there is more than one input dimension.
        - neurons: orientation and amplitude |a||w| in the span of the inputs. On the line the angle
          of (w, b) in radian, else the cosine with the all-ones vector projected to the span.
        - summary: a row per point. condensation: condensation.py. orientations: the number that
          carry 95% of the amplitude (orientations.py). Distances: RMS difference between f and
          the kernel's prediction, or the interpolation, over the grid within the data's range
          (or at midpoints between training inputs); in the units of the targets.
        - seconds: training times, see `trained.SECONDS_COLUMNS`.
    """
    rows: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    seconds = []
    known = theory.applies(activation)
    training = Training(tolerance=tolerance, activation=activation)
    for gamma, gamma_prime in (map(float, point) for point in study.points):
        key = (gamma, gamma_prime), study.width, study.seed
        network = trained.train(problem, *key, training)
        seconds.append((gamma, gamma_prime, study.width, study.seed, network.seconds))
        functions = _functions(problem, network)
        tables = {
            "functions": functions if is_line(problem) else functions[:0],
            "neurons": _neurons(problem, network),
            "summary": _summary(problem, network, functions).assign(
                regime=theory.regime(gamma, gamma_prime) if known else theory.NO_REGIME,
                width=study.width,
                seed=study.seed,
            ),
        }
        for name, table in tables.items():
            point = table.assign(gamma=gamma, gamma_prime=gamma_prime)
            rows[name].append(point[list(TABLES[name])])
    return {
        **{name: pd.concat(tables, ignore_index=True) for name, tables in rows.items()},
        "seconds": pd.DataFrame(seconds, columns=list(trained.SECONDS_COLUMNS)),
    }


def _functions(problem: Problem, network: Trained) -> pd.DataFrame:
    new = new_inputs(problem)
    points, target = new, np.full(len(new), np.nan)
    if is_line(problem):
        points = np.concatenate([new, problem.inputs])
        target = np.concatenate([target, problem.targets])
        order = np.argsort(points[:, 0], kind="stable")
        points, target = points[order], target[order]
    reduced = torch.tensor(points @ span(problem).basis.T)
    frozen = frozen_kernel.of_network(network.network, network.a, network.w, reduced)
    final = network.network, network.final_a, network.final_w
    return pd.DataFrame(
        {
            "x": points[:, 0],
            "f_initial": frozen.output,
            "f_final": trained.output_at(*final, reduced),
            "kernel_prediction": frozen.output_after(network.outcome.time),
            "linear_spline": _spline(problem, points[:, 0]),
            "target": target,
        }
    )


def _spline(problem: Problem, x: NDArray[np.float64]) -> NDArray[np.float64]:
    if not is_line(problem):
        return np.full(len(x), np.nan)
    data = pd.Series(problem.targets).groupby(problem.inputs[:, 0]).mean()
    return np.interp(x, data.index.to_numpy(), data.to_numpy(), left=np.nan, right=np.nan)


def _neurons(problem: Problem, network: Trained) -> pd.DataFrame:
    columns = {}
    for name, a, w in (
        ("initial", network.a[0], network.w[0]),
        ("final", network.final_a[0], network.final_w[0]),
    ):
        columns[f"orientation_{name}"] = observables.orientation(w, _reference(problem))
        columns[f"amplitude_{name}"] = observables.amplitude(a, w)
    return pd.DataFrame({"index": np.arange(len(network.a[0])), **columns})


def _reference(problem: Problem) -> Tensor | None:
    if is_line(problem):
        return None
    basis = span(problem).basis
    return torch.from_numpy(basis @ np.ones(basis.shape[1]))


def _summary(problem: Problem, network: Trained, functions: pd.DataFrame) -> pd.DataFrame:
    grid = functions[functions["target"].isna()]
    if is_line(problem):
        low, high = problem.inputs[:, 0].min(), problem.inputs[:, 0].max()
        grid = grid[grid["x"].between(low, high)]
    before, after = (network.a[0], network.w[0]), (network.final_a[0], network.final_w[0])
    row = {
        "status": str(network.outcome.status),
        "loss": observables.loss(network.outcome.residual),
        "rd": network.relative_distance,
        "condensation_initial": condensation(*before),
        "condensation_final": condensation(*after),
        "orientations_initial": orientations.count(*before),
        "orientations_final": orientations.count(*after),
    }
    for name, column in (("kernel", "kernel_prediction"), ("spline", "linear_spline")):
        squares = (grid["f_final"] - grid[column]) ** 2
        row[f"{name}_distance"] = float(np.sqrt(squares.mean()))
    return pd.DataFrame([row])
