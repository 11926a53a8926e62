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
    fits = tables["fits"]
    sentences = []
    rd_difference = fits[fits["sharing"] == "same"]["rd_difference_max"].max()
    if rd_difference == rd_difference:
        sentences.append(
            "From the same normalised neurons all scales give the same RD, "
            f"to {number(rd_difference)} relative at most."
        )
    independent = fits[fits["sharing"] == "independent"].dropna(
        subset=["slope_difference", "slope_difference_standard_error"]
    )
    if len(independent):
        size = independent["slope_difference"].abs()
        errors = size / independent["slope_difference_standard_error"]
        worst = independent.loc[size.idxmax()]
        sentences.append(
            f"From other neurons S_w differs by {number(size.max())} at most, at "
            f"{point(worst['gamma'], worst['gamma_prime'])}, which is "
            f"{number(errors[size.idxmax()])} standard errors; "
            f"{int((errors <= 2).sum())} of {count(len(independent), 'difference')} are within two."
        )
    return " ".join(sentences) or "There is only one set of scales to look at."


def _networks(tables: Tables) -> str:
    networks = tables["networks"]
    converged = int((networks["status"] == "converged").sum())
    return (
        f"{count(len(networks), 'row')}; in {converged:,} of them training came to the tolerance. "
        f"{agreement(tables)}"
    )


FIGURES: dict[str, Finding] = {
    "scales": agreement,
}
TABLES: dict[str, Finding] = {
    "networks": _networks,
    "fits": lambda tables: paragraphs(agreement(tables), table(tables["fits"], HEADS)),
}
