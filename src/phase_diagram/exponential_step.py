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

from phase_diagram import compiled
from phase_diagram.decay import Decay
from phase_diagram.network import Network
from phase_diagram.origin import stop_at_origin
from phase_diagram.passes import SQUARES, Correction, Part, Prediction

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
        parts = [Part(*(values[keep] for values in part)) for part in self.parts]
        return type(self)(parts, self.initial_residual[keep], self.residual[keep])

    def accept(self, trial: "Trial", where: Tensor) -> None:
        """Take over what was tried, where the mask (B,) holds."""
        moved = [
            Part(part.a, part.w, *new[:4])
            for part, new in zip(self.parts, trial.corrections, strict=True)
        ]
        if where.all():
            self.parts, self.residual = moved, trial.residual
            return
        self.parts = [
            Part(*(_choose(where, new, old) for new, old in zip(*pair, strict=True)))
            for pair in zip(moved, self.parts, strict=True)
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
    count = 1 if a.is_cuda else max(1, round(width * samples / PART_ELEMENTS))
    parts = []
    residual = -network.targets.expand(len(a), -1)
    kernel = a.new_zeros(())
    # Of nearly equal lengths.
    for a_part, w_part in zip(a.tensor_split(count, -1), w.tensor_split(count, -1), strict=True):
        a_part, w_part = a_part.contiguous(), w_part.contiguous()
        preactivation = network.preactivation(w_part)
        activation, gate = preactivation.relu(), (preactivation > 0).to(a.dtype)
        residual = residual + network.initial_output(a_part, activation)
        kernel = kernel + network.tangent_kernel(a_part, activation, gate)
        still = torch.zeros_like(a_part), torch.zeros_like(w_part)
        parts.append(Part(a_part, w_part, *still, preactivation, gate))
    speeds = [
        (
            network.velocity_a(part.preactivation.relu(), residual),
            network.velocity_w(part.a, part.gate, residual),
        )
        for part in parts
    ]
    decay = Decay(kernel)
    relative_a = _ratio(_squares(a_ for a_, _ in speeds), _squares([a]))
    relative_w = _ratio(_squares(w_ for _, w_ in speeds), _squares([w]))
    pace = torch.stack([decay.rates.amax(1), relative_a, relative_w]).amax(0)
    return State(parts, residual, residual), decay, pace


def try_step(network: Network, state: State, decay: Decay, duration: Tensor) -> Trial:
    """Try a step of length `duration` (B,) from `state`, where the kernel decays as `decay`."""
    predict, correct = compiled.passes_for(network, state.parts[0])
    residual = decay.mean(state.residual, duration)
    predictions, stops = [], []
    for part in state.parts:
        prediction = predict(network, part, residual, duration)
        stop = torch.zeros_like(prediction.suspect)
        if prediction.suspect.any():
            prediction, stop = _stopped(network, part, prediction, residual)
        predictions.append(prediction)
        stops.append(stop)
    middle = Decay(torch.stack([prediction.kernel for prediction in predictions]).sum(0))
    residual = middle.mean(state.residual, duration)
    corrections = [
        correct(network, *neurons, residual, duration)
        for neurons in zip(state.parts, predictions, stops, strict=True)
    ]
    added = torch.stack([correction.output for correction in corrections]).sum(0)
    new_residual = state.initial_residual + added
    surprise = (new_residual - middle.after(state.residual, duration)).norm(dim=1)
    scale = torch.maximum(network.targets.norm(), state.residual.norm(dim=1))
    sums = torch.stack([correction.squares for correction in corrections]).sum(0)
    square = dict(zip(SQUARES, sums.unbind(1), strict=True))
    errors = [
        _ratio(square["error a"], square["a"]),
        _ratio(square["error w"], square["delta w"]),
        surprise / scale,
    ]
    progress = [
        _ratio(square["step a"], square["delta a"]),
        _ratio(square["step w"], square["delta w"]),
    ]
    return Trial(
        corrections,
        new_residual,
        middle,
        torch.stack(errors).amax(0),
        torch.stack(progress).amax(0),
    )


def _stopped(
    network: Network, part: Part, prediction: Prediction, residual: Tensor
) -> tuple[Prediction, Tensor]:
    """Let those of the suspects that reach w = 0 end there, exactly, with all gates closed."""
    stops = stop_at_origin(network, prediction.suspect, part, residual)
    some = torch.nonzero(stops.any(0))[:, 0]  # few; the others are left as they are
    if len(some) == 0:
        return prediction, stops
    part = Part(*(values[..., some] for values in part))
    ended = stops[:, None, some]
    passed, gate = prediction.delta_w[..., some], prediction.gate[..., some]
    delta_w, closed = torch.where(ended, -part.w, passed), torch.where(ended, 0.0, gate)

    def kernel(delta_w: Tensor, gate: Tensor) -> Tensor:
        arrived = network.preactivation(part.w + delta_w).relu()
        a = part.a + part.delta_a + 0.5 * prediction.step_a[..., some]
        return network.tangent_kernel(a, 0.5 * (part.preactivation.relu() + arrived), gate)

    change = kernel(delta_w, closed) - kernel(passed, gate)
    prediction.delta_w[..., some], prediction.gate[..., some] = delta_w, closed
    return prediction._replace(kernel=prediction.kernel + change), stops


def _squares(values: Iterable[Tensor]) -> Tensor:
    return torch.stack([each.square().flatten(1).sum(1) for each in values]).sum(0)


def _ratio(above: Tensor, below: Tensor) -> Tensor:
    """The ratio of two norms, from their squares; 0 / 0 is 0."""
    return torch.where(above == 0, 0.0, (above / below).sqrt())


def _choose(where: Tensor, new: Tensor, old: Tensor) -> Tensor:
    return torch.where(where.view(-1, *[1] * (new.dim() - 1)), new, old)
