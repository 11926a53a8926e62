"""The studies of params.yaml: the settings of each kind.

A study is a figure other than a phase diagram. Some kinds train a few further networks on the data
of an experiment, others are made from the tables of experiments.
"""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from phase_diagram.parameters.validation import Section, distinct
from phase_diagram.parameters.values import (
    MAXIMUM_NAMED,
    MAXIMUM_POINTS,
    Exponent,
    Name,
    Points,
    Seeds,
    Width,
    Widths,
    check_spelling,
    limited,
)

_STUDIES = f"a mapping from names to studies, at most {MAXIMUM_NAMED}"
_EXPONENTS = f"a list of 1 to {MAXIMUM_POINTS} different numbers"


# consistency.py checks that this experiment exists.
Reference = Annotated[str, Field(strict=True, description="the name of an experiment")]
Seed = Annotated[int, Field(strict=True, ge=0, le=9_999)]


class Study(Section):
    """Base class of all kinds of studies."""

    def networks(self) -> int:
        """Return the number of networks that the study trains itself."""
        return 0


class Initialisations(Study):
    """The table of named initialisations, at one width and input dimension."""

    width: Width
    dimension: Annotated[int, Field(strict=True, ge=1, le=10**9)]


class Portraits(Study):
    """Single networks: the functions they learn, and how their neurons move."""

    experiment: Reference  # whose data and tolerance are used
    points: Points
    width: Width
    seed: Seed = 0

    def networks(self) -> int:
        """One for each point."""
        return len(self.points)


class RelativeDistances(Study):
    """RD against the width at some points of a sweep."""

    experiment: Reference  # whose networks are shown
    points: Points


class Scales(Study):
    """Networks of equal kappa and kappa' that differ in (alpha, beta1, beta2)."""

    experiment: Reference  # whose data and tolerance are used
    points: Points
    # beta2 = m^-exponent; beta1 and alpha follow from kappa and kappa'.
    beta2_exponents: Annotated[
        tuple[float, ...],
        BeforeValidator(distinct(Exponent, _EXPONENTS, minimum=1, maximum=MAXIMUM_POINTS)),
        Field(description=_EXPONENTS),
    ]
    widths: Widths
    seeds: Seeds = 3

    def networks(self) -> int:
        """One for each point, exponent, width and seed."""
        return len(self.points) * len(self.beta2_exponents) * len(self.widths) * self.seeds


class Kernels(Study):
    """Training compared with training under the frozen tangent kernel."""

    experiment: Reference  # whose data and tolerance are used
    points: Points
    widths: Widths
    seeds: Seeds = 3

    def networks(self) -> int:
        """One for each point, width and seed."""
        return len(self.points) * len(self.widths) * self.seeds


class Descents(Study):
    """The same networks by gradient flow and by gradient descent, from two sweeps."""

    flow: Reference
    descent: Reference


class LocalSlopes(Study):
    """Slopes between neighbouring widths, of a sweep with quadrature and one without."""

    quadrature: Reference
    random: Reference
    points: Points


One = TypeVar("One", bound=Study)
Named = Annotated[
    dict[Name, One],
    Field(description=f"a mapping from names to studies, at most {MAXIMUM_NAMED}"),
    BeforeValidator(limited),
    AfterValidator(check_spelling),
]


class Studies(Section):
    """All studies, by kind and name."""

    initialisations: Named[Initialisations] = Field(default={})
    portraits: Named[Portraits] = Field(default={})
    relative_distances: Named[RelativeDistances] = Field(default={})
    scales: Named[Scales] = Field(default={})
    kernels: Named[Kernels] = Field(default={})
    descents: Named[Descents] = Field(default={})
    local_slopes: Named[LocalSlopes] = Field(default={})


KINDS: dict[str, type[Study]] = {
    "initialisations": Initialisations,
    "portraits": Portraits,
    "relative_distances": RelativeDistances,
    "scales": Scales,
    "kernels": Kernels,
    "descents": Descents,
    "local_slopes": LocalSlopes,
}
