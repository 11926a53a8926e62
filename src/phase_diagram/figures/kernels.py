"""The two figures of the study of kernels: decay of the loss, and distance of the function."""

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from phase_diagram.figures import kernel_distance, loss_decay
from phase_diagram.figures.drawing import style

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

FIGURES = ("loss_decay", "kernel_distance")


def draw(
    tables: dict[str, pd.DataFrame], settings: "FigureSettings", title: str = ""
) -> dict[str, Figure]:
    """Draw the two figures of a study.

    Parameters
    ----------
    tables : dict of DataFrame
        decay, modes, distances and distance_fits of `phase_diagram.studies.kernels.measure`.
    settings : FigureSettings
        dpi and width_inches.
    title : str
        Set above each; none if empty.

    Returns
    -------
    dict of Figure
        - loss_decay: a column for each point, of the largest width. On top the amplitude of the
          residual in each mode i of the kernel at initialisation, relative to its start, against
          lambda_i t, with exp(-lambda_i t). Below, for all seeds, the fitted rate of each mode
          over its eigenvalue. Modes that start with less than 1% of the residual are left out of
          both. At the bottom the loss, and what it is under the frozen kernel. gids: mode_P_I,
          rates_P, loss_P and frozen_loss_P, P being the place of the point and I the mode.
        - kernel_distance: for both kernels the distance against m, with the fitted slopes. gids:
          distance_KERNEL_P, fit_KERNEL_P.
    """
    with style.context():
        decay = loss_decay.draw(tables["decay"], tables["modes"], settings, title)
        distance = kernel_distance.draw(
            tables["distances"], tables["distance_fits"], settings, title
        )
        return {"loss_decay": style.settle(decay), "kernel_distance": style.settle(distance)}
