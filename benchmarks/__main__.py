"""Run the benchmark, or some of its parts, and write results.csv and results.md.

.venv/bin/python -m benchmarks [--only NAME,NAME,...] [--report]
"""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import PARTS, report
from benchmarks.rows import Row, read, write
from phase_diagram.files.atomic import atomic_path
from phase_diagram.two_layer.native import matrix_library

FOLDER = Path(__file__).parent


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> None:
    """Measure, keep what other parts have measured before, and write the report."""
    chosen = _chosen(arguments)
    # As in the workflow, and for all that is compared: torch is imported after it.
    wide = matrix_library.use_all_vectors()
    import torch

    from benchmarks.machine import describe

    torch.set_num_threads(1)
    table = folder / "results.csv"
    rows = read(table)
    for name in chosen:
        began = time.perf_counter()
        print(f"{name} ...", file=sys.stderr, flush=True)
        measured = report.part(name).measure()
        rows = [row for row in rows if row.row != name] + [_date(name)]
        # After each measurement, so that a killed run loses only the current one.
        for some in [measured] if isinstance(measured, list) else measured:
            rows += some
            write(_ordered(rows), table)
        write(_ordered(rows), table)
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    with atomic_path(folder / "results.md") as temporary:
        temporary.write_text(report.render(_ordered(rows), describe(wide)), encoding="utf-8")
    print(folder / "results.md")


def _chosen(arguments: list[str] | None) -> list[str]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", help=f"parts, comma-separated: {', '.join(PARTS)}")
    parser.add_argument("--report", action="store_true", help="measure nothing, write the report")
    options = parser.parse_args(arguments)
    if options.report:
        return []
    chosen = options.only.split(",") if options.only else list(PARTS)
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        parser.error(f"--only: {', '.join(unknown)}: expected some of {', '.join(PARTS)}")
    return chosen


def _date(name: str) -> Row:
    today = float(datetime.now(UTC).strftime("%Y%m%d"))
    return Row(name, "", None, None, None, "", "date", today, "yyyymmdd")


def _ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: PARTS.index(row.row) if row.row in PARTS else len(PARTS))


if __name__ == "__main__":
    main()
