"""Colours of the page: those of the figures, and variants for the dark theme."""

import matplotlib
from matplotlib.colors import to_hex

from phase_diagram.figures import condensation
from phase_diagram.figures.drawing import style

STEPS = 129  # odd, so that zero has a colour of its own

# Diverging maps with a white middle, which is too bright on a dark page; these have a black middle
# and the same colours at the ends. Other maps are used unchanged in the dark theme.
IN_THE_DARK = {
    "RdBu": "berlin_r",
    "RdBu_r": "berlin",
    "PuOr": "managua",
    "PuOr_r": "managua_r",
    "BrBG": "vanimo_r",
}

# Okabe and Ito's colours, as in the figures, lighter in the dark theme.
LOOKS = {
    "light": {
        "ground": "#ffffff",
        "ink": style.INK,
        "muted": "#5f6670",
        "line": "#d9dce0",
        "missing": style.MISSING,
        "halo": "#ffffff",
        "star": style.STAR,
        "before": "#7cc4ee",
        "after": "#d55e00",
        "start": "#a0a4aa",
        "fit": "#0072b2",
        "kink": "#c8c8c8",
    },
    "dark": {
        "ground": "#1b1e24",
        "ink": "#e9eaec",
        "muted": "#a3a9b3",
        "line": "#363b44",
        "missing": "#5a5f68",
        "halo": "#1b1e24",
        "star": style.STAR,
        "before": "#56b4e9",
        "after": "#f28e3c",
        "start": "#7c828c",
        "fit": "#6cc0f0",
        "kink": "#4a505a",
    },
}


def palettes(colour_map: str) -> dict[str, dict[str, list[str]]]:
    """Return the colours of slopes, of differences and of the order parameter, by theme.

    Parameters
    ----------
    colour_map : str
        The diverging map of S_w, of matplotlib; its low end is for S_w < 0.
    """
    difference_map = next(
        name for name in condensation.DIFFERENCE_MAPS if not colour_map.startswith(name)
    )
    maps = {"slope": colour_map, "difference": difference_map}
    return {
        "light": {
            **{name: _colours(map_name) for name, map_name in maps.items()},
            "order": _colours(condensation.COLOURS),
        },
        "dark": {
            **{
                name: _colours(IN_THE_DARK.get(map_name, map_name))
                for name, map_name in maps.items()
            },
            "order": _colours(condensation.COLOURS),
        },
    }


def _colours(name: str) -> list[str]:
    colours = matplotlib.colormaps[name]
    return [to_hex(colours(step / (STEPS - 1))) for step in range(STEPS)]
