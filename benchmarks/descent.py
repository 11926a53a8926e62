"""Against the authors' procedure: seconds to their stopping value, side by side."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from benchmarks import authors, cases, markdown
from benchmarks.cases import OURS, Case, Run
from benchmarks.rows import Key, Row, lower_median, rows_of, runs
from benchmarks.timing import side_by_side

TITLE = "Against the authors' procedure"
AUTHORS = "gradient descent, halving and restarting"


class Group(NamedTuple):
    """Points of one dataset at one width, and seconds after which descent is given up."""

    dataset: str
    width: int
    points: tuple[tuple[float, float], ...]
    limit: float
    target: float


FOUR_POINTS = (
    *((0.5, 0.0), (0.75, -1.0), (1.25, 0.5)),
    *((1.0, 0.0), (1.75, 0.0), (1.75, -0.5), (1.5, -1.0)),
)
MNIST = ((0.5, 0.0), (1.0, 0.5), (1.0, 0.0), (1.5, 0.0), (1.5, -1.0))

GROUPS = (
    Group("four_points", 10_000, FOUR_POINTS, 30.0, 30.0),
    Group("mnist", 1_000, MNIST, 30.0, 300.0),
    Group("mnist", 10_000, MNIST, 90.0, 300.0),
)


def measure(groups: tuple[Group, ...] = GROUPS) -> list[Row]:
    """Train each network by both, in turns."""
    rows: list[Row] = []
    for group in groups:
        for point in group.points:
            case = Case(group.dataset, *point, group.width)
            for method, (seconds, run) in _both(case, group.limit).items():
                key = Key(group.dataset, *point, group.width, method)
                rows += rows_of("descent", key, cases.numbers(case, run, seconds))
    return rows


def _both(case: Case, limit: float) -> dict[str, tuple[float, Run]]:
    start = cases.start(case)
    methods: dict[str, Callable[[], Run]] = {
        # What the reduction to the span of the inputs costs belongs to our time.
        OURS: lambda: cases.flow(cases.reduced(case)),
        AUTHORS: partial(authors.descend, start, seconds=limit),
    }
    timed = side_by_side(methods)
    return {method: (one.seconds, one.result) for method, one in timed.items()}


def section(rows: list[Row]) -> str:
    """Give the median ratio of each group, then point by point."""
    found = runs(rows, "descent")
    parts = [
        "Seconds for one network, median of turns in one process, one thread, float64. Descent "
        "works in the full space of the inputs (785 dimensions for MNIST), as the authors do, at "
        "a first rate of 2/lambda_max of the initial kernel, which is generous to it "
        "(benchmarks/authors.py). It is given up after a limit; a ratio is then a lower bound, "
        "marked ≥, and the median takes it at that bound.",
    ]
    for group in GROUPS:
        parts.append(_group(group, found))
    return "\n\n".join(part for part in parts if part)


def _group(group: Group, found: dict[Key, dict[str, float]]) -> str:
    table, ratios = [], []
    for key, ours in found.items():
        if (key.dataset, key.width, key.method) != (group.dataset, group.width, OURS):
            continue
        theirs = found[key._replace(method=AUTHORS)]
        ratio, finished = theirs["seconds"] / ours["seconds"], bool(theirs["finished"])
        ratios.append((ratio, finished))
        table.append(
            (
                f"({key.gamma:g}, {key.gamma_prime:g})",
                markdown.seconds(ours["seconds"]),
                markdown.at_least(markdown.seconds(theirs["seconds"]), finished),
                f"**{markdown.at_least(markdown.factor(ratio), finished)}**",
                markdown.percent(ours.get("rd_error")),
                markdown.percent(theirs.get("rd_error")) if finished else "did not finish",
                f"{ours['evaluations']:,.0f}",
                markdown.at_least(f"{theirs['evaluations']:,.0f}", finished),
            )
        )
    if not table:
        return ""
    middle, exact = lower_median(ratios)
    return "\n\n".join(
        [
            f"**{group.dataset}, m = {group.width:,}: {markdown.at_least('', exact)}"
            f"{markdown.factor(middle)} times faster, median of {len(table)} points** (target "
            f"{group.target:.0f}; descent limited to {group.limit:.0f} s).",
            markdown.table(
                (
                    *("(gamma, gamma')", "ours", "descent", "ratio"),
                    *("our error in RD", "descent's", "our evaluations", "descent's"),
                ),
                table,
            ),
        ]
    )
