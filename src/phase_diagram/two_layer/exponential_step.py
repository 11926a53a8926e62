"""One step of the gradient flow: exponential in the residuals, mean gates in the neurons.

The flow is stiff in the n residuals alone, de/dt = -K e, and kinked in the neurons alone. A step
of length h from (a, w) with residual e, kernel K and gates g (docs/theory.md section 8):

    predictor   p = phi1(-h K) e, the mean residual;  gates averaged along the path they cause
                (a1, w1) = (a, w) + h F(p)
    corrector   K' from the mean of both ends;  p' = phi1(-h K') e;  gates averaged anew under p'
                (a2, w2) = (a, w) + h F(p'), with the activation and a of the half step
    error       |w2 - w1| relative to the increment of w since the start, |a2 - a1| relative to
                |a|, and the residual against exp(-h K') e, relative to the targets

The kernel at the start of a step is that of the step before it: one kernel a step. Neurons meet
only in the sums for output and kernel, so a step is two passes over parts of the neurons, which
stand in passes.py and are put together here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from phase_diagram.flow.decay import Array, Decay, Decaying
from phase_diagram.flow.device_decay import decay_of
from phase_diagram.two_layer import shares
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.equations.passes import Correction, Part, at_rest, mapped, per_neuron
from phase_diagram.two_layer.native import compiled
from phase_diagram.two_layer.origin import correct_stops, stop_at_origin

# Elements of an (n, m) array in a part on the CPU: some ten of them stay in a core's cache.
PART_ELEMENTS = 2**16


@dataclass
class State:
    """Networks under way.

    Attributes
    ----------
    network : Network
        The B networks; on a GPU their shares (shares.py), one after another.
    parts : list of Part
        Their neurons, on the device.
    initial_residual, residual : ndarray (B, n)
        On the host, as all that is small.
    shares : int
        Of each network.
    """

    network: Network
    parts: list[Part]
    initial_residual: Array
    residual: Array
    shares: int = 1

    def select(self, keep: list[int]) -> Self:
        """Those of the batch at the places `keep`."""
        places = shares.places(keep, self.shares)
        where = torch.tensor(places, dtype=torch.long, device=self.network.inputs.device)
        parts = [mapped(part, lambda values: values[where]) for part in self.parts]
        residuals = self.initial_residual[keep], self.residual[keep]
        return type(self)(self.network.select(where), parts, *residuals, self.shares)

    def delta_a(self, place: int) -> Tensor:
        """The increment of a of one network: (m,)."""
        return torch.cat([shares.joined(part.delta_a[self._of(place)]) for part in self.parts], -1)

    def delta_w(self, place: int) -> Tensor:
        """The increment of w of one network: (d, m)."""
        width = sum(part.a.shape[1] for part in self.parts) * self.shares
        inputs = self.network.inputs
        delta_w = inputs.new_empty(inputs.shape[1], width)
        # Part by part into one array: of a million neurons there is no room for two.
        for part, columns in zip(
            self.parts, delta_w.tensor_split(len(self.parts), -1), strict=True
        ):
            columns.copy_(shares.joined(self.network.increment(part.moved[self._of(place)])))
        return delta_w

    def _of(self, place: int) -> slice:
        return slice(place * self.shares, (place + 1) * self.shares)

    def accept(self, trial: "Trial", where: NDArray[np.bool_] | None) -> None:
        """Take over what was tried, where the mask (B,) holds; None: everywhere."""
        moved = [
            Part(part.a, part.anchor, *new[:5])
            for part, new in zip(self.parts, trial.corrections, strict=True)
        ]
        if where is None:
            self.parts, self.residual = moved, trial.residual
            return
        mask = shares.each(torch.from_numpy(where).to(moved[0].a.device), self.shares)
        self.parts = [
            new._replace(
                **{
                    name: _choose(mask, getattr(new, name), values)
                    for name, values in per_neuron(old)
                }
            )
            for new, old in zip(moved, self.parts, strict=True)
        ]
        self.residual = np.where(where[:, None], trial.residual, self.residual)


@dataclass
class Trial:
    """A step tried.

    Attributes
    ----------
    corrections : list of Correction
        Where it leads, for each part of the neurons.
    residual : ndarray (B, n)
    decay : Decay
        Of the kernel on the way.
    error : ndarray (B,)
        Largest of the three errors.
    progress : ndarray (B,)
        What the step adds to the increments, relative to them.
    """

    corrections: list[Correction]
    residual: Array
    decay: Decay
    error: Array
    progress: Array


def begin(network: Network, a: Tensor, w: Tensor) -> tuple[State, Decay, Array]:
    """Start training from neurons a (B, m), w (B, d, m).

    Returns
    -------
    state, decay : State, Decay
    pace : ndarray (B,)
        The fastest relative rate of change of a residual mode, of a or of w.
    """
    width, samples = a.shape[1], len(network.targets)
    # On a GPU one part of all: there it is launches that cost.
    elements = width * samples
    count = 1 if a.is_cuda else max(1, round(elements / PART_ELEMENTS))
    cut = shares.count(a, samples)
    if cut > 1:
        network = network.select(shares.each(torch.arange(len(a), device=a.device), cut))
        a, w = shares.cut(a, cut), shares.cut(w, cut)
    parts, outputs, kernels = [], [], []
    # Of nearly equal lengths.
    for a_part, w_part in zip(a.tensor_split(count, -1), w.tensor_split(count, -1), strict=True):
        part = at_rest(network, a_part.contiguous(), w_part.contiguous())
        parts.append(part)
        activation = network.sigma.value(network.start(part.anchor))
        outputs.append(network.initial_output(part.a, activation))
        kernels.append(network.tangent_kernel(part.a, activation, part.gate.to(a.dtype)))
    output: Tensor = sum(outputs)  # type: ignore[assignment]
    residual = shares.total(output, cut) - network.targets
    initial, residual = residual.numpy(force=True), shares.each(residual, cut)
    speed_a, speed_w = [], []
    for part in parts:
        activation = network.sigma.value(network.start(part.anchor))
        speed_a.append(network.velocity_a(activation, residual))
        pressure = network.pressure(part.a, residual, torch.ones_like(network.kappa))
        speed = network.pull(part.gate.to(a.dtype) * pressure)
        speed_w.append(network.squared_length(speed, network.kept(network.shift(speed))).sqrt())
    decay = decay_of(_total(kernels, cut))
    relative_a = _ratio(_squares(speed_a, cut), _squares([a], cut))
    relative_w = _ratio(_squares(speed_w, cut), _squares(w.unbind(1), cut))
    pace = np.stack([decay.fastest, relative_a, relative_w]).max(0)
    return State(network, parts, initial, initial, cut), decay, pace


def try_step(state: State, decaying: Decaying, duration: Array) -> Trial:
    """Try a step from `state`.

    Parameters
    ----------
    state : State
    decaying : Decaying
        The residual under the kernel at the start of the step.
    duration : ndarray (B,)
        Its length.
    """
    network, cut = state.network, state.shares

    def on_device(values: Array | Tensor) -> Tensor:
        return shares.each(torch.as_tensor(values, device=network.inputs.device), cut)

    predict, correct = compiled.passes_for(network, state.parts[0], cut)
    time, first = on_device(duration), on_device(decaying.mean(duration))
    predictions, stopping = [], []
    for part in state.parts:
        prediction = predict(network, part, first, time)
        stopping.append(False)
        if prediction.stops.max() > 0:
            stops = stop_at_origin(network, prediction.stops, part, first)
            prediction = prediction._replace(stops=stops)
            stopping[-1] = float(stops.max()) > 0
        predictions.append(prediction)
    decay = decay_of(_total([prediction.kernel for prediction in predictions], cut))
    middle = decay.of(state.residual)
    residual, order = on_device(middle.mean(duration)), on_device(middle.order(duration))
    corrections = []
    for part, some_stop in zip(state.parts, stopping, strict=True):
        prediction = predictions.pop(0)  # large, and not needed again
        correction = correct(network, part, prediction, first, residual, order, time)
        if some_stop:
            correction = correct_stops(network, part, prediction, correction, residual, time)
        corrections.append(correction)
    added = _total([correction.output for correction in corrections], cut).numpy(force=True)
    new_residual = state.initial_residual + added
    surprise = np.square(new_residual - middle.after(duration)).sum(1)
    scale = np.maximum(np.square(state.residual).sum(1), network.squared_targets)
    sums = _total([correction.squares for correction in corrections], cut).numpy(force=True)
    ratios = _ratio(sums[:, :4], sums[:, 4:])
    error = np.maximum(ratios[:, :2].max(1), _ratio(surprise, scale))
    return Trial(corrections, new_residual, decay, error, ratios[:, 2:].max(1))


def _total(parts: Sequence[Tensor], cut: int) -> Tensor:
    """Sum up over parts of the neurons, and over shares."""
    together = parts[0] if len(parts) == 1 else torch.stack(list(parts)).sum(0)
    return shares.total(together, cut)


def _squares(values: Iterable[Tensor], cut: int) -> Array:
    squares = [each.square().flatten(1).sum(1) for each in values]
    return _total(squares, cut).numpy(force=True)


@np.errstate(all="ignore")
def _ratio(above: Array, below: Array) -> Array:
    """The ratio of two norms, from their squares; 0 / 0 is 0."""
    return np.where(above == 0, 0.0, np.sqrt(above / below))


def _choose(where: Tensor, new: Tensor, old: Tensor) -> Tensor:
    return torch.where(where.view(-1, *[1] * (new.dim() - 1)), new, old)
