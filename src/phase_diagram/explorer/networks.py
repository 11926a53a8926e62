"""Train the network that the explorer shows for a grid point, and record its loss."""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram.datasets.problem import Problem
from phase_diagram.observables import observables
from phase_diagram.training import DESCENT, Training
from phase_diagram.two_layer import trained
from phase_diagram.two_layer.trained import Trained

# Number of losses recorded during descent, which may take a million steps.
LOOKS = 32


def train(
    problem: Problem, point: tuple[float, float], width: int, seed: int, training: Training
) -> tuple[Trained, NDArray[np.float64]] | None:
    """Train one network as the sweep does.

    Parameters
    ----------
    problem : Problem
    point : tuple of float
        gamma, gamma_prime.
    width, seed : int
    training : Training
        Its method, quadrature and options are those of the experiment.

    Returns
    -------
    Trained, ndarray (k, 2)
        The network; normalised time and loss R during training, up to its end. None if the
        scales leave the range of 64-bit floats: such a network is not trained.
    """
    if not trained.in_range(point, width, training):
        return None
    losses: list[tuple[float, float]] = []

    def observe(_: int, moment: float, residual: Tensor) -> None:
        if moment == 0.0:  # descent may start again, with a smaller rate
            losses.clear()
        losses.append((moment, observables.loss(residual)))

    network = trained.train(problem, point, width, seed, training, observe=observe)
    followed = np.array(losses)
    if training.method == DESCENT:
        looks = np.linspace(0, len(losses) - 1, LOOKS).round().astype(int)
        followed = followed[np.unique(looks)]
    return network, followed
