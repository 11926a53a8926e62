"""Formulas that matplotlib has parsed, kept for the next figure of the tests.

matplotlib keeps them for one renderer, which each figure has anew. The tests draw the same labels a
hundred times, and parsing them was nearly half of their time.
"""

from functools import lru_cache

from matplotlib.mathtext import MathTextParser

# Where a later matplotlib has it no more, all is parsed anew.
parse = getattr(getattr(MathTextParser, "_parse_cached", None), "__wrapped__", None)


@lru_cache(10_000)
def parsed(kind: str, *given):
    """Parse a formula; what comes of it depends on the kind of renderer alone."""
    return parse(MathTextParser("path" if kind == "vector" else "agg"), *given)


if parse is not None:
    MathTextParser._parse_cached = lambda self, *given: parsed(self._output_type, *given)
