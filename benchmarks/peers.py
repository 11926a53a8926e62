"""General solvers of ordinary differential equations, on the same right-hand side.

The state is the increment of all weights since the start, in one vector, starting at zero. Each
solver gets the same tolerances and may stop as soon as the mean squared error is reached.
"""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from benchmarks.cases import Run, Start
from benchmarks.plain import Plain
from benchmarks.timing import Deadline
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.native import compiled
from phase_diagram.two_layer.native.cache import may_build
from phase_diagram.two_layer.native.compilation import flat

# scipy's own defaults, for all of them: torchdiffeq's (1e-7, 1e-9) would only be slower.
RTOL, ATOL = 1e-3, 1e-6
# torchdiffeq's implicit_adams: the step that it keeps, in units of 1 / lambda_max of the initial
# kernel, and its order. By default that is as high as 12, and then stable for tiny steps only.
ADAMS_STEP, ADAMS_ORDER = 0.5, 4


class Flow:
    """The gradient flow as dy/dt = f(y); counts its evaluations.

    Parameters
    ----------
    start : Start
    seconds : float
        Wall time after which the next evaluation raises TimeoutError.
    """

    def __init__(self, start: Start, seconds: float) -> None:
        self.start, self.deadline = start, Deadline(seconds)
        self.plain, self.shape_w = Plain.of(start), start.w.shape
        self.evaluations = 0
        self._velocity = velocity_for(start.network)

    def initial(self) -> Tensor:
        """Zero increments (m + d m,)."""
        return self.start.a.new_zeros(self.start.a.numel() + self.start.w.numel())

    def weights(self, state: Tensor) -> tuple[Tensor, Tensor]:
        """Give the weights a (1, m) and w (1, d, m) of a state."""
        width = self.start.a.numel()
        return self.start.a + state[:width], self.start.w + state[width:].view(self.shape_w)

    def velocity(self, state: Tensor) -> Tensor:
        """Give the right-hand side.

        Raises
        ------
        TimeoutError
            If time is up.
        """
        self.deadline.check()
        self.evaluations += 1
        by_a, by_w = self._velocity(self.start.network, *self.weights(state))
        return torch.cat([by_a.flatten(), by_w.flatten()])

    def excess(self, state: Tensor) -> Tensor:
        """log of the mean squared error over the tolerance: training ends where it is zero."""
        a, w = self.weights(state)
        residual = self.plain.error(self.plain.hidden(w[0]), a[0])
        return (residual.square().mean() / self.start.tolerance).log()

    def run(self, final: Tensor | None, steps: int, kernels: int = 0) -> Run:
        """Sum up; `final` is the state at the stopping value, None if that was not reached."""
        rd = None
        if final is not None:
            rd = float(final[self.start.a.numel() :].norm()) / self.start.norm
        return Run(rd, steps, self.evaluations, kernels, final is not None)


def velocity_for(network: Network) -> Callable[..., Sequence[Tensor]]:
    """The right-hand side, compiled where this project's own passes are."""
    if not may_build():
        return Network.velocity
    run = compiled.load("velocity", *network.inputs.shape)
    return lambda *arguments: run(flat(arguments))


Solve = Callable[[Start, float, float], Run]


def scipy_solver(method: str) -> Solve:
    """Give one of scipy's, "LSODA" or "BDF", as a function of start, horizon and seconds."""
    from scipy.integrate import solve_ivp  # type: ignore[import-untyped]

    def solve(start: Start, horizon: float, seconds: float) -> Run:
        flow = Flow(start, seconds)

        def event(_time: float, state: object) -> float:
            return float(flow.excess(torch.as_tensor(state)))

        event.terminal = True  # type: ignore[attr-defined]
        try:
            solution = solve_ivp(
                lambda _time, state: flow.velocity(torch.as_tensor(state)).numpy(),
                (0.0, horizon),
                flow.initial().numpy(),
                method=method,
                events=event,
                rtol=RTOL,
                atol=ATOL,
            )
        # ValueError: BDF's guess of a Jacobian overflows for neurons that no longer respond.
        except (TimeoutError, ValueError):
            return flow.run(None, 0)
        reached = solution.status == 1
        final = torch.as_tensor(solution.y[:, -1]) if reached else None
        return flow.run(final, len(solution.t) - 1)

    return solve


def torchdiffeq_solver(method: str) -> Solve:
    """Give one of torchdiffeq's, "dopri5" or "implicit_adams", likewise.

    implicit_adams keeps one step size, see ADAMS_STEP and ADAMS_ORDER.
    """
    from torchdiffeq import odeint  # type: ignore[import-untyped]

    def solve(start: Start, horizon: float, seconds: float) -> Run:
        flow = Flow(start, seconds)
        adaptive = method == "dopri5"
        fastest = flow.plain.fastest(flow.plain.hidden(start.w[0]), start.a[0])
        options = {} if adaptive else {"step_size": ADAMS_STEP / fastest, "max_order": ADAMS_ORDER}
        steps = 0

        def excess(_time: Tensor, state: Tensor) -> Tensor:
            nonlocal steps
            steps += 1
            # With a number that is not finite the sign never changes, and nothing would end.
            value = flow.excess(state)
            if not math.isfinite(value):
                raise TimeoutError
            return value

        try:
            _, solution = odeint(
                lambda _time, state: flow.velocity(state),
                flow.initial(),
                torch.tensor([0.0, horizon], dtype=torch.float64),
                method=method,
                rtol=RTOL,
                atol=ATOL,
                options=options,
                event_fn=excess,
            )
        # RuntimeError, AssertionError: its own limit of steps, or a step size of zero.
        except (TimeoutError, RuntimeError, AssertionError):
            return flow.run(None, steps)
        return flow.run(solution[-1], steps)

    return solve


SOLVERS: dict[str, Callable[[], Solve]] = {
    "torchdiffeq dopri5": lambda: torchdiffeq_solver("dopri5"),
    "torchdiffeq implicit_adams": lambda: torchdiffeq_solver("implicit_adams"),
    "scipy LSODA": lambda: scipy_solver("LSODA"),
    "scipy BDF": lambda: scipy_solver("BDF"),
}
"""By name; a package is imported when its solver is asked for."""
