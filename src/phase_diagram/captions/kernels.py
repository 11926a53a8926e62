"""Captions of kernels: training compared with that under a frozen kernel."""

import numpy as np

from phase_diagram.captions.find import Finding, Tables
from phase_diagram.captions.words import (
    count,
    listing,
    number,
    paragraphs,
    plus_minus,
    point,
    table,
)

KERNELS = {"initial": "the kernel at initialisation", "infinite": "the kernel of infinite width"}
SHARE = 0.01  # of the residual at the start: modes with less say nothing about the decay
HEADS = {
    "gamma": "gamma",
    "gamma_prime": "gamma'",
    "kernel": "kernel",
    "slope": "slope",
    "slope_standard_error": "standard error",
    "distance": "at the largest width",
    "distance_standard_error": "its standard error",
}


def distance(tables: Tables) -> str:
    """Say how far the learned function is from each frozen kernel's, and how that scales."""
    distance_fits = tables["distance_fits"]
    sentences = []
    for place, fits in distance_fits.groupby(["gamma", "gamma_prime"], sort=False):
        said = listing(
            f"{number(row['distance'])} from that of {KERNELS[row['kernel']]} (going as m to the "
            f"power {plus_minus(row['slope'], row['slope_standard_error'])})"
            for row in fits.to_dict("records")
        )
        sentences.append(f"At {point(*place)} the function learned lies {said}.")
    return (
        f"Distances relative to the targets, with m = {number(distance_fits['width'].max())}. "
        f"{' '.join(sentences)}"
    )


def decay(tables: Tables) -> str:
    """Say how measured rates compare with eigenvalues of the kernel, at the largest width."""
    modes = tables["modes"]
    modes = modes[modes["width"] == modes["width"].max()]
    sentences = []
    for place, rows in modes.groupby(["gamma", "gamma_prime"], sort=False):
        size = rows.groupby("seed")["amplitude"].transform(
            lambda amplitudes: np.sqrt((amplitudes**2).sum())
        )
        clear = rows[(rows["amplitude"].abs() >= SHARE * size) & rows["ratio"].notna()]
        if not len(clear):
            sentences.append(f"At {point(*place)} no mode can be followed for long enough.")
            continue
        low, high = number(clear["ratio"].min()), number(clear["ratio"].max())
        sentences.append(
            f"At {point(*place)} modes decay at {number(clear['ratio'].median())} times their "
            f"eigenvalue in the median ({low} to {high}, {count(len(clear), 'mode')} of "
            f"{count(rows['seed'].nunique(), 'network')})."
        )
    return f"With m = {number(modes['width'].max())}. {' '.join(sentences)}"


def _rows(name: str) -> Finding:
    return lambda tables: f"{count(len(tables[name]), 'row')}."


FIGURES: dict[str, Finding] = {
    "loss_decay": decay,
    "kernel_distance": distance,
}
TABLES: dict[str, Finding] = {
    "decay": lambda tables: f"{_rows('decay')(tables)} {decay(tables)}",
    "modes": lambda tables: f"{_rows('modes')(tables)} {decay(tables)}",
    "distances": lambda tables: f"{_rows('distances')(tables)} {distance(tables)}",
    "distance_fits": lambda tables: paragraphs(
        distance(tables), table(tables["distance_fits"], HEADS)
    ),
}
