"""Captions of a phase diagram, from the tables of its experiment."""

import pandas as pd

from phase_diagram.captions import movement, planes
from phase_diagram.captions.find import Finding, Tables
from phase_diagram.captions.words import count, listing, number, paragraphs, table


def networks(tables: Tables) -> str:
    """Say how many networks there are and how their training ended."""
    total, converged = tables["metrics"]["networks"], tables["metrics"]["converged"]
    if converged == total:
        return f"{count(total, 'network')}, all trained to the tolerance."
    unconverged = tables["sweep"]
    unconverged = unconverged[unconverged["status"] != "converged"]
    endings = unconverged.groupby(["status", "reason"]).size().sort_values(ascending=False)
    reasons = listing(
        f"{amount:,} ended with status ``{status}``" + (f" ({reason})" if reason else "")
        for (status, reason), amount in endings.items()
    )
    return (
        f"{count(total, 'network')}, of which {converged:,} "
        f"({converged / total:.0%}) were trained to the tolerance; {reasons}. "
        "Those enter no average and no fit."
    )


def _metrics(tables: Tables) -> str:
    metrics = tables["metrics"]
    rows = [(key.replace("_", " "), value) for key, value in metrics.items()]
    return paragraphs(
        networks(tables), table(pd.DataFrame(rows, columns=["quantity", "value"], dtype=object))
    )


def _sweep(tables: Tables) -> str:
    sweep = tables["sweep"]
    steps = sweep["steps"]
    columns = ", ".join(f"``{name}``" for name in sweep.columns)
    return paragraphs(
        networks(tables),
        f"Training took {count(int(steps.median()), 'step')} in the median, "
        f"{number(int(steps.max()))} at most. Columns: {columns}.",
    )


def _phase_diagram(tables: Tables) -> str:
    return f"{planes.boundary(tables)} {networks(tables)}"


FIGURES: dict[str, Finding] = {
    "phase_diagram": _phase_diagram,
    "exponents": lambda tables: f"{planes.slopes(tables)} {planes.compared(tables)}",
    "condensation": movement.condensation,
}
TABLES: dict[str, Finding] = {
    "sweep": _sweep,
    "slopes": planes.slopes_table,
    "boundary": planes.boundary_table,
    "relative_distances": movement.steepest,
    "wedges": planes.wedges_table,
    "metrics": _metrics,
}
