"""Table 1 of Luo et al. (2021) as a figure: initialisations, their scales and coordinates."""

import math
import re
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from phase_diagram.figures.drawing import style, typeset
from phase_diagram.plane import scaling

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

HEADINGS = (
    "",
    r"$\alpha$",
    r"$\beta_1$",
    r"$\beta_2$",
    r"$\kappa$",
    r"$\kappa'$",
    r"$\gamma$",
    r"$\gamma'$",
    "regime",
)
SCALES = ("alpha", "beta1", "beta2", "kappa", "kappa_prime")


def draw(table: pd.DataFrame, settings: "FigureSettings", title: str = "") -> Figure:
    """Set the table: for each initialisation its formulas and limits, below them its numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        `initialisations` of studies/initialisations.py.
    settings : FigureSettings
        dpi and width_inches are used.
    title : str
        Set above the table; none if empty.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = [_row(row) for row in table.to_dict("records")]
    width, dimension = (style.mathtext(float(table[key].iloc[0])) for key in ("width", "dimension"))
    notes = [
        r"First lines: formulas, and the limits of $\gamma$ and $\gamma'$ as $m\to\infty$; the "
        r"regime is that of the limit. Second lines: values at width $m$ = "
        rf"{width} and input dimension $d$ = {dimension}.",
        r"$\kappa=\beta_1\beta_2/\alpha=m^{-\gamma},$ $\kappa'=\beta_1/\beta_2=m^{-\gamma'}.$",
        r"* $\beta$ is free: the whole line $\gamma=\gamma'$, where "
        r"$\gamma=-\lim\,\log\beta/\log m.$",
    ]
    with style.context():
        return typeset.draw(
            HEADINGS,
            rows,
            notes,
            width_inches=settings.width_inches,
            dpi=settings.dpi,
            title=title,
        )


def mathtext(formula: str) -> str:
    """Turn a formula such as sqrt(2/(m+1)) into mathtext.

    Parameters
    ----------
    formula : str
        Of sqrt, + / *, brackets, numbers, m, d and beta.
    """
    start = formula.find("sqrt(")
    while start >= 0:
        depth, end = 1, start + len("sqrt(")
        while depth:
            depth += {"(": 1, ")": -1}.get(formula[end], 0)
            end += 1
        inner = formula[start + len("sqrt(") : end - 1]
        formula = rf"{formula[:start]}\sqrt{{{inner}}}{formula[end:]}"
        start = formula.find("sqrt(")
    return "$" + re.sub(r"\bbeta\b", r"\\beta", formula.replace("*", "")) + "$"


def _row(row: Mapping[Hashable, Any]) -> typeset.Row:
    name = scaling.LABELS[row["initialisation"]]
    formulas = [mathtext(row[f"{scale}_formula"]) for scale in SCALES]
    if math.isnan(row["gamma_limit"]):
        return typeset.Row(((f"{name} (2020)*", *formulas, "free", r"$\gamma$", row["regime"]),))
    limits = [_limit(row[limit]) for limit in ("gamma_limit", "gamma_prime_limit")]
    scales = [style.mathtext(row[scale]) for scale in SCALES]
    exponents = [f"${row[exponent] + 0.0:.3f}$" for exponent in ("gamma", "gamma_prime")]
    return typeset.Row(
        ((name, *formulas, *limits, row["regime"]), ("", *scales, *exponents, "")),
    )


def _limit(value: float) -> str:
    return "$1/2$" if value == 0.5 else f"${value:g}$"
