"""Captions of RD against the width: the fitted powers."""

import math

from phase_diagram.captions.find import Finding, Tables
from phase_diagram.captions.words import number, paragraphs, plus_minus, point, sentence, table

FIT_HEADS = {
    "gamma": "gamma",
    "gamma_prime": "gamma'",
    "regime": "regime",
    "slope": "S_w",
    "slope_standard_error": "standard error",
    "theory": "theory",
    "prefactor": "prefactor",
    "converged": "networks in the fit",
}
HEADS = {
    "gamma": "gamma",
    "gamma_prime": "gamma'",
    "width": "m",
    "rd": "RD",
    "rd_standard_error": "standard error",
    "converged": "networks",
}


def powers(tables: Tables) -> str:
    """Say how RD scales with the width at each point, with the exponent of theory if any."""
    said = "; ".join(
        f"at {point(row['gamma'], row['gamma_prime'])}, {row['regime']}, RD goes as m to the power "
        f"{plus_minus(row['slope'], row['slope_standard_error'])}"
        + ("" if math.isnan(row["theory"]) else f", theory {number(row['theory'])}")
        for row in tables["fits"].to_dict("records")
    )
    return sentence(said)


FIGURES: dict[str, Finding] = {
    "relative_distances": powers,
}
TABLES: dict[str, Finding] = {
    "fits": lambda tables: paragraphs(powers(tables), table(tables["fits"], FIT_HEADS)),
    "distances": lambda tables: paragraphs(powers(tables), table(tables["distances"], HEADS)),
}
