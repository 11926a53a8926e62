"""The style of the figures, a section of params.yaml."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from phase_diagram.parameters.validation import Section
from phase_diagram.parameters.values import number

# Diverging maps of matplotlib with a light centre; the first colour is the one of S_w < 0.
# fmt: off
ColourMap = Literal[
    "RdBu", "RdBu_r", "RdYlBu", "RdYlBu_r", "RdGy", "RdGy_r", "PuOr", "PuOr_r",
    "BrBG", "BrBG_r", "PRGn", "PRGn_r", "PiYG", "PiYG_r",
    "coolwarm", "coolwarm_r", "bwr", "bwr_r", "seismic", "seismic_r",
]
# fmt: on


class FigureSettings(Section):
    """The style of the figures: no setting here changes a computed number."""

    dpi: Annotated[int, Field(strict=True, ge=30, le=1200)] = 200
    width_inches: Annotated[
        float,
        Field(strict=True, ge=3, le=30, description="a number from 3 to 30"),
        BeforeValidator(number),
    ] = 6.0
    colour_map: ColourMap = "RdBu"
    # |S_w| at which the colours saturate; None takes the largest one drawn.
    colour_limit: Annotated[
        float | None,
        Field(strict=True, gt=0, le=100, description="null or a number above 0 and at most 100"),
        BeforeValidator(number),
    ] = None
    initialisations: Annotated[bool, Field(strict=True)] = True
