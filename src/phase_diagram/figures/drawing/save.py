"""Save figures atomically and reproducibly to the byte."""

import io
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fontTools import subset  # type: ignore[import-untyped]
from matplotlib.figure import Figure

from phase_diagram.figures.drawing import style
from phase_diagram.files.atomic import atomic_path

# Metadata that differ between two runs (PDF: the time) or two machines (PNG: matplotlib's version,
# the only metadata) are left out.
METADATA: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# matplotlib has placed each glyph already, so a PDF does not need the font tables for ligatures,
# marks and kerning. Reading them took longer than all other work on the fonts, for each PDF.
LAYOUT = ("GSUB", "GPOS", "GDEF")


def save(figure: Figure, path: str | os.PathLike[str]) -> None:
    """Write a figure as PNG or PDF, by the path's suffix.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, saved at its own size and resolution.
    path : path
        The file to be created or replaced, atomically.

    Raises
    ------
    ValueError
        If the suffix is neither .png nor .pdf.
    OSError
        If the file cannot be written.
    """
    path = Path(path)
    if path.suffix not in METADATA:
        raise ValueError(f"{path}: a figure is saved as {' or '.join(METADATA)}")
    # fontTools warns that the DejaVu fonts give no date, once for each font in each PDF.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    # In memory first: on a full disk matplotlib's PDF writer raises another error.
    drawn = io.BytesIO()
    with style.context(), _glyphs_alone():
        figure.savefig(drawn, format=path.suffix[1:], metadata=METADATA[path.suffix])
    with atomic_path(path) as temporary:
        temporary.write_bytes(drawn.getbuffer())


@contextmanager
def _glyphs_alone() -> Iterator[None]:
    """Make fontTools, which prepares the fonts of a PDF, leave out layout tables."""
    load = subset.load_font

    def load_without_layout(*arguments: Any, **options: Any) -> Any:
        font = load(*arguments, **options)
        for table in LAYOUT:
            if table in font:
                del font[table]
        return font

    subset.load_font = load_without_layout
    try:
        yield
    finally:
        subset.load_font = load
