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
    extrapolations = tables["extrapolations"]
    extrapolations = extrapolations[
        (extrapolations["chosen"] == 1) & extrapolations["slope"].notna()
    ]
    if not len(extrapolations):
        return "No point has slopes enough to extrapolate from."
    sentences = []
    for source, rows in extrapolations.groupby("source", sort=False):
        off = (rows["slope"] - rows["theory"]).abs()
        worst = rows.loc[off.idxmax()]
        within = int((off <= rows["uncertainty"]).sum())
        sentences.append(
            f"Of {source} neurons, the slope at infinite width is off the closed form by "
            f"{number(off.max())} at most, at {point(worst['gamma'], worst['gamma_prime'])} "
            f"({plus_minus(worst['slope'], worst['uncertainty'])}, theory "
            f"{number(worst['theory'])}); {within} of {count(len(rows), 'point')} agree with it "
            "within their uncertainty."
        )
    return " ".join(sentences)


def approach(tables: Tables) -> str:
    """Say between which widths there are local slopes."""
    sentences = []
    for source, rows in tables["local_slopes"].groupby("source", sort=False):
        low, high = number(rows["width_from"].min()), number(rows["width_to"].max())
        sentences.append(
            f"{count(len(rows), 'local slope')} of {source} neurons between m = {low} and {high}."
        )
    return " ".join(sentences) or "There are no local slopes."


def _chosen(tables: Tables) -> str:
    extrapolations = tables["extrapolations"]
    return table(extrapolations[extrapolations["chosen"] == 1], HEADS)


FIGURES: dict[str, Finding] = {
    "local_slopes": lambda tables: f"{approach(tables)} {limits(tables)}",
}
TABLES: dict[str, Finding] = {
    "local_slopes": approach,
    "extrapolations": lambda tables: paragraphs(
        limits(tables), "The forms that are believed:", _chosen(tables)
    ),
}
