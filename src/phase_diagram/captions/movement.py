"""Captions of averages over seeds: how far neurons move, and whether they condense."""

import numpy as np
import pandas as pd

from phase_diagram.captions.find import Tables
from phase_diagram.captions.words import count, listing, number, plus_minus, point, sentence
from phase_diagram.plane import theory

NOTHING = "No network was trained to the tolerance."


def _regimes(tables: Tables) -> pd.DataFrame:
    measured = tables["relative_distances"]
    regime = theory.regime(measured["gamma"].to_numpy(), measured["gamma_prime"].to_numpy())
    return measured.assign(regime=np.asarray(regime))


def distances(tables: Tables) -> str:
    """Say at how many points of each regime RD falls or grows with the width."""
    slopes = tables["slopes"].dropna(subset=["slope"])
    regime = np.asarray(theory.regime(slopes["gamma"].to_numpy(), slopes["gamma_prime"].to_numpy()))
    clauses = []
    if not theory.known(tables["slopes"]):
        falls, points = int((slopes["slope"] < 0).sum()), count(len(slopes), "point")
        clauses.append(f"RD falls with the width at {falls} of {points}")
    for name, word, as_said in (
        ("linear", "falls", slopes["slope"] < 0),
        ("condensed", "grows", slopes["slope"] > 0),
    ):
        inside = regime == name
        if inside.any() and theory.known(tables["slopes"]):
            clauses.append(
                f"RD {word} with the width at {int((as_said & inside).sum())} of "
                f"{count(int(inside.sum()), 'point')} of the {name} regime"
            )
    measured = tables["relative_distances"].dropna(subset=["rd"])
    if not len(measured):
        return NOTHING
    low, high = (number(value) for value in (measured["rd"].min(), measured["rd"].max()))
    return f"{listing(clauses)}. RD lies between {low} and {high}."


def condensation(tables: Tables) -> str:
    """Describe the order parameter on both sides of the boundary, and its change with the width."""
    measured = _regimes(tables).dropna(subset=["condensation"])
    if not len(measured):
        return NOTHING
    narrow, wide = measured["width"].min(), measured["width"].max()
    clauses = []
    known = theory.known(tables["slopes"])
    for name in ("linear", "condensed") if known else ("",):
        inside = measured[measured["regime"] == name] if known else measured
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
        clauses.append(text)
    return sentence("; ".join(clauses)) if clauses else "No point lies in a regime."


def steepest(tables: Tables) -> str:
    """Say besides where RD changes most with the width."""
    slopes = tables["slopes"]
    most = slopes.loc[slopes["slope"].abs().idxmax()] if slopes["slope"].notna().any() else None
    text = distances(tables)
    if most is not None:
        slope = plus_minus(most["slope"], most["slope_standard_error"])
        place = point(most["gamma"], most["gamma_prime"])
        text += f" It changes most with m at (gamma, gamma') = {place}, as m to the power {slope}."
    return text
