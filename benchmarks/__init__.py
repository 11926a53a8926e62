"""Speed and accuracy of this project, compared with alternatives: `python -m benchmarks`.

Each module named in PARTS is one part of the report, with

    TITLE             its heading
    measure()         runs it: list of Row (rows.py), or an iterator of such lists
    section(rows)     its Markdown, from the rows of all parts

so that one part can be measured again (`--only NAME`) and the report written with the other parts'
numbers from results.csv. Timings are on one thread, alternating in one process.
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
