"""How often the equations are evaluated for one trained network, wedge by wedge.

Made of the runs of the other parts: nothing is measured here.
"""

from collections import defaultdict

from benchmarks import markdown
from benchmarks.cases import OURS
from benchmarks.descent import AUTHORS
from benchmarks.peers import SOLVERS
from benchmarks.rows import Row, lower_median, runs

TITLE = "Evaluations per converged network"

SOURCES = ("accuracy", "solvers", "descent")


def measure() -> list[Row]:
    """Measure nothing: the counts are in the rows of SOURCES."""
    return []


def section(rows: list[Row]) -> str:
    """Give medians over the networks of each dataset and wedge, by method."""
    counts: dict[tuple[str, str], dict[str, list[tuple[float, float, bool]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for key, values in runs(rows, *SOURCES).items():
        counts[key.dataset, key.wedge][key.method].append(
            (values["evaluations"], values["kernels"], bool(values["finished"]))
        )
    methods = (OURS, AUTHORS, *SOLVERS)
    table = [
        (dataset, wedge, *(_cell(by_method.get(method, [])) for method in methods))
        for (dataset, wedge), by_method in sorted(counts.items())
    ]
    return "\n\n".join(
        [
            "Right-hand sides (here: passes over all neurons) / kernel matrices, medians over the "
            "networks of the tables of this report, whose number is in brackets. ≥: some of "
            "them did not finish and count with what they had done by then. A point on the edge "
            "of two wedges counts in either one.",
            markdown.table(("dataset", "wedge", *methods), table),
        ]
    )


def _cell(counts: list[tuple[float, float, bool]]) -> str:
    if not counts:
        return ""
    evaluations, exact = lower_median((one, finished) for one, _, finished in counts)
    kernels, _ = lower_median((one, finished) for _, one, finished in counts)
    return f"{markdown.at_least(f'{evaluations:,.0f}', exact)} / {kernels:,.0f} ({len(counts)})"
