"""Views: data that the explorer shows for each grid point in addition to the tables.

One network represents a grid point: seed 0, the smallest width of its experiment. A view has its
learned function, some of its neurons before and after training, and its loss during training, as
small integers (stored_views.py): about a thousand bytes per point.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from phase_diagram.datasets.problem import Problem
from phase_diagram.explorer import networks
from phase_diagram.explorer.stored_views import Views, quantised, quantised_rows
from phase_diagram.flow.outcome import Status
from phase_diagram.observables import observables
from phase_diagram.observables.condensation import condensation
from phase_diagram.training import Training
from phase_diagram.two_layer import trained
from phase_diagram.two_layer.new_inputs import is_line, new_inputs, span

SEED = 0
GRID = 121  # points of a learned function on the line
OUTPUTS = 200  # most predictions, with more than one input dimension
SAMPLED, LARGEST = 48, 48  # neurons chosen at random, and those of the largest final amplitude
LOSSES = 30  # losses of one training
STATUSES = tuple(str(status) for status in Status)
ANGLES, COSINES = (-math.pi, math.pi), (-1.0, 1.0)


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
    outputs, outputs_bounds = quantised_rows(columns["outputs"])
    losses, losses_bounds = quantised_rows(columns["losses"])
    return Views(
        dataset=np.array(problem.name),
        method=np.array(str(training.method)),
        width=np.array(float(width)),
        quadrature=np.array(training.quadrature or 0),
        tolerance=np.array(training.tolerance),
        sampled=np.array(min(SAMPLED, columns["orientation"].shape[2])),
        statuses=np.array(STATUSES),
        gamma=np.array([point[0] for point in points], dtype=np.float64),
        gamma_prime=np.array([point[1] for point in points], dtype=np.float64),
        status=columns["status"].astype(np.uint8),
        **{name: columns[name] for name in ("rd", "loss", "time", "condensation")},
        line=np.array(shown.line),
        x=shown.x,
        data=shown.data,
        outputs=outputs,
        outputs_bounds=outputs_bounds,
        orientation=quantised(columns["orientation"], bounds),
        amplitude=quantised(columns["amplitude"], (0.0, 1.0), np.uint8),
        losses=losses,
        losses_bounds=losses_bounds,
        times=quantised(columns["times"], (0.0, 1.0)),
        lengths=columns["lengths"].astype(np.uint8),
    )


class _Shown:
    """What is recorded for every network of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.line = is_line(problem)
        if self.line:
            first, last = new_inputs(problem)[[0, -1], 0].tolist()
            self.x = np.linspace(first, last, GRID)
            inputs = np.column_stack([self.x, np.ones(GRID)])
            self.data = np.column_stack([problem.inputs[:, 0], problem.targets])
        else:
            samples = _evenly(len(problem.targets), OUTPUTS)
            self.x, inputs = np.empty(0), problem.inputs[samples]
            self.data = np.column_stack([np.zeros(len(samples)), problem.targets[samples]])
        basis = span(problem).basis
        self.inputs = torch.from_numpy(inputs @ basis.T)
        self.reference = None if self.line else torch.from_numpy(basis @ np.ones(basis.shape[1]))

    def view(
        self, point: tuple[float, float], width: int, training: Training
    ) -> dict[str, float | NDArray]:
        """Train at one point; missing numbers are NaN."""
        neurons = min(SAMPLED + LARGEST, training.quadrature or width)
        result = networks.train(self.problem, point, width, SEED, training)
        if result is None:
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
        network, losses = result
        moments = [(network.a, network.w), (network.final_a, network.final_w)]
        outputs = [trained.output_at(network.network, *pair, self.inputs) for pair in moments]
        if training.quadrature:  # exactly zero: see Network.initial_output
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
            "amplitude": np.array(
                [(amplitude[shown] / amplitude.max()).numpy() for amplitude in amplitudes]
            ),
            **_thinned(losses, network.outcome.time),
        }


def _choose(amplitude: torch.Tensor) -> torch.Tensor:
    """Indices of the neurons shown, ascending."""
    width = len(amplitude)
    if width <= SAMPLED + LARGEST:
        return torch.arange(width)
    sampled = np.random.default_rng(SEED).permutation(width)[:SAMPLED]
    remaining = torch.nan_to_num(amplitude.clone(), nan=0.0)
    remaining[sampled] = -1.0
    largest = remaining.sort(descending=True, stable=True).indices[:LARGEST]
    return torch.cat([torch.from_numpy(np.sort(sampled)), largest])


def _thinned(losses: NDArray[np.float64], end: float) -> dict[str, int | NDArray]:
    records = losses[_evenly(len(losses), LOSSES)]
    times, values = np.ones(LOSSES), np.full(LOSSES, math.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        times[: len(records)] = records[:, 0] / end if end > 0 else 0.0
        logarithms = np.log10(records[:, 1])
    values[: len(records)] = np.where(np.isfinite(logarithms), logarithms, math.nan)
    return {"losses": values, "times": times, "lengths": len(records)}


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    """Evenly spaced indices, at most so many of `count`, including the first and the last."""
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.int64)
