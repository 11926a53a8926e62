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

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from phase_diagram import compiled, heap
from phase_diagram.decay import Decay
from phase_diagram.network import Network
from phase_diagram.origin import correct_stops, predict_stops, stop_at_origin
from phase_diagram.passes import GATE, Correction, Part, mapped, per_neuron

# Elements of an (n, m) array in a part on the CPU: some ten of them stay in a core's cache.
PART_ELEMENTS = 2**16


@dataclass
class State:
    """Networks under way: their neurons in parts, and the residuals (B, n), initial and present."""

    parts: list[Part]
    initial_residual: Tensor
    residual: Tensor

    def select(self, keep: Tensor) -> Self:
        """Those of the batch at the places `keep`."""
        parts = [mapped(part, lambda values: values[keep]) for part in self.parts]
        return type(self)(parts, self.initial_residual[keep], self.residual[keep])

    def accept(self, trial: "Trial", where: Tensor) -> None:
        """Take over what was tried, where the mask (B,) holds."""
        moved = [
            Part(part.a, part.anchor, *new[:5])
            for part, new in zip(self.parts, trial.corrections, strict=True)
        ]
        if where.all():
            self.parts, self.residual = moved, trial.residual
            return
        self.parts = [
            new._replace(
                **{
                    name: _choose(where, getattr(new, name), values)
                    for name, values in per_neuron(old)
                }
            )
            for new, old in zip(moved, self.parts, strict=True)
        ]
        self.residual = _choose(where, trial.residual, self.residual)


@dataclass
class Trial:
    """A step tried.

    Attributes
    ----------
    corrections : list of Correction
        Where it leads, for each part of the neurons.
    residual : Tensor (B, n)
    decay : Decay
        Of the kernel on the way.
    error : Tensor (B,)
        Largest of the three errors.
    progress : Tensor (B,)
        What the step adds to the increments, relative to them.
    """

    corrections: list[Correction]
    residual: Tensor
    decay: Decay
    error: Tensor
    progress: Tensor


def begin(network: Network, a: Tensor, w: Tensor) -> tuple[State, Decay, Tensor]:
    """Start training from neurons a (B, m), w (B, d, m).

    Returns
    -------
    state, decay : State, Decay
    pace : Tensor (B,)
        The fastest relative rate of change of a residual mode, of a or of w.
    """
    width, samples = a.shape[1], len(network.targets)
    # On a GPU one part of all: there it is launches that cost.
    elements = width * samples
    # Where memory is scarce, fewer and larger blocks, which leave fewer gaps.
    size = PART_ELEMENTS * (2 if elements >= heap.LARGE else 1)
    count = 1 if a.is_cuda else max(1, round(elements / size))
    parts = []
    residual = -network.targets.expand(len(a), -1)
    kernel = a.new_zeros(())
    # Of nearly equal lengths.
    for a_part, w_part in zip(a.tensor_split(count, -1), w.tensor_split(count, -1), strict=True):
        part = at_rest(network, a_part.contiguous(), w_part.contiguous())
        parts.append(part)
        activation = network.start(part.anchor).relu()
        residual = residual + network.initial_output(part.a, activation)
        kernel = kernel + network.tangent_kernel(part.a, activation, part.gate.to(a.dtype))
    speed_a, speed_w = [], []
    for part in parts:
        speed_a.append(network.velocity_a(network.start(part.anchor).relu(), residual))
        pressure = network.pressure(part.a, residual, torch.ones_like(network.kappa))
        speed = network.pull(part.gate.to(a.dtype) * pressure)
        speed_w.append(network.squared_length(speed, network.kept(network.shift(speed))).sqrt())
    decay = Decay(kernel)
    relative_a = _ratio(_squares(speed_a), _squares([a]))
    relative_w = _ratio(_squares(speed_w), _squares(w.unbind(1)))
    pace = torch.stack([decay.rates.amax(1), relative_a, relative_w]).amax(0)
    return State(parts, residual, residual), decay, pace


def at_rest(network: Network, a: Tensor, w: Tensor) -> Part:
    """Neurons a (B, m), w (B, d, m) before training."""
    anchor = network.anchor(w)
    # Anchors have as many coordinates as increments.
    still = torch.zeros_like(a), torch.zeros_like(anchor)
    preactivation = network.start(anchor)
    gate = (preactivation > 0).to(GATE)
    if not network.by_sample:
        return Part(a, anchor, *still, gate, None, None)
    return Part(a, anchor, *still, gate, torch.zeros_like(preactivation), w.square().sum(1))


def try_step(network: Network, state: State, decay: Decay, duration: Tensor) -> Trial:
    """Try a step of length `duration` (B,) from `state`, where the kernel decays as `decay`."""
    predict, correct = compiled.passes_for(network, state.parts[0])
    first = decay.mean(decay.amplitudes(state.residual), duration)
    predictions, stopping = [], []
    for part in state.parts:
        prediction = predict(network, part, first, duration)
        stopping.append(False)
        if prediction.stops.any():
            stops = stop_at_origin(network, prediction.stops, part, first)
            prediction = prediction._replace(stops=stops)
            if stops.any():
                prediction = predict_stops(network, part, prediction, first, duration)
                stopping[-1] = True
        predictions.append(prediction)
    middle = Decay(torch.stack([prediction.kernel for prediction in predictions]).sum(0))
    amplitudes = middle.amplitudes(state.residual)
    residual = middle.mean(amplitudes, duration)
    order = middle.order(amplitudes, duration)
    corrections = []
    for part, some_stop in zip(state.parts, stopping, strict=True):
        prediction = predictions.pop(0)  # large, and not needed again
        correction = correct(network, part, prediction, first, residual, order, duration)
        if some_stop:
            ended = part, prediction, correction, residual, duration
            correction = correct_stops(network, *ended)
        corrections.append(correction)
    added = torch.stack([correction.output for correction in corrections]).sum(0)
    new_residual = state.initial_residual + added
    surprise = (new_residual - middle.after(amplitudes, duration)).square().sum(1)
    scale = state.residual.square().sum(1).clamp(min=network.squared_targets)
    sums = torch.stack([correction.squares for correction in corrections]).sum(0)
    above, below = sums.split(4, 1)
    ratios = _ratio(above, below)
    return Trial(
        corrections,
        new_residual,
        middle,
        torch.maximum(ratios[:, :2].amax(1), _ratio(surprise, scale)),
        ratios[:, 2:].amax(1),
    )


def _squares(values: Iterable[Tensor]) -> Tensor:
    return torch.stack([each.square().flatten(1).sum(1) for each in values]).sum(0)


def _ratio(above: Tensor, below: Tensor) -> Tensor:
    """The ratio of two norms, from their squares; 0 / 0 is 0."""
    return torch.where(above == 0, 0.0, (above / below).sqrt())


def _choose(where: Tensor, new: Tensor, old: Tensor) -> Tensor:
    return torch.where(where.view(-1, *[1] * (new.dim() - 1)), new, old)
