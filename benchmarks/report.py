"""benchmarks/results.md from the table of all measurements."""

import importlib
from types import ModuleType

from benchmarks import PARTS, markdown
from benchmarks.rows import Row

INTRODUCTION = (
    "Written by `make bench`, from [results.csv](results.csv) beside it; "
    "`.venv/bin/python -m benchmarks --only NAME` measures one part again. Ratios are measured "
    "side by side in one run, times are medians on one thread. Errors in RD are relative, against "
    "the tight reference of the first section."
)


def part(name: str) -> ModuleType:
    """Import one part of the benchmark, only when it is needed."""
    return importlib.import_module(f"benchmarks.{name}")


def render(rows: list[Row], machine: dict[str, str]) -> str:
    """Write the whole report in Markdown.

    Parameters
    ----------
    rows : list of Row
        Of all parts that have been measured so far.
    machine : dict of str to str
        From `benchmarks.machine.describe`.
    """
    parts = [
        "# Benchmarks",
        INTRODUCTION,
        markdown.table(("machine", ""), machine.items()),
    ]
    for name in PARTS:
        module = part(name)
        parts += [f"## {module.TITLE}", module.section(rows)]
        date = next((row.value for row in rows if (row.row, row.quantity) == (name, "date")), None)
        if date is not None:
            parts.append(f"Measured on {_iso(int(date))}: `--only {name}`.")
    return "\n\n".join(text for text in parts if text) + "\n"


def _iso(date: int) -> str:
    return f"{date // 10000:04}-{date // 100 % 100:02}-{date % 100:02}"
