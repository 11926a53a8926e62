"""Captions of portraits: what single networks have learned, and how their neurons moved."""

import math

from phase_diagram.captions.find import Finding, Tables
from phase_diagram.captions.words import count, number, paragraphs, point, table

HEADS = {
    "gamma": "gamma",
    "gamma_prime": "gamma'",
    "regime": "regime",
    "rd": "RD",
    "condensation_initial": "C before",
    "condensation_final": "C after",
    "orientations_initial": "orientations before",
    "orientations_final": "after",
    "kernel_distance": "off the kernel",
    "spline_distance": "off the spline",
    "status": "status",
}


def learned(tables: Tables) -> str:
    """Say for each network how far neurons moved and condensed, and what it learned."""
    sentences = []
    for row in tables["summary"].to_dict("records"):
        place = point(row["gamma"], row["gamma_prime"])
        text = f"At {place}, {row['regime']}: "
        if row["status"] != "converged":
            text += f"training ended with status ``{row['status']}``; "
        text += (
            f"RD = {number(row['rd'])}; "
            f"{count(int(row['orientations_final']), 'orientation')} "
            f"{'carries' if row['orientations_final'] == 1 else 'carry'} 95% of the amplitude, "
            f"{number(row['orientations_initial'])} before training; what is learned is "
            f"{number(row['kernel_distance'])} off the frozen kernel"
        )
        if not math.isnan(row["spline_distance"]):
            text += f" and {number(row['spline_distance'])} off the piecewise linear interpolation"
        sentences.append(f"{text}.")
    return " ".join(sentences)


def functions(tables: Tables) -> str:
    """Say of how many inputs there are values."""
    rows = tables["functions"]
    if not len(rows):
        return "The data has more than one input dimension: there is no line to draw along."
    points = count(rows.groupby(["gamma", "gamma_prime"]).ngroups, "network")
    low, high = (number(value) for value in (rows["x"].min(), rows["x"].max()))
    return f"{count(len(rows), 'row')}, of {points}, with x from {low} to {high}."


def neurons(tables: Tables) -> str:
    """Say how many neurons there are, and how C changed."""
    summary = tables["summary"]
    changes = "; ".join(
        f"at {point(row['gamma'], row['gamma_prime'])} C goes from "
        f"{number(row['condensation_initial'])} to {number(row['condensation_final'])}"
        for row in summary.to_dict("records")
    )
    return f"{count(int(summary['width'].sum()), 'neuron')} of all networks together; {changes}."


FIGURES: dict[str, Finding] = {
    "portrait": learned,
}
TABLES: dict[str, Finding] = {
    "functions": functions,
    "neurons": neurons,
    "summary": lambda tables: paragraphs(learned(tables), table(tables["summary"], HEADS)),
}
