"""Build the page from the packs of the experiments."""

import base64
import html
import json
import os
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import bokeh

from phase_diagram.explorer.page import palettes, plots
from phase_diagram.files.atomic import atomic_path
from phase_diagram.plane import scaling

if TYPE_CHECKING:
    from phase_diagram.parameters.figures import FigureSettings

SCRIPTS = ("data", "state", "words", "ticks", "theme", "diagram", "point", "main")


def build(packs: Mapping[str, bytes], settings: "FigureSettings") -> str:
    """Make the page.

    Parameters
    ----------
    packs : mapping from str to bytes
        The pack of each experiment, in the order of the page's list.
    settings : FigureSettings
        colour_map, colour_limit.

    Returns
    -------
    str
        HTML. Equal packs and settings give equal pages.
    """
    models = plots.as_json(plots.models())
    known = {
        "experiments": list(packs),
        "plots": models,
        "palettes": palettes.palettes(settings.colour_map),
        "looks": palettes.LOOKS,
        "colour_limit": settings.colour_limit,
        "initialisations": _initialisations(),
    }
    return Template(_file("page.html")).substitute(
        style=_file("page.css"),
        bokeh=_within_script(_bokeh()),
        known=_within_script(json.dumps(known, separators=(",", ":"))),
        packs="\n".join(
            f'<script type="text/plain" id="pack-{html.escape(name)}">'
            f"{base64.b64encode(packed).decode()}</script>"
            for name, packed in packs.items()
        ),
        script="\n".join(_file(f"{name}.js") for name in SCRIPTS),
    )


def write(
    path: str | os.PathLike[str], packs: Mapping[str, bytes], settings: "FigureSettings"
) -> None:
    """Build the page and write it atomically."""
    with atomic_path(path) as temporary:
        temporary.write_text(build(packs, settings), encoding="utf-8", newline="\n")


def _initialisations() -> list[dict[str, object]]:
    """The named initialisations, grouped by their place on the plane."""
    places: dict[tuple[float, float], list[str]] = {}
    for name, place in scaling.NAMED_LIMITS.items():
        places.setdefault(place, []).append(scaling.LABELS[name])
    return [
        {"gamma": gamma, "gamma_prime": gamma_prime, "text": ", ".join(names)}
        for (gamma, gamma_prime), names in places.items()
    ]


def _bokeh() -> str:
    folder = Path(bokeh.__file__).parent / "server" / "static" / "js"
    return (folder / "bokeh.min.js").read_text(encoding="utf-8")


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _within_script(text: str) -> str:
    # This ends a script for an HTML parser, even inside a string.
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
