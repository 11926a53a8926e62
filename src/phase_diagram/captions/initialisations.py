"""Captions of the named initialisations and their coordinates."""

from phase_diagram.captions.find import Finding, Tables
from phase_diagram.captions.words import listing, number, paragraphs, point, table

HEADS = {
    "initialisation": "initialisation",
    "kappa": "kappa",
    "kappa_prime": "kappa'",
    "gamma": "gamma",
    "gamma_prime": "gamma'",
    "gamma_limit": "gamma in the limit",
    "gamma_prime_limit": "gamma' in the limit",
    "regime": "regime in the limit",
}


def places(tables: Tables) -> str:
    """Say which regime each initialisation tends to, and which one is farthest from its limit."""
    initialisations = tables["initialisations"]
    by_regime = [
        f"{listing(group['initialisation'].str.replace('_', ' '))}: {regime}"
        for regime, group in initialisations.groupby("regime", sort=False)
    ]
    text = f"In the limit of infinite width, {'; '.join(by_regime)}."
    off = (initialisations["gamma"] - initialisations["gamma_limit"]).abs()
    if off.notna().any():
        farthest = initialisations.loc[off.idxmax()]
        text += (
            f" At this width and dimension {farthest['initialisation'].replace('_', ' ')} is "
            f"farthest from its limit: (gamma, gamma') = "
            f"{point(farthest['gamma'], farthest['gamma_prime'])} instead of "
            f"{point(farthest['gamma_limit'], farthest['gamma_prime_limit'])}, "
            f"{number(off.max())} off in gamma."
        )
    return text


FIGURES: dict[str, Finding] = {
    "initialisations_table": places,
    "initialisations_diagram": places,
}
TABLES: dict[str, Finding] = {
    "initialisations": lambda tables: paragraphs(
        places(tables), table(tables["initialisations"], HEADS)
    ),
}
