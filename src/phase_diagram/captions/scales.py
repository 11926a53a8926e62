"""Captions of scales: do networks of equal kappa and kappa' but different scales agree?"""

from phase_diagram.captions.find import Finding, Tables
from phase_diagram.captions.words import count, number, paragraphs, point, table

HEADS = {
    "gamma": "gamma",
    "gamma_prime": "gamma'",
    "triple": "scales",
    "sharing": "neurons",
    "slope": "S_w",
    "slope_standard_error": "standard error",
    "theory": "theory",
    "rd_difference_max": "RD differs by",
    "slope_difference": "S_w differs by",
}


def agreement(tables: Tables) -> str:
    """Say by how much RD differs for equal neurons, and slopes for independent ones."""
    found = tables["fits"]
    parts = []
    same = found[found["sharing"] == "same"]["rd_difference_max"].max()
    if same == same:
        parts.append(
            "From the same normalised neurons all scales give the same RD, "
            f"to {number(same)} relative at most."
        )
    others = found[found["sharing"] == "independent"].dropna(
        subset=["slope_difference", "slope_difference_standard_error"]
    )
    if len(others):
        size = others["slope_difference"].abs()
        errors = size / others["slope_difference_standard_error"]
        worst = others.loc[size.idxmax()]
        parts.append(
            f"From other neurons S_w differs by {number(size.max())} at most, at "
            f"{point(worst['gamma'], worst['gamma_prime'])}, which is "
            f"{number(errors[size.idxmax()])} standard errors; "
            f"{int((errors <= 2).sum())} of {count(len(others), 'difference')} are within two."
        )
    return " ".join(parts) or "There is only one set of scales to look at."


def _networks(tables: Tables) -> str:
    found = tables["networks"]
    converged = int((found["status"] == "converged").sum())
    return (
        f"{count(len(found), 'row')}; in {converged:,} of them training came to the tolerance. "
        f"{agreement(tables)}"
    )


FIGURES: dict[str, Finding] = {
    "scales": agreement,
}
TABLES: dict[str, Finding] = {
    "networks": _networks,
    "fits": lambda tables: paragraphs(agreement(tables), table(tables["fits"], HEADS)),
}
