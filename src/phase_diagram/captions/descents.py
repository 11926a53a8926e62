"""Captions of descents: the effect of the learning rate, compared with gradient flow."""

from phase_diagram.captions.find import Finding, Tables
from phase_diagram.captions.words import count, number, paragraphs, point, table

WORST = 10
HEADS = {
    "gamma": "gamma",
    "gamma_prime": "gamma'",
    "slope_flow": "S_w of flow",
    "slope_descent": "S_w of descent",
    "difference": "difference",
    "theory": "theory",
    "converged": "networks compared",
}


def distances(tables: Tables) -> str:
    """Say how RD of descent compares with that of the flow, network by network."""
    networks = tables["networks"]
    ratio = networks["ratio"].dropna()
    converged = int((networks["status"] == "converged").sum())
    text = f"By descent {converged:,} of {count(len(networks), 'network')} came to the tolerance."
    if len(ratio):
        text += (
            f" RD by descent is {number(ratio.median())} times that of flow in the median, and "
            f"between {number(ratio.min())} and {number(ratio.max())} times for all of them."
        )
    return text


def slopes(tables: Tables) -> str:
    """Say by how much S_w differs, and where it differs most."""
    differences = tables["slopes"].dropna(subset=["difference"])
    if not len(differences):
        return "There is no point at which both have a slope."
    size = differences["difference"].abs()
    worst = differences.loc[size.idxmax()]
    return (
        f"S_w of descent differs from that of flow by {number(size.median())} in the median over "
        f"{count(len(differences), 'point')}, by {number(size.max())} at most, at "
        f"{point(worst['gamma'], worst['gamma_prime'])}."
    )


def _worst(tables: Tables) -> str:
    differences = tables["slopes"].dropna(subset=["difference"])
    shown = differences.assign(off=differences["difference"].abs()).nlargest(WORST, "off")
    said = f"The {count(len(shown), 'point')} at which they differ most:" if len(shown) else ""
    return paragraphs(slopes(tables), said, table(shown, HEADS) if len(shown) else "")


FIGURES: dict[str, Finding] = {
    "descent": lambda tables: f"{distances(tables)} {slopes(tables)}",
}
TABLES: dict[str, Finding] = {
    "networks": distances,
    "slopes": _worst,
}
