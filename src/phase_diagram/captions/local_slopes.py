"""Captions of local slopes: how S_w at finite widths approaches that of infinite width."""

from phase_diagram.captions.find import Finding, Tables
from phase_diagram.captions.words import count, number, paragraphs, plus_minus, point, table

HEADS = {
    "source": "neurons",
    "gamma": "gamma",
    "gamma_prime": "gamma'",
    "which": "form",
    "slope": "S_w at infinity",
    "uncertainty": "uncertainty",
    "theory": "theory",
    "width_from": "from m",
}


def limits(tables: Tables) -> str:
    """Say how far the extrapolated slopes of each source are from the closed form."""
    chosen = tables["extrapolations"]
    chosen = chosen[(chosen["chosen"] == 1) & chosen["slope"].notna()]
    if not len(chosen):
        return "No point has slopes enough to extrapolate from."
    sentences = []
    for source, found in chosen.groupby("source", sort=False):
        off = (found["slope"] - found["theory"]).abs()
        worst = found.loc[off.idxmax()]
        within = int((off <= found["uncertainty"]).sum())
        sentences.append(
            f"Of {source} neurons, the slope at infinite width is off the closed form by "
            f"{number(off.max())} at most, at {point(worst['gamma'], worst['gamma_prime'])} "
            f"({plus_minus(worst['slope'], worst['uncertainty'])}, theory "
            f"{number(worst['theory'])}); {within} of {count(len(found), 'point')} agree with it "
            "within their uncertainty."
        )
    return " ".join(sentences)


def approach(tables: Tables) -> str:
    """Say between which widths there are local slopes."""
    sentences = []
    for source, found in tables["local_slopes"].groupby("source", sort=False):
        low, high = number(found["width_from"].min()), number(found["width_to"].max())
        sentences.append(
            f"{count(len(found), 'local slope')} of {source} neurons between m = {low} and {high}."
        )
    return " ".join(sentences) or "There are no local slopes."


def _chosen(tables: Tables) -> str:
    found = tables["extrapolations"]
    return table(found[found["chosen"] == 1], HEADS)


FIGURES: dict[str, Finding] = {
    "local_slopes": lambda tables: f"{approach(tables)} {limits(tables)}",
}
TABLES: dict[str, Finding] = {
    "local_slopes": approach,
    "extrapolations": lambda tables: paragraphs(
        limits(tables), "The forms that are believed:", _chosen(tables)
    ),
}
