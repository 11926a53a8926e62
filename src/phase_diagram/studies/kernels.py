"""Kernels: does training follow the tangent kernel at initialisation? (Luo et al. 2021, section 3)

In the linear regime the loss decays exponentially, each mode of the kernel at the rate of its
eigenvalue, and the learned function approaches that of the frozen kernel as the width grows. In
the condensed regime neither is true.
"""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram.datasets.problem import Problem
from phase_diagram.fits import regression
from phase_diagram.flow.outcome import Status
from phase_diagram.studies.shared import decay_rate, frozen_kernel, infinite_width
from phase_diagram.studies.shared.frozen_kernel import FrozenKernel
from phase_diagram.training import Training
from phase_diagram.two_layer import trained
from phase_diagram.two_layer.new_inputs import new_inputs, span

_NETWORK = ("gamma", "gamma_prime", "width", "seed")

TABLES = {
    "decay": (*_NETWORK, "index", "time_normalised", "loss", "mode", "amplitude"),
    "modes": (*_NETWORK, "mode", "eigenvalue", "amplitude", "rate", "ratio", "records"),
    "distances": (*_NETWORK, "kernel", "distance", "status"),
    "distance_fits": (
        "gamma",
        "gamma_prime",
        "kernel",
        "slope",
        "slope_standard_error",
        "networks",
        "converged",
        "width",
        "distance",
        "distance_standard_error",
    ),
}

# Small steps, because residuals are compared during training, not only at its end.
STEP_TOLERANCE = 1e-3


class Kernels(Protocol):
    """Settings of the study: as in params.yaml, studies.kernels."""

    @property
    def points(self) -> Sequence[Sequence[float]]:
        """Pairs (gamma, gamma_prime)."""

    @property
    def widths(self) -> Sequence[int]:
        """Numbers of neurons."""

    @property
    def seeds(self) -> int:
        """Number of networks per point and width: seeds 0, 1, ..."""


def measure(study: Kernels, *, problem: Problem, tolerance: float) -> dict[str, pd.DataFrame]:
    """Train networks and compare them with training under a frozen tangent kernel.

    Parameters
    ----------
    study : Kernels
        points (gamma, gamma_prime), widths and the number of seeds.
    problem : Problem
    tolerance : float
        Mean squared error at which training ends.

    Returns
    -------
    dict of DataFrame
        - decay: the largest width, seed 0: at each step normalised time, loss R and the amplitude
          of the residual in each mode of the kernel at initialisation (mode 0 is the fastest).
        - modes: all networks: per mode the eigenvalue of the kernel, the amplitude at the start,
          its decay rate (decay_rate.py), their ratio and the number of records in the fit.
        - distances: all networks: RMS difference at new inputs (`new_inputs`) between the
          trained network and training under a frozen kernel for the same time, relative to the
          RMS of the targets. kernel: that of the network itself at initialisation (initial), or
          that of infinite width (infinite); both start from the network's own initial output.
        - distance_fits: per point and kernel the slope of log distance against log m over the
          converged networks with its standard error, and the mean distance at the largest
          width with its own.
        - seconds: training times, see `trained.SECONDS_COLUMNS`.
    """
    rows: dict[str, list[pd.DataFrame]] = {"decay": [], "modes": [], "distances": []}
    seconds = []
    largest = max(study.widths)
    for gamma, gamma_prime in (map(float, point) for point in study.points):
        for width in sorted(study.widths):
            for seed in range(study.seeds):
                point = gamma, gamma_prime
                tables, elapsed = _measure_one(problem, point, width, seed, tolerance)
                seconds.append((*point, width, seed, elapsed))
                for name, table in tables.items():
                    if name == "decay" and (width, seed) != (largest, 0):
                        continue
                    named = table.assign(
                        gamma=gamma, gamma_prime=gamma_prime, width=width, seed=seed
                    )
                    rows[name].append(named[list(TABLES[name])])
    tables = {name: pd.concat(frames, ignore_index=True) for name, frames in rows.items()}
    return {
        **tables,
        "distance_fits": fit_distances(tables["distances"]),
        "seconds": pd.DataFrame(seconds, columns=list(trained.SECONDS_COLUMNS)),
    }


def fit_distances(distances: pd.DataFrame) -> pd.DataFrame:
    """Fit how the distances fall with the width; see `measure`."""
    rows = []
    keys = ["gamma", "gamma_prime", "kernel"]
    for (gamma, gamma_prime, kernel), networks in distances.groupby(keys, sort=False):
        used = networks[(networks["status"] == Status.CONVERGED) & (networks["distance"] > 0)]
        largest = networks["width"].max()
        last = used.loc[used["width"] == largest, "distance"]
        rows.append(
            (
                gamma,
                gamma_prime,
                kernel,
                *regression.slope(
                    *(np.log(used[name].to_numpy()) for name in ("width", "distance"))
                ),
                len(networks),
                len(used),
                largest,
                last.mean(),
                last.sem(),
            )
        )
    return pd.DataFrame(rows, columns=list(TABLES["distance_fits"]))


def _measure_one(
    problem: Problem, point: tuple[float, float], width: int, seed: int, tolerance: float
) -> tuple[dict[str, pd.DataFrame], float]:
    """The tables of one network, without its name, and its training time in seconds."""
    time: list[float] = []
    residuals: list[Tensor] = []

    def observe(_: int, now: float, residual: Tensor) -> None:
        time.append(now)
        residuals.append(residual.clone())

    training = Training(tolerance=tolerance)
    network = trained.train(
        problem, point, width, seed, training, step_tolerance=STEP_TOLERANCE, observe=observe
    )
    new = torch.tensor(new_inputs(problem) @ span(problem).basis.T)
    initial = frozen_kernel.of_network(network.network, network.a, network.w, new)
    infinite = infinite_width.frozen_kernel(
        network.network, width, new, residual=initial.residual, output=initial.output
    )
    final = trained.output_at(network.network, network.final_a, network.final_w, new)
    amplitudes = torch.stack([initial.amplitudes(residual) for residual in residuals]).numpy()
    loss = torch.stack(residuals).square().mean(1).numpy() / 2
    tables = {
        "decay": _decay(np.array(time), loss, amplitudes[:, ::-1]),
        "modes": _modes(np.array(time), initial.rates.numpy()[::-1], amplitudes[:, ::-1]),
        "distances": pd.DataFrame(
            {
                "kernel": ["initial", "infinite"],
                "distance": [
                    _distance(problem, final, frozen, network.outcome.time)
                    for frozen in (initial, infinite)
                ],
                "status": str(network.outcome.status),
            }
        ),
    }
    return tables, network.seconds


def _decay(
    time: NDArray[np.float64], loss: NDArray[np.float64], amplitudes: NDArray[np.float64]
) -> pd.DataFrame:
    records, modes = amplitudes.shape
    return pd.DataFrame(
        {
            "index": np.repeat(np.arange(records), modes),
            "time_normalised": np.repeat(time, modes),
            "loss": np.repeat(loss, modes),
            "mode": np.tile(np.arange(modes), records),
            "amplitude": amplitudes.ravel(),
        }
    )


def _modes(
    time: NDArray[np.float64], eigenvalues: NDArray[np.float64], amplitudes: NDArray[np.float64]
) -> pd.DataFrame:
    rows = []
    for mode, (eigenvalue, amplitude) in enumerate(zip(eigenvalues, amplitudes.T, strict=True)):
        rate, records = decay_rate.fit(time, amplitude)
        ratio = rate / eigenvalue if eigenvalue > 0 else math.nan
        rows.append((mode, eigenvalue, amplitude[0], rate, ratio, records))
    return pd.DataFrame(rows, columns=list(TABLES["modes"][len(_NETWORK) :]))


def _distance(problem: Problem, final: Tensor, frozen: FrozenKernel, time: float) -> float:
    difference = (final - frozen.output_after(time)).square().mean().sqrt()
    return float(difference) / float(np.sqrt(np.mean(problem.targets**2)))
