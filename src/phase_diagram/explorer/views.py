"""Views: what the explorer shows of each grid point, beside what the tables have.

One network stands for a grid point: seed 0, the smallest width of its experiment. Kept of it are
what it learned, some of its neurons before and after training, and its loss on the way, as small
integers (quantise.py): about 700 bytes per point.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from phase_diagram import frozen_kernel, observables
from phase_diagram.condensation import condensation
from phase_diagram.datasets.archive import read_archive, write_archive
from phase_diagram.datasets.problem import Problem
from phase_diagram.errors import InputError
from phase_diagram.explorer import networks, quantise
from phase_diagram.outcome import Status
from phase_diagram.studies import trained
from phase_diagram.training import Training

SEED = 0
GRID = 81  # points of a learned function on the line
OUTPUTS = 200  # predictions, at most, where inputs are no line
SAMPLED, LARGEST = 32, 32  # neurons chosen at random, and those of the largest final amplitude
LOSSES = 30  # along a training
STATUSES = tuple(str(status) for status in Status)
ANGLES, COSINES = (-math.pi, math.pi), (-1.0, 1.0)


@dataclass(frozen=True, eq=False)
class Views:
    """Views of P grid points, as they are stored.

    Attributes
    ----------
    dataset, method : ndarray of str, 0-dimensional
    width, quadrature, tolerance : ndarray, 0-dimensional
        How the networks were made; quadrature is 0 where neurons are random.
    gamma, gamma_prime : ndarray (P,)
    status : ndarray (P,) of uint8
        Place in STATUSES.
    rd, loss, time : ndarray (P,)
        At the end: RD, R, normalised time. NaN where nothing was trained.
    condensation : ndarray (P, 2)
        C before and after training.
    line : ndarray of bool, 0-dimensional
        Whether there is one input besides the bias. Outputs are then those on an even grid, which
        runs a tenth of the data's range beyond it; else those at the training inputs, an even
        choice where there are more than OUTPUTS.
    x : ndarray (g,)
        The grid; empty where inputs are no line.
    data : ndarray (n, 2)
        On the line x and target; else 0 and the target that belongs to each output.
    outputs : ndarray (P, 2, g) of uint16, outputs_bounds (P, 2, 2)
        f before and after training.
    orientation : ndarray (P, 2, k) of uint16
        Of SAMPLED neurons drawn at random, the same at every point, and of those with the LARGEST
        amplitudes after training. On the line the angle of (w, b) between -pi and pi, else the
        cosine with the all-ones vector projected to the span of the inputs, between -1 and 1.
    amplitude : ndarray (P, 2, k) of uint8
        |a||w| in units of the largest of all neurons at that time.
    losses : ndarray (P, l) of uint16, losses_bounds (P, 2)
        log10 R on the way.
    times : ndarray (P, l) of uint16
        In units of the time at the end.
    lengths : ndarray (P,) of uint8
        How many of the l belong to the point.
    """

    dataset: NDArray
    method: NDArray
    width: NDArray
    quadrature: NDArray
    tolerance: NDArray
    gamma: NDArray
    gamma_prime: NDArray
    status: NDArray
    rd: NDArray
    loss: NDArray
    time: NDArray
    condensation: NDArray
    line: NDArray
    x: NDArray
    data: NDArray
    outputs: NDArray
    outputs_bounds: NDArray
    orientation: NDArray
    amplitude: NDArray
    losses: NDArray
    losses_bounds: NDArray
    times: NDArray
    lengths: NDArray

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write an NPZ file, whole or not at all, and with the same bytes every time.

        Raises
        ------
        OSError
            If the folder cannot be written to.
        """
        write_archive(path, {field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> "Views":
        """Read what `save` has written.

        Raises
        ------
        InputError
            If the file is missing or damaged, or its arrays do not fit together.
        """
        names = [field.name for field in fields(cls)]
        views = cls(**read_archive(Path(path), names))
        points = views.gamma.shape
        for name in names[names.index("gamma") :]:
            if name not in ("line", "x", "data") and getattr(views, name).shape[:1] != points:
                found = getattr(views, name).shape
                raise InputError(f"{path}: {name}: shape {found}, expected {points[0]} rows")
        return views


def measure(
    problem: Problem, points: Sequence[tuple[float, float]], width: int, training: Training
) -> Views:
    """Train a network at each point and keep a view of it.

    Parameters
    ----------
    problem : Problem
    points : sequence of (gamma, gamma_prime)
    width : int
        The smallest of the experiment.
    training : Training
        Its method, quadrature and options.

    Returns
    -------
    Views
    """
    shown = _Shown(problem)
    rows = [shown.view(point, width, training) for point in points]
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    bounds = ANGLES if shown.line else COSINES
    outputs, outputs_bounds = quantise.rows(columns["outputs"])
    losses, losses_bounds = quantise.rows(columns["losses"])
    return Views(
        dataset=np.array(problem.name),
        method=np.array(str(training.method)),
        width=np.array(float(width)),
        quadrature=np.array(training.quadrature or 0),
        tolerance=np.array(training.tolerance),
        gamma=np.array([point[0] for point in points], dtype=np.float64),
        gamma_prime=np.array([point[1] for point in points], dtype=np.float64),
        status=columns["status"].astype(np.uint8),
        **{name: columns[name] for name in ("rd", "loss", "time", "condensation")},
        line=np.array(shown.line),
        x=shown.x,
        data=shown.data,
        outputs=outputs,
        outputs_bounds=outputs_bounds,
        orientation=quantise.between(columns["orientation"], bounds),
        amplitude=quantise.between(columns["amplitude"], (0.0, 1.0), np.uint8),
        losses=losses,
        losses_bounds=losses_bounds,
        times=quantise.between(columns["times"], (0.0, 1.0)),
        lengths=columns["lengths"].astype(np.uint8),
    )


class _Shown:
    """What is looked at in all networks of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.line = trained.is_line(problem)
        if self.line:
            ends = trained.new_inputs(problem)[[0, -1], 0]
            self.x = np.linspace(*ends, GRID)
            inputs = np.column_stack([self.x, np.ones(GRID)])
            self.data = np.column_stack([problem.inputs[:, 0], problem.targets])
        else:
            chosen = _evenly(len(problem.targets), OUTPUTS)
            self.x, inputs = np.empty(0), problem.inputs[chosen]
            self.data = np.column_stack([np.zeros(len(chosen)), problem.targets[chosen]])
        basis = trained.span(problem).basis
        self.inputs = torch.from_numpy(inputs @ basis.T)
        self.reference = None if self.line else torch.from_numpy(basis @ np.ones(basis.shape[1]))

    def view(
        self, point: tuple[float, float], width: int, training: Training
    ) -> dict[str, float | NDArray]:
        """Train at one point; numbers that are not there are NaN."""
        neurons = min(SAMPLED + LARGEST, training.quadrature or width)
        found = networks.train(self.problem, point, width, SEED, training)
        if found is None:
            return {
                "status": STATUSES.index(Status.NOT_TRAINED),
                **dict.fromkeys(("rd", "loss", "time"), math.nan),
                "condensation": np.full(2, math.nan),
                "outputs": np.full((2, len(self.inputs)), math.nan),
                "orientation": np.zeros((2, neurons)),
                "amplitude": np.zeros((2, neurons)),
                "losses": np.full(LOSSES, math.nan),
                "times": np.zeros(LOSSES),
                "lengths": 0,
            }
        network, losses = found
        moments = [(network.a, network.w), (network.final_a, network.final_w)]
        outputs = [frozen_kernel.output_at(network.network, *pair, self.inputs) for pair in moments]
        if training.quadrature:  # zero, not only to rounding: see Network.initial_output
            outputs[0] = torch.zeros_like(outputs[0])
        amplitudes = [observables.amplitude(a[0], w[0]) for a, w in moments]
        shown = _choose(amplitudes[1])
        return {
            "status": STATUSES.index(network.outcome.status),
            "rd": network.relative_distance,
            "loss": observables.loss(network.outcome.residual),
            "time": network.outcome.time,
            "condensation": np.array([condensation(a[0], w[0]) for a, w in moments]),
            "outputs": np.array([output.numpy() for output in outputs]),
            "orientation": np.array(
                [observables.orientation(w[0][:, shown], self.reference) for _, w in moments]
            ),
            "amplitude": np.array([(one[shown] / one.max()).numpy() for one in amplitudes]),
            **_thinned(losses, network.outcome.time),
        }


def _choose(amplitude: torch.Tensor) -> torch.Tensor:
    """Places of the neurons shown, ascending."""
    width = len(amplitude)
    if width <= SAMPLED + LARGEST:
        return torch.arange(width)
    sampled = np.random.default_rng(SEED).permutation(width)[:SAMPLED]
    left = torch.nan_to_num(amplitude.clone(), nan=0.0)
    left[sampled] = -1.0
    largest = left.sort(descending=True, stable=True).indices[:LARGEST]
    return torch.cat([torch.from_numpy(np.sort(sampled)), largest])


def _thinned(losses: NDArray[np.float64], end: float) -> dict[str, int | NDArray]:
    chosen = losses[_evenly(len(losses), LOSSES)]
    times, values = np.ones(LOSSES), np.full(LOSSES, math.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        times[: len(chosen)] = chosen[:, 0] / end if end > 0 else 0.0
        logarithms = np.log10(chosen[:, 1])
    values[: len(chosen)] = np.where(np.isfinite(logarithms), logarithms, math.nan)
    return {"losses": values, "times": times, "lengths": len(chosen)}


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    """Places of at most so many among `count`, the first and the last included."""
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.int64)
