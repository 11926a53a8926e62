"""What is fast here, measured against what else one could do: `python -m benchmarks`.

Each module named in PARTS is one part of the report, with

    TITLE             its heading
    measure()         runs it: list of Row (rows.py), or an iterator of such lists
    section(rows)     its Markdown, from the rows of all parts

so that a part can be measured again alone (`--only NAME`) and the report be written from what
results.csv has kept of the others. Timings are made on one thread, side by side in one process.
"""

PARTS = (
    "accuracy",
    "descent",
    "solvers",
    "evaluations",
    "kernels",
    "growth",
    "workflow",
    "gpu",
)
"""Modules of this package, in the order of the report."""
