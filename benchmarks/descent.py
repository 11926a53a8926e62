"""Comparison with the authors' procedure: seconds to reach their stopping value."""

from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from benchmarks import cases, descent_alone, markdown
from benchmarks.cases import OURS, Case, Run
from benchmarks.rows import Key, Row, lower_median, rows_of, runs
from benchmarks.timing import Own, Timed, side_by_side

TITLE = "Against the authors' procedure"
AUTHORS = "gradient descent, halving and restarting"
AUTOMATIC = "the same by automatic differentiation"


class Group(NamedTuple):
    """Points of one dataset at one width, and seconds after which descent is given up."""

    dataset: str
    width: int
    points: tuple[tuple[float, float], ...]
    limit: float
    target: float


# At least one of each wedge, where a point takes a minute.
SOME = (
    *((0.5, 0.0), (0.75, -1.0), (1.0, 0.5), (1.5, 1.0)),
    *((1.0, 0.0), (1.5, 0.0), (1.75, -0.5), (1.5, -1.0)),
)

GROUPS = (
    Group("four_points", 10_000, cases.POINTS, 20.0, 30.0),
    Group("mnist", 1_000, cases.POINTS, 30.0, 300.0),
    Group("mnist", 10_000, SOME, 60.0, 300.0),
)


def measure(groups: tuple[Group, ...] = GROUPS) -> list[Row]:
    """Train each network by both methods, alternating."""
    rows: list[Row] = []
    for group in groups:
        for point in group.points:
            case = Case(group.dataset, *point, group.width)
            for method, (seconds, run) in _both(case, group.limit).items():
                key = Key(group.dataset, *point, group.width, method)
                rows += rows_of("descent", key, cases.numbers(case, run, seconds))
    return rows


def _both(case: Case, limit: float) -> dict[str, tuple[float, Run]]:
    steps: list[float] = []

    def ours() -> Run:
        # Taking the neurons to the span of the inputs belongs to our time. Finding it does not:
        # that is done once for all networks of a sweep.
        return cases.flow(cases.reduced(case))

    def theirs() -> Own:
        descent = descent_alone.measure(case, limit)
        steps.append(descent.step)
        return Own(descent.seconds, descent.run)

    methods: dict[str, Callable[[], Run | Own]] = {OURS: ours, AUTHORS: theirs}
    timed: dict[str, Timed[Run]] = side_by_side(methods)
    descended = timed[AUTHORS].result
    return {
        OURS: (timed[OURS].seconds, timed[OURS].result),
        AUTHORS: (timed[AUTHORS].seconds, descended),
        AUTOMATIC: (median(steps) * descended.evaluations, descended),
    }


def section(rows: list[Row]) -> str:
    """Give the median ratios of each group, then point by point."""
    found = runs(rows, "descent")
    parts = [
        "Seconds for one network, median of turns, one thread, float64. Descent works in the full "
        "space of the inputs (785 dimensions for MNIST), as the authors do, at a first rate of "
        "2/lambda_max of the initial kernel, which is generous to it, in a process of its own with "
        "torch as it comes. It is written twice: *by hand*, gradients written out, no memory asked "
        "for in a step, the loss taken from the next step's forward pass (benchmarks/authors.py), "
        "and *as they write it*, by automatic differentiation, with the loss run again after each "
        "step (benchmarks/automatic.py; seconds of a step times the number of steps by hand, which "
        "is the same). Our time includes taking the neurons to the span of the inputs, but not "
        "finding it, which a sweep does once for all its networks. Descent is given up after a "
        "limit; a ratio is then a lower bound, marked ≥, and the median takes it at that bound.",
    ]
    parts += [_group(group, found) for group in GROUPS]
    return "\n\n".join(part for part in parts if part)


def _group(group: Group, found: dict[Key, dict[str, float]]) -> str:
    table = []
    ratios: dict[str, list[tuple[float, bool]]] = {AUTHORS: [], AUTOMATIC: []}
    for key, ours in found.items():
        if (key.dataset, key.width, key.method) != (group.dataset, group.width, OURS):
            continue
        theirs = {method: found[key._replace(method=method)] for method in ratios}
        hand = theirs[AUTHORS]
        finished = bool(hand["finished"])
        cells = []
        for method, values in theirs.items():
            ratio = values["seconds"] / ours["seconds"]
            ratios[method].append((ratio, finished))
            cells += [
                markdown.at_least(markdown.seconds(values["seconds"]), finished),
                f"**{markdown.at_least(markdown.factor(ratio), finished)}**",
            ]
        table.append(
            (
                f"({key.gamma:g}, {key.gamma_prime:g})",
                markdown.seconds(ours["seconds"]),
                *cells,
                markdown.percent(ours.get("rd_error")),
                markdown.percent(hand.get("rd_error")) if finished else "did not finish",
                f"{ours['evaluations']:,.0f}",
                markdown.at_least(f"{hand['evaluations']:,.0f}", finished),
            )
        )
    if not table:
        return ""
    by_hand, as_written = (_median(ratios[method]) for method in (AUTHORS, AUTOMATIC))
    return "\n\n".join(
        [
            f"**{group.dataset}, m = {group.width:,}: {by_hand} times faster than descent by hand, "
            f"{as_written} times faster than as they write it, medians of {len(table)} points** "
            f"(target {group.target:.0f}; descent limited to {group.limit:.0f} s).",
            markdown.table(
                (
                    *("(gamma, gamma')", "ours", "by hand", "ratio", "as they write it", "ratio"),
                    *("our error in RD", "descent's", "our evaluations", "descent's"),
                ),
                table,
            ),
        ]
    )


def _median(ratios: list[tuple[float, bool]]) -> str:
    middle, exact = lower_median(ratios)
    return markdown.at_least(markdown.factor(middle), exact)
