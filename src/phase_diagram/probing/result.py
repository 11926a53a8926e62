"""The result of a probe: networks, means per width, slope and regime of each parameter."""

import json
import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from phase_diagram.errors import printable
from phase_diagram.fits import regression, slopes
from phase_diagram.probing import regimes

ALL = "all together"
"""The row of all parameters of a network as one vector."""
AT_ZERO = "starts at zero"
STILL = "does not move"

COLUMNS = (
    *("parameter", "width", "seed", "size", "start", "movement", "rd"),
    *("status", "reason", "mean_squared_error", "steps", "seconds"),
)


@dataclass(frozen=True, eq=False)
class Probe:
    """How far each parameter of a network moves, against its width.

    Attributes
    ----------
    name : str
        Of the factory.
    tolerance : float
        Mean squared error at which training ended.
    confidence : float
        Of the intervals of the slopes, which determine the regimes.
    margin : float
        Slopes whose interval lies within it are critical (regimes.py).
    networks : pandas.DataFrame
        A row per parameter, width and seed, and one for all parameters together, with `size`
        (its numbers), `start` (|theta(0)|), `movement` (|theta(t*) - theta(0)|), `rd` (their
        ratio; NaN where the parameter starts at zero), and of the network its `status`, `reason`
        (outcome.py), `mean_squared_error`, `steps` and `seconds`.
    """

    name: str
    tolerance: float
    confidence: float
    margin: float
    networks: pd.DataFrame

    @cached_property
    def distances(self) -> pd.DataFrame:
        """A row per parameter and width: means over the seeds that converged.

        `rd`, `movement` and their standard errors (NaN with fewer than two networks);
        `networks`: all trained, `converged`: those in the means.
        """
        measured = ["rd", "movement"]
        used = self.networks.assign(converged=self.networks["status"] == "converged")
        used[measured] = used[measured].where(used["converged"])
        grouped = used.groupby(["parameter", "width"], sort=False)
        return grouped.agg(
            rd=("rd", "mean"),
            rd_standard_error=("rd", "sem"),
            movement=("movement", "mean"),
            movement_standard_error=("movement", "sem"),
            networks=("converged", "size"),
            converged=("converged", "sum"),
        ).reset_index()

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row per parameter: `slope` of log RD against log width, its error and its regime.

        `slope_standard_error` from the scatter of the networks about the line (regression.py),
        `slope_low` and `slope_high` the t interval, `regime` (regimes.py) with its `meaning`,
        `networks` in the fit, `note` where there is no RD.
        """
        rows = [
            self._fit(str(parameter), table)
            for parameter, table in self.networks.groupby("parameter", sort=False)
        ]
        return pd.DataFrame(rows)

    @property
    def verdict(self) -> str:
        """The regimes of the parameters in one line."""
        alone = self.summary[self.summary["parameter"] != ALL]
        return regimes.verdict(dict(zip(alone["parameter"], alone["regime"], strict=True)))

    def to_json(self) -> str:
        """Write everything as one line of JSON; numbers that do not exist are null."""
        widths = self.distances.set_index("parameter").groupby("parameter")
        return json.dumps(
            {
                "name": self.name,
                "tolerance": self.tolerance,
                "confidence": self.confidence,
                "margin": self.margin,
                "verdict": self.verdict,
                "parameters": [
                    {**row, "widths": _records(widths.get_group(row["parameter"]))}
                    for row in _records(self.summary)
                ],
                "networks": _records(self.networks),
            },
            allow_nan=False,
        )

    def show(self, console: Console) -> None:
        """Print RD of each parameter, its slope and its regime, and the verdict.

        Only the smallest and the largest width are shown, so that the table fits a terminal.
        """
        console.print(self._table())
        networks = self.networks.drop_duplicates(["width", "seed"])
        ended = ", ".join(f"{count} {why}" for why, count in Counter(networks["reason"]).items())
        console.print(
            f"{len(networks)} networks, {networks['steps'].median():.0f} steps and "
            f"{networks['seconds'].median():.2g} s each (median); ended: {ended}"
        )
        console.print(Text(printable(self.verdict)))

    def __str__(self) -> str:
        """The text that the command prints, in lines of at most 100 characters without colours."""
        console = Console(width=100, color_system=None, force_terminal=False)
        with console.capture() as captured:
            self.show(console)
        return captured.get()

    def _table(self) -> Table:
        title = f"{printable(self.name)}: RD and its slope, {100 * self.confidence:g}% interval"
        table = Table(title=Text(title), box=SIMPLE_HEAD, collapse_padding=True, pad_edge=False)
        widths = self.distances["width"].min(), self.distances["width"].max()
        # Numbers are never cut: where it is too narrow, names take more lines.
        longest = max(map(len, self.summary["parameter"]))
        table.add_column("parameter", overflow="fold", min_width=min(longest, 16))
        for width in widths:
            table.add_column(f"m = {width}", justify="right", no_wrap=True)
        for heading in ("slope", "interval"):
            table.add_column(heading, justify="right", no_wrap=True)
        table.add_column("regime", no_wrap=True)
        by = self.distances.set_index(["parameter", "width"])
        for row in self.summary.to_dict(orient="records"):
            cells = [by.loc[(row["parameter"], width)] for width in widths]
            key = "movement" if row["note"] else "rd"
            low, high = row["slope_low"], row["slope_high"]
            regime = row["regime"]
            if regime in ("linear", "condensed"):
                regime += f" ({row['meaning']})"
            table.add_row(
                Text(printable(row["parameter"])),
                *(_number(float(cell[key]), ".4g") for cell in cells),
                _number(row["slope"], ".3f"),
                f"{low:.3f} to {high:.3f}" if math.isfinite(low) else "-",
                f"{row['note']}: moved" if row["note"] else regime,
            )
        return table

    def _fit(self, parameter: str, table: pd.DataFrame) -> dict[str, Any]:
        used = table[slopes.fitted(table)]
        log_width = np.log(used["width"].to_numpy(dtype=np.float64))
        slope, error = regression.slope(log_width, np.log(used["rd"].to_numpy()))
        low, high = regimes.interval(slope, error, len(used), self.confidence)
        note = ""
        if (table["start"] == 0).any():
            note = AT_ZERO
        elif (table["movement"] == 0).all() and (table["status"] == "converged").any():
            note = STILL
        regime = "undefined" if note else regimes.regime(low, high, self.margin)
        return {
            "parameter": parameter,
            "slope": slope,
            "slope_standard_error": error,
            "slope_low": low,
            "slope_high": high,
            "regime": regime,
            "meaning": regimes.MEANINGS[regime],
            "networks": len(used),
            "note": note,
        }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): _plain(value) for key, value in row.items()}
        for row in table.to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, int | np.integer):
        return int(value)
    return float(value) if math.isfinite(value) else None


def _number(value: float, form: str) -> str:
    return f"{value:{form}}" if math.isfinite(value) else "-"
