"""Captions of averages over seeds: how far neurons move, and whether they condense."""

import numpy as np
import pandas as pd

from phase_diagram.captions.find import Tables
from phase_diagram.captions.words import count, listing, number, plus_minus, point, sentence
from phase_diagram.plane import theory

NOTHING = "No network was trained to the tolerance."


def _regimes(tables: Tables) -> pd.DataFrame:
    found = tables["relative_distances"]
    regime = theory.regime(found["gamma"].to_numpy(), found["gamma_prime"].to_numpy())
    return found.assign(regime=np.asarray(regime))


def distances(tables: Tables) -> str:
    """Say at how many points of each regime RD falls or grows with the width."""
    found = tables["slopes"].dropna(subset=["slope"])
    regime = np.asarray(theory.regime(found["gamma"].to_numpy(), found["gamma_prime"].to_numpy()))
    parts = []
    if not theory.known(tables["slopes"]):
        falls, points = int((found["slope"] < 0).sum()), count(len(found), "point")
        parts.append(f"RD falls with the width at {falls} of {points}")
    for name, word, as_said in (
        ("linear", "falls", found["slope"] < 0),
        ("condensed", "grows", found["slope"] > 0),
    ):
        inside = regime == name
        if inside.any() and theory.known(tables["slopes"]):
            parts.append(
                f"RD {word} with the width at {int((as_said & inside).sum())} of "
                f"{count(int(inside.sum()), 'point')} of the {name} regime"
            )
    measured = tables["relative_distances"].dropna(subset=["rd"])
    if not len(measured):
        return NOTHING
    low, high = (number(value) for value in (measured["rd"].min(), measured["rd"].max()))
    return f"{listing(parts)}. RD lies between {low} and {high}."


def condensation(tables: Tables) -> str:
    """Describe the order parameter on both sides of the boundary, and its change with the width."""
    found = _regimes(tables).dropna(subset=["condensation"])
    if not len(found):
        return NOTHING
    narrow, wide = found["width"].min(), found["width"].max()
    parts = []
    known = theory.known(tables["slopes"])
    for name in ("linear", "condensed") if known else ("",):
        inside = found[found["regime"] == name] if known else found
        plane = inside.pivot(index=["gamma", "gamma_prime"], columns="width", values="condensation")
        if wide not in plane or not len(plane):
            continue
        where = f"in the {name} regime " if known else ""
        text = (
            f"{where}C is {number(float(plane[wide].median()))} in the median over "
            f"{count(len(plane), 'point')} at m = {number(wide)}"
        )
        if narrow != wide and narrow in plane:
            change = plane[wide] - plane[narrow]
            text += (
                f" ({change.median():+.2g} against m = {number(narrow)}, the changes being from "
                f"{change.min():+.2g} to {change.max():+.2g})"
            )
        parts.append(text)
    return sentence("; ".join(parts)) if parts else "No point lies in a regime."


def steepest(tables: Tables) -> str:
    """Say besides where RD changes most with the width."""
    found = tables["slopes"]
    most = found.loc[found["slope"].abs().idxmax()] if found["slope"].notna().any() else None
    text = distances(tables)
    if most is not None:
        slope = plus_minus(most["slope"], most["slope_standard_error"])
        place = point(most["gamma"], most["gamma_prime"])
        text += f" It changes most with m at (gamma, gamma') = {place}, as m to the power {slope}."
    return text
