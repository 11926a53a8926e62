"""Different (alpha, beta1, beta2) at equal (gamma, gamma_prime): Luo et al. 2021, figure 3 d.

Only kappa = beta1 beta2 / alpha and kappa_prime = beta1 / beta2 enter the normalised dynamics
(docs/theory.md section 1), so triples with equal kappa and kappa_prime must have equal RD. Here
networks are trained in their original variables, f = (1/alpha) sum_k a_k relu(w_k . x) with
a_k ~ N(0, beta1^2) and w_k ~ N(0, beta2^2 I), by the same code with different floating-point
numbers. This checks both the theory and the solver, whose results must not depend on units.
"""

import math
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram.datasets.problem import Problem
from phase_diagram.fits import slopes
from phase_diagram.observables import observables
from phase_diagram.plane import scaling
from phase_diagram.training import Training
from phase_diagram.two_layer import trained
from phase_diagram.two_layer.new_inputs import span
from phase_diagram.two_layer.start.neurons import Neurons

POINT = ("gamma", "gamma_prime")
TABLES: dict[str, tuple[str, ...]] = {
    "networks": (
        *POINT,
        *("width", "seed", "triple", "alpha", "beta1", "beta2", "beta2_exponent", "sharing"),
        *("rd", "loss", "steps", "status"),
    ),
    "fits": (
        *POINT,
        *("triple", "beta2_exponent", "sharing", "slope", "slope_standard_error", "theory"),
        *("networks", "converged"),
        *("rd_difference_max", "slope_difference", "slope_difference_standard_error"),
    ),
}

SAME, INDEPENDENT = "same", "independent"


class Scales(Protocol):
    """Settings of the study: as in params.yaml, studies.scales."""

    @property
    def points(self) -> Sequence[tuple[float, float]]:
        """Pairs (gamma, gamma_prime)."""

    @property
    def beta2_exponents(self) -> Sequence[float]:
        """Exponents of beta2 = m^-exponent."""

    @property
    def widths(self) -> Sequence[int]:
        """Numbers of neurons."""

    @property
    def seeds(self) -> int:
        """Number of networks per point, width and triple: seeds 0, 1, ..."""


class _Network(NamedTuple):
    point: tuple[float, float]
    width: int
    beta2_exponent: float
    seed: int


def measure(
    study: Scales, *, problem: Problem, tolerance: float, activation: str = "relu"
) -> dict[str, pd.DataFrame]:
    """Train networks of equal (gamma, gamma_prime) and different (alpha, beta1, beta2).

    Parameters
    ----------
    study : Scales
        `points` (gamma, gamma_prime); `beta2_exponents`, of beta2 = m^-exponent, from which beta1
        and alpha follow (scaling.from_exponents); `widths`; `seeds`, per width and triple.
    problem : Problem
    tolerance : float
        Mean squared error at which training ends.
    activation : str
        A key of `activations.ACTIVATIONS`. It must be homogeneous: otherwise networks with equal
        kappa and kappa_prime differ.

    Returns
    -------
    dict
        `networks`: a row per network. `triple`: names (alpha, beta1, beta2) by its beta2.
        `sharing`: "same" if the triples start from the same normalised neurons, seeds 0 to
        `seeds` - 1; "independent" if each triple has different seeds, those of the first again
        being 0 to `seeds` - 1.

        `fits`: a row per point, sharing and triple, with S_w as in slopes.csv.
        `rd_difference_max`: the largest relative difference in RD to the same neurons under the
        first triple, over all widths and seeds; NaN if the neurons differ.
        `slope_difference`: S_w minus that of the first triple, with its standard error, which is
        NaN if the two are not independent. All are dimensionless.

        `seconds`: training times, see `trained.SECONDS_COLUMNS`; a row per network trained.

    Raises
    ------
    InputError
        If a scale does not fit a float.
    """
    inputs, basis = span(problem)
    data = torch.tensor(inputs), torch.tensor(problem.targets)
    training = Training(tolerance=tolerance, activation=activation)
    done: dict[_Network, tuple[Any, ...]] = {}
    seconds = []
    rows = []
    for point in study.points:
        for sharing in (SAME, INDEPENDENT):
            for place, exponent in enumerate(study.beta2_exponents):
                first = place * study.seeds if sharing == INDEPENDENT else 0
                for width in study.widths:
                    for seed in range(first, first + study.seeds):
                        key = _Network(point, width, exponent, seed)
                        if key not in done:
                            began = time.perf_counter()
                            done[key] = _train(key, data, basis, training)
                            elapsed = time.perf_counter() - began
                            seconds.append((*point, width, seed, elapsed))
                        rows.append((*point, width, seed, *_scales(key, sharing), *done[key]))
    networks = pd.DataFrame(rows, columns=list(TABLES["networks"]))
    return {
        "networks": networks,
        "fits": _fits(networks),
        "seconds": pd.DataFrame(seconds, columns=list(trained.SECONDS_COLUMNS)),
    }


def _scales(key: _Network, sharing: str) -> tuple[Any, ...]:
    place = _place(key)
    # "0.0" and "-0.0" are the same exponent.
    triple = f"beta2 = m^{-key.beta2_exponent + 0.0:g}"
    return triple, place.alpha, place.beta1, place.beta2, key.beta2_exponent, sharing


def _place(key: _Network) -> scaling.Scaling:
    beta2 = float(key.width) ** -key.beta2_exponent
    return scaling.from_exponents(*key.point, key.width, beta2=beta2)


def _train(
    key: _Network, data: tuple[Tensor, Tensor], basis: NDArray[np.float64], training: Training
) -> tuple[Any, ...]:
    """RD, loss, steps and status of one network, trained in its original variables."""
    place = _place(key)
    normal = trained.draw(key.seed, key.width, basis, training)
    initial = Neurons(place.beta1 * normal.a, place.beta2 * normal.w, place.beta2 * normal.norm)
    # With these two scales the normalised equations are those of the original variables.
    scales = 1 / place.alpha, 1.0
    network, a, w = trained.set_up(data, [initial], [scales], key.width, training)
    ((_, outcome),) = trained.solve(network, a, w, training)
    rd = observables.relative_distance(outcome.delta_w, initial.norm)
    return rd, observables.loss(outcome.residual), outcome.steps, str(outcome.status)


def _fits(networks: pd.DataFrame) -> pd.DataFrame:
    rows = []
    groups = networks.groupby([*POINT, "sharing"], sort=False)
    for keys, group in groups:
        sharing = str(keys[-1])
        first: tuple[pd.DataFrame, pd.Series] | None = None
        for labels, own in group.groupby(["triple", "beta2_exponent"], sort=False):
            fit = slopes.fit_slopes(own).iloc[0]
            first = (own, fit) if first is None else first
            rows.append(
                (
                    *(fit[key] for key in POINT),
                    *(*labels, sharing),
                    *(fit[key] for key in ("slope", "slope_standard_error", "theory")),
                    *(int(fit[key]) for key in ("networks", "converged")),
                    _largest_difference(first[0], own) if sharing == SAME else math.nan,
                    *_slope_difference(first[1], fit, sharing),
                )
            )
    return pd.DataFrame(rows, columns=list(TABLES["fits"]))


def _largest_difference(first: pd.DataFrame, other: pd.DataFrame) -> float:
    ratios = [
        networks.loc[slopes.fitted(networks)].set_index(["width", "seed"])["rd"]
        for networks in (other, first)
    ]
    return float((ratios[0] / ratios[1] - 1.0).abs().max())


def _slope_difference(first: pd.Series, other: pd.Series, sharing: str) -> tuple[float, float]:
    difference = float(other["slope"] - first["slope"])
    if sharing == SAME or other is first:
        return difference, math.nan
    errors = [float(fit["slope_standard_error"]) for fit in (first, other)]
    return difference, math.hypot(*errors)
