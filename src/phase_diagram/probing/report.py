"""A probe's result as tables in a terminal."""

import math
from collections import Counter
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from phase_diagram.errors import printable

if TYPE_CHECKING:
    from phase_diagram.probing.result import Probe


def show(found: "Probe", console: Console) -> None:
    """Print RD of each parameter, its slope and its regime, and the verdict.

    Of the widths the narrowest and the widest alone, so that the table fits a terminal.
    """
    console.print(_table(found))
    networks = found.networks.drop_duplicates(["width", "seed"])
    ended = ", ".join(f"{count} {why}" for why, count in Counter(networks["reason"]).items())
    console.print(
        f"{len(networks)} networks, {networks['steps'].median():.0f} steps and "
        f"{networks['seconds'].median():.2g} s each (median); ended: {ended}"
    )
    console.print(Text(printable(found.verdict)))


def as_text(found: "Probe", width: int = 100) -> str:
    """The same as a text of lines of at most `width` characters, without colours."""
    console = Console(width=width, color_system=None, force_terminal=False)
    with console.capture() as captured:
        show(found, console)
    return captured.get()


def _table(found: "Probe") -> Table:
    title = f"{printable(found.name)}: RD and its slope, {100 * found.confidence:g}% interval"
    table = Table(title=Text(title), box=SIMPLE_HEAD, collapse_padding=True, pad_edge=False)
    widths = found.distances["width"].min(), found.distances["width"].max()
    # Numbers are never cut: where it is too narrow, names take more lines.
    longest = max(map(len, found.summary["parameter"]))
    table.add_column("parameter", overflow="fold", min_width=min(longest, 16))
    for width in widths:
        table.add_column(f"m = {width}", justify="right", no_wrap=True)
    for heading in ("slope", "interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("regime", no_wrap=True)
    by = found.distances.set_index(["parameter", "width"])
    for row in found.summary.to_dict(orient="records"):
        cells = [by.loc[(row["parameter"], width)] for width in widths]
        key = "movement" if row["note"] else "rd"
        low, high = row["slope_low"], row["slope_high"]
        table.add_row(
            Text(printable(row["parameter"])),
            *(_text(float(cell[key])) for cell in cells),
            _fixed(row["slope"]),
            f"{_fixed(low)} to {_fixed(high)}" if math.isfinite(low) else "-",
            f"{row['note']}: moved" if row["note"] else _named(row["regime"], row["meaning"]),
        )
    return table


def _named(regime: str, meaning: str) -> str:
    return f"{regime} ({meaning})" if regime in ("linear", "condensed") else regime


def _text(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "-"


def _fixed(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "-"
