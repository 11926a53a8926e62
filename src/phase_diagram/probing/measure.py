"""Probe a network: train it at several widths and seeds, and measure parameter movement."""

import math
from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from phase_diagram.errors import InputError
from phase_diagram.probing.factories import Factory, MakeModel
from phase_diagram.probing.flow import STEP_TOLERANCE, Trained, train
from phase_diagram.probing.model import Model
from phase_diagram.probing.regimes import MARGIN
from phase_diagram.probing.result import ALL, COLUMNS, Probe


def probe(
    make_model: MakeModel,
    inputs: ArrayLike | Tensor,
    targets: ArrayLike | Tensor,
    widths: Sequence[int],
    *,
    seeds: int = 3,
    tolerance: float = 1e-6,
    step_tolerance: float = STEP_TOLERANCE,
    confidence: float = 0.95,
    margin: float = MARGIN,
    name: str | None = None,
    observe: Callable[[int, int, Trained], None] | None = None,
) -> Probe:
    """Measure whether each parameter of a network moves less or more as the width grows.

    Each network is trained by gradient flow on its mean squared error, on all samples at once, in
    float64 and evaluation mode: what gradient descent with one small rate for all parameters
    tends to. RD = |theta(t*) - theta(0)| / |theta(0)| of each parameter is fitted as a power of
    the width (docs/probe.md).

    Parameters
    ----------
    make_model : callable
        Makes a torch.nn.Module of a width: make_model(width). It draws its weights from torch's
        generator, which is seeded before; where it has arguments named `seed`, `input_size`
        (numbers in a sample) or `output_size`, they are given as well.
    inputs : array_like, shape (n, ...)
        Samples, as the module takes them.
    targets : array_like, shape (n,) or (n, k)
    widths : sequence of int
        At least two different ones; three or more tell how straight the line is.
    seeds : int
        Networks per width: seeds 0 to seeds - 1.
    tolerance : float
        Mean squared error at which training ends.
    step_tolerance : float
        Error that a step of the flow may make (flow.py).
    confidence : float
        Of the interval of a slope that has to leave out zero, between 0 and 1.
    margin : float
        A slope whose interval lies within it counts as zero, between 0 and 1.
    name : str, optional
        Name of the factory in messages and in the result; by default its own name.
    observe : callable, optional
        Called after each network with its width, its seed and the result of its training.

    Returns
    -------
    Probe

    Raises
    ------
    InputError
        If an argument is not acceptable, the factory or its module fails, ignores the width or
        the seed, or gives outputs that do not fit the targets (factories.py, model.py).
    """
    x, y = _data(inputs, targets)
    checked_widths = _checked(widths, seeds, tolerance, step_tolerance, confidence, margin)
    name = name or str(getattr(make_model, "__qualname__", type(make_model).__name__))
    factory = Factory(make_model, name, x, y[0].numel())
    factory.check(checked_widths, range(seeds))
    rows: list[tuple[Any, ...]] = []
    for width in checked_widths:
        for seed in range(seeds):
            model = Model(factory.build(width, seed), x, y, f"{name}({width})")
            trained = train(model, tolerance=tolerance, step_tolerance=step_tolerance)
            rows += _rows(model, width, seed, trained)
            if observe is not None:
                observe(width, seed, trained)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    # Parameters in the module's order, each with its networks; all of them together last.
    order = [*dict.fromkeys(table.loc[table["parameter"] != ALL, "parameter"]), ALL]
    place = table["parameter"].map({parameter: i for i, parameter in enumerate(order)})
    table = table.assign(place=place).sort_values(["place", "width", "seed"], ignore_index=True)
    return Probe(name, tolerance, confidence, margin, table.drop(columns="place"))


def _rows(model: Model, width: int, seed: int, trained: Trained) -> list[tuple[Any, ...]]:
    starts, moves = model.split(model.start), model.split(trained.increment)
    pairs = [(key, starts[key], moves[key]) for key in model.names]
    ending = (
        trained.reason.status.value,
        trained.reason.value,
        trained.mean_squared_error,
        trained.steps,
        trained.seconds,
    )
    rows = []
    for parameter, start, move in [*pairs, (ALL, model.start, trained.increment)]:
        size, length, movement = start.numel(), float(start.norm()), float(move.norm())
        rd = movement / length if length > 0 else math.nan
        rows.append((parameter, width, seed, size, length, movement, rd, *ending))
    return rows


def _data(inputs: ArrayLike | Tensor, targets: ArrayLike | Tensor) -> tuple[Tensor, Tensor]:
    try:
        x, y = torch.as_tensor(inputs).detach().cpu(), torch.as_tensor(targets).detach().cpu()
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"inputs, targets: {error}; expected arrays of numbers") from None
    x, y = (x.double() if x.is_floating_point() else x), y.double()
    faults = []
    if x.dim() < 1 or not x.numel():
        faults.append(f"inputs: shape {tuple(x.shape)}; expected (n, ...) with n >= 1")
    elif y.dim() not in (1, 2) or len(y) != len(x) or not y.numel():
        faults.append(f"targets: shape {tuple(y.shape)}; expected ({len(x)},) or ({len(x)}, k)")
    for key, values in (("inputs", x), ("targets", y)):
        if not bool(torch.isfinite(values).all()):
            faults.append(f"{key}: not finite; expected finite numbers")
    if faults:
        raise InputError(faults)
    return x, y


def _checked(
    widths: Sequence[int],
    seeds: int,
    tolerance: float,
    step_tolerance: float,
    confidence: float,
    margin: float,
) -> list[int]:
    faults = []
    width_list = list(widths)
    valid = all(isinstance(width, Integral) and width >= 1 for width in width_list)
    if not valid or len(set(width_list)) != len(width_list) or len(width_list) < 2:
        faults.append(f"widths: {width_list}: must be two or more different integers of at least 1")
    if not isinstance(seeds, Integral) or seeds < 1:
        faults.append(f"seeds: {seeds!r}: must be an integer of at least 1")
    for key, value, most in (
        ("tolerance", tolerance, np.inf),
        ("step_tolerance", step_tolerance, 1.0),
        ("confidence", confidence, 1.0),
        ("margin", margin, 1.0),
    ):
        if not 0.0 < value < most:
            upper = "a finite number above 0" if most == np.inf else "a number between 0 and 1"
            faults.append(f"{key}: {value!r}: must be {upper}")
    if faults:
        raise InputError(faults)
    return sorted(int(width) for width in width_list)
