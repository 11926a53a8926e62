"""Fonts in a PDF: glyphs alone, without the tables that lay out words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fontTools import subset  # type: ignore[import-untyped]

# matplotlib has placed each glyph already; what sets ligatures, marks and pairs is of no use in a
# PDF. Reading it took longer than all else that is done to the fonts, for each PDF anew.
LAYOUT = ("GSUB", "GPOS", "GDEF")


@contextmanager
def glyphs_alone() -> Iterator[None]:
    """Have fontTools, by which matplotlib makes the fonts of a PDF, leave out their layout."""
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
