"""The looks of the figures, as params.yaml gives them."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from phase_diagram.parameters.checks import boolean, choice, integer, number
from phase_diagram.parameters.validation import Section

# Diverging maps of matplotlib with a light centre; the first colour is the one of S_w < 0.
COLOUR_MAPS = (
    *("RdBu", "RdBu_r", "RdYlBu", "RdYlBu_r", "RdGy", "RdGy_r", "PuOr", "PuOr_r"),
    *("BrBG", "BrBG_r", "PRGn", "PRGn_r", "PiYG", "PiYG_r"),
    *("coolwarm", "coolwarm_r", "bwr", "bwr_r", "seismic", "seismic_r"),
)


def _check_colour_limit(value: Any) -> float | None:
    check = number("null or a number above 0 and at most 100", lambda s: 0.0 < s <= 100.0)
    return None if value is None else check(value)


class FigureSettings(Section):
    """Looks alone: nothing here changes a computed number."""

    dpi: Annotated[int, BeforeValidator(integer(30, 1200))] = 200
    width_inches: Annotated[
        float, BeforeValidator(number("a number from 3 to 30", lambda w: 3.0 <= w <= 30.0))
    ] = 6.0
    colour_map: Annotated[str, BeforeValidator(choice(COLOUR_MAPS))] = "RdBu"
    # |S_w| at which the colours saturate; None takes the largest one drawn.
    colour_limit: Annotated[float | None, BeforeValidator(_check_colour_limit)] = None
    initialisations: Annotated[bool, BeforeValidator(boolean)] = True
