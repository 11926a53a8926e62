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
only in the sums for output and kernel, so a step is two passes over slices of neurons.
"""

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from phase_diagram.decay import Decay
from phase_diagram.gates import Gates, stops_at_origin
from phase_diagram.network import Network


@dataclass
class State:
    """Networks under way: increments are kept apart from the (large) weights they started from.

    Shapes: a, delta_a (B, m); w, delta_w (B, d, m); gate (B, n, m); residual (B, n).
    """

    a: Tensor
    w: Tensor
    delta_a: Tensor
    delta_w: Tensor
    gate: Tensor
    residual: Tensor

    def weights(self, part: slice) -> tuple[Tensor, Tensor]:
        """The present a and w of a slice of neurons."""
        return (
            self.a[..., part] + self.delta_a[..., part],
            self.w[..., part] + self.delta_w[..., part],
        )

    def select(self, keep: Tensor) -> Self:
        """Those of the batch at the places `keep`."""
        return type(self)(*(values[keep] for values in vars(self).values()))


@dataclass
class Trial:
    """A step tried.

    Attributes
    ----------
    delta_a, delta_w, gate, residual : Tensor
        Where it leads; shapes as in State.
    decay : Decay
        Of the kernel on the way.
    error : Tensor (B,)
        Largest of the three errors.
    progress : Tensor (B,)
        What the step adds to the increments, relative to them.
    """

    delta_a: Tensor
    delta_w: Tensor
    gate: Tensor
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
    gate = a.new_empty((len(a), len(network.targets), a.shape[1]))
    state = State(a, w, torch.zeros_like(a), torch.zeros_like(w), gate, gate[..., 0])
    kernel = torch.zeros((), dtype=a.dtype, device=a.device)
    residual = -network.targets.expand(len(a), -1)
    for part in network.slices(a.shape[1]):
        activation = network.preactivation(w[..., part]).relu()
        gate[..., part] = activation > 0
        residual = residual + network.output(a[..., part], activation)
        kernel = kernel + network.tangent_kernel(a[..., part], activation, gate[..., part])
    state.residual = residual
    squares = _Squares(a)
    for part in network.slices(a.shape[1]):
        activation = network.preactivation(w[..., part]).relu()
        squares.add("speed a", network.velocity_a(activation, residual))
        squares.add("speed w", network.velocity_w(a[..., part], gate[..., part], residual))
    squares.add("a", a)
    squares.add("w", w)
    decay = Decay(kernel)
    relative = [squares.ratio("speed a", "a"), squares.ratio("speed w", "w")]
    return state, decay, torch.stack([decay.rates.amax(1), *relative]).amax(0)


def try_step(network: Network, state: State, decay: Decay, duration: Tensor) -> Trial:
    """Try a step of length `duration` (B,) from `state`, where the kernel decays as `decay`."""
    residual = decay.mean(state.residual, duration)
    prediction = _predict(network, state, residual, duration)
    return _correct(network, state, prediction, residual, duration)


@dataclass
class _Prediction:
    delta_w: Tensor
    gate: Tensor  # mean over the step
    size: Tensor  # (B, m): |w| max |x| at the start
    stops: Tensor  # (B, m): neurons that end at w = 0
    decay: Decay


def _predict(network: Network, state: State, residual: Tensor, duration: Tensor) -> _Prediction:
    delta_w, gate = torch.empty_like(state.delta_w), torch.empty_like(state.gate)
    stops, size = torch.empty_like(state.a, dtype=torch.bool), torch.empty_like(state.a)
    kernel = torch.zeros((), dtype=state.a.dtype, device=state.a.device)
    longest = network.gram.diagonal().amax().sqrt()
    time = duration[:, None]
    for part in network.slices(state.a.shape[1]):
        a, w = state.weights(part)
        old_gate, response = state.gate[..., part], network.response(a)
        preactivation = network.preactivation(w)
        length = w.square().sum(1).sqrt()  # linalg.vector_norm takes several times as long
        size[..., part] = longest * length
        drift = network.drift(old_gate, residual)
        mean = Gates(preactivation, size[..., part], *drift, response, duration).mean()
        activation = preactivation.relu_()
        step_a = time * network.velocity_a(activation, residual)
        # d|w|^2/dt = kappa'^2 da^2/dt, the conserved quantity.
        approach = length + network.kappa_prime[:, None] ** 2 * a * step_a / length
        stop = stops_at_origin(network, a, w, old_gate, residual, approach, duration)
        step_w = network.pull(mean, residual).mul_(response * time[:, None])
        new_delta_w = step_w.add_(state.delta_w[..., part])
        _stop(stop, mean, new_delta_w, state.w[..., part])
        arrived = network.preactivation(state.w[..., part] + new_delta_w).relu_()
        twice = activation.add_(arrived)
        kernel = kernel + network.tangent_kernel(a + step_a / 2, twice.mul_(0.5), mean)
        delta_w[..., part], gate[..., part], stops[..., part] = new_delta_w, mean, stop
    return _Prediction(delta_w, gate, size, stops, Decay(kernel))


def _correct(
    network: Network,
    state: State,
    prediction: _Prediction,
    first_residual: Tensor,
    duration: Tensor,
) -> Trial:
    residual = prediction.decay.mean(state.residual, duration)
    # The new state overwrites the prediction slice by slice: at a million neurons each counts.
    delta_a, delta_w, gate = torch.empty_like(state.a), prediction.delta_w, prediction.gate
    new_residual = -network.targets.expand_as(residual)
    squares = _Squares(state.a)
    time = duration[:, None]
    # In the plane a neuron slides along one surface at a time. In space it may along several,
    # whose gates depend on each other: two sweeps settle them, the second from the middle,
    # because plain sweeps swing to and fro.
    several_surfaces = state.w.shape[1] > 2
    for part in network.slices(state.a.shape[1]):
        a, w = state.weights(part)
        preactivation = network.preactivation(w)
        activation = preactivation.relu()
        first_step_a = time * network.velocity_a(activation, first_residual)
        response = network.response(a + first_step_a / 2)
        size, mean = prediction.size[..., part], gate[..., part]
        drift = network.drift(mean, residual)
        gates = Gates(preactivation, size, *drift, response, duration)
        if several_surfaces:
            drift = network.drift(gates.mean().add_(mean).mul_(0.5), residual)
            gates = Gates(preactivation, size, *drift, response, duration)
        step_w = network.pull(gates.mean(), residual).mul_(response * time[:, None])
        final = gates.final()
        new_delta_w = step_w + state.delta_w[..., part]
        _stop(prediction.stops[..., part], final, new_delta_w, state.w[..., part])
        arrived = network.preactivation(state.w[..., part] + new_delta_w).relu_()
        step_a = time * network.velocity_a(activation.add_(arrived).mul_(0.5), residual)
        new_residual = new_residual + network.output(a + step_a, arrived)
        delta_a[..., part] = state.delta_a[..., part] + step_a
        squares.add("error a", step_a - first_step_a)
        squares.add("a", a + step_a)
        squares.add("step a", step_a)
        squares.add("delta a", delta_a[..., part])
        squares.add("error w", new_delta_w - delta_w[..., part])
        squares.add("step w", step_w)
        squares.add("delta w", new_delta_w)
        delta_w[..., part], gate[..., part] = new_delta_w, final
    surprise = (new_residual - prediction.decay.after(state.residual, duration)).norm(dim=1)
    scale = torch.maximum(network.targets.norm(), state.residual.norm(dim=1))
    errors = [squares.ratio("error a", "a"), squares.ratio("error w", "delta w"), surprise / scale]
    progress = [squares.ratio("step a", "delta a"), squares.ratio("step w", "delta w")]
    return Trial(
        delta_a,
        delta_w,
        gate,
        new_residual,
        prediction.decay,
        torch.stack(errors).amax(0),
        torch.stack(progress).amax(0),
    )


def _stop(stops: Tensor, gate: Tensor, delta_w: Tensor, initial_w: Tensor) -> None:
    """Let the marked neurons end at w = 0, exactly, with all gates closed; in place."""
    if stops.any():
        gate.masked_fill_(stops[:, None, :], 0.0)
        torch.where(stops[:, None, :], -initial_w, delta_w, out=delta_w)


class _Squares:
    """Sums of squares over all neurons, by name, each (B,)."""

    def __init__(self, like: Tensor) -> None:
        self._zero = like.new_zeros(len(like))
        self._sums: dict[str, Tensor] = {}

    def add(self, name: str, values: Tensor) -> None:
        self._sums[name] = self._sums.get(name, self._zero) + values.square().flatten(1).sum(1)

    def ratio(self, above: str, below: str) -> Tensor:
        """The ratio of two norms; 0 / 0 is 0."""
        ratio = (self._sums[above] / self._sums[below]).sqrt()
        return torch.where(self._sums[above] == 0, 0.0, ratio)
