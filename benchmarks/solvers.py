"""Comparison with general ODE solvers on the same right-hand side."""

from functools import partial
from typing import NamedTuple

from benchmarks import cases, markdown
from benchmarks.cases import OURS, Case, Start
from benchmarks.peers import ADAMS_STEP, ATOL, RTOL, SOLVERS
from benchmarks.rows import Key, Row, rows_of, runs
from benchmarks.timing import side_by_side
from phase_diagram.two_layer import gradient_flow

TITLE = "Against general solvers"

# End time given to a solver, in units of the time at which training ends.
HORIZON = 10.0


class Group(NamedTuple):
    """Points of one dataset at one width, and seconds after which a solver is given up."""

    dataset: str
    width: int
    points: tuple[tuple[float, float], ...]
    limit: float


LIMIT = 8.0
FOUR_POINTS = ((0.5, 0.5), (0.5, 0.0), (1.25, 0.5), (1.0, 0.0), (1.75, 0.0), (1.5, -1.0))
MNIST = ((0.5, 0.5), (0.5, 0.0), (1.5, 0.0))
GROUPS = (
    Group("four_points", 1000, FOUR_POINTS, LIMIT),
    Group("mnist", 100, MNIST, LIMIT),
)


def measure(
    groups: tuple[Group, ...] = GROUPS, solvers: tuple[str, ...] = tuple(SOLVERS)
) -> list[Row]:
    """Train each network by each solver, in the span of the inputs, in turns."""
    rows: list[Row] = []
    for group in groups:
        for point in group.points:
            case = Case(group.dataset, *point, group.width)
            start = cases.reduced(case)
            horizon = HORIZON * _duration(start)
            peers = {
                name: partial(SOLVERS[name](), start, horizon, group.limit) for name in solvers
            }
            timed = side_by_side({OURS: partial(cases.flow, start), **peers}, budget=1.0)
            for method, (seconds, run) in timed.items():
                key = Key(group.dataset, *point, group.width, method)
                rows += rows_of("solvers", key, cases.numbers(case, run, seconds))
    return rows


def _duration(start: Start) -> float:
    ((_, outcome),) = gradient_flow.train(
        start.network, start.a, start.w, tolerance=start.tolerance
    )
    return outcome.time


def section(rows: list[Row]) -> str:
    """Give one line per network and solver."""
    found = runs(rows, "solvers")
    table = []
    for key, values in found.items():
        ours = found[key._replace(method=OURS)]
        finished = bool(values["finished"])
        ratio = markdown.factor(values["seconds"] / ours["seconds"])
        table.append(
            (
                f"{key.dataset}, m = {key.width:,}",
                f"({key.gamma:g}, {key.gamma_prime:g})",
                key.method,
                markdown.at_least(markdown.seconds(values["seconds"]), finished),
                markdown.at_least(ratio, finished),
                markdown.percent(values.get("rd_error")) if finished else "did not finish",
                markdown.at_least(f"{values['evaluations']:,.0f}", finished),
            )
        )
    header = ("dataset", "(gamma, gamma')", "solver", "time", "to ours", "error in RD")
    return "\n\n".join(
        [
            "The same right-hand side, in the span of the inputs, told to integrate to "
            f"{HORIZON:.0f} times the time at which training ends, and to stop at the same loss; "
            f"relative and absolute tolerance {RTOL:g} and {ATOL:g}. A solver that takes longer "
            f"than {LIMIT:.0f} s, or ends without reaching that loss, did not finish. "
            f"implicit_adams keeps one step size, {ADAMS_STEP:g}/lambda_max of the initial kernel. "
            "The right-hand side jumps where a neuron meets a kink; multistep methods with a "
            "Jacobian (LSODA, BDF) start anew at each, and hardly advance once neurons slide.",
            markdown.table((*header, "right-hand sides"), table),
        ]
    )
