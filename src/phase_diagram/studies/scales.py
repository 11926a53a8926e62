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
    chosen: Scales, *, problem: Problem, tolerance: float, activation: str = "relu"
) -> dict[str, pd.DataFrame]:
    """Train networks of equal (gamma, gamma_prime) and different (alpha, beta1, beta2).

    Parameters
    ----------
    chosen : Scales
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
    for point in chosen.points:
        for sharing in (SAME, INDEPENDENT):
            for place, exponent in enumerate(chosen.beta2_exponents):
                first = place * chosen.seeds if sharing == INDEPENDENT else 0
                for width in chosen.widths:
                    for seed in range(first, first + chosen.seeds):
                        one = _Network(point, width, exponent, seed)
                        if one not in done:
                            began = time.perf_counter()
                            done[one] = _train(one, data, basis, training)
                            took = time.perf_counter() - began
                            seconds.append((*point, width, seed, took))
                        rows.append((*point, width, seed, *_scales(one, sharing), *done[one]))
    networks = pd.DataFrame(rows, columns=list(TABLES["networks"]))
    return {
        "networks": networks,
        "fits": _fits(networks),
        "seconds": pd.DataFrame(seconds, columns=list(trained.SECONDS_COLUMNS)),
    }


def _scales(one: _Network, sharing: str) -> tuple[Any, ...]:
    place = _place(one)
    # "0.0" and "-0.0" are the same exponent.
    triple = f"beta2 = m^{-one.beta2_exponent + 0.0:g}"
    return triple, place.alpha, place.beta1, place.beta2, one.beta2_exponent, sharing


def _place(one: _Network) -> scaling.Scaling:
    beta2 = float(one.width) ** -one.beta2_exponent
    return scaling.from_exponents(*one.point, one.width, beta2=beta2)


def _train(
    one: _Network, data: tuple[Tensor, Tensor], basis: NDArray[np.float64], training: Training
) -> tuple[Any, ...]:
    """RD, loss, steps and status of one network, trained in its original variables."""
    place = _place(one)
    normal = trained.draw(one.seed, one.width, basis, training)
    initial = Neurons(place.beta1 * normal.a, place.beta2 * normal.w, place.beta2 * normal.norm)
    # With these two scales the normalised equations are those of the original variables.
    scales = 1 / place.alpha, 1.0
    network, a, w = trained.set_up(data, [initial], [scales], one.width, training)
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
        one.loc[slopes.fitted(one)].set_index(["width", "seed"])["rd"] for one in (other, first)
    ]
    return float((ratios[0] / ratios[1] - 1.0).abs().max())


def _slope_difference(first: pd.Series, other: pd.Series, sharing: str) -> tuple[float, float]:
    difference = float(other["slope"] - first["slope"])
    if sharing == SAME or other is first:
        return difference, math.nan
    errors = [float(one["slope_standard_error"]) for one in (first, other)]
    return difference, math.hypot(*errors)
