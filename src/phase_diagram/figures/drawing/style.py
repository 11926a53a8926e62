"""The common style of all figures: fonts, lines, layout, and the format of numbers.

Settings are applied in a context, never to matplotlib's global state.
"""

from contextlib import AbstractContextManager

import matplotlib.style
from matplotlib.figure import Figure

INK = "#1a1a1a"
MISSING = "#d0d0d0"
STAR = "#ffd21f"

# Sizes are in points and do not follow the figure's width: a figure of a journal's column width
# has the same letters as one that spans the page.
SETTINGS = {
    # matplotlib includes the DejaVu fonts, so the same letters are drawn on any machine.
    "font.family": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8.5,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "legend.fontsize": 7.0,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "legend.columnspacing": 1.4,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.direction": "out",
    "ytick.direction": "out",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.labelpad": 2.0,
    "axes.titlepad": 5.0,
    "hatch.linewidth": 0.6,
    "savefig.dpi": "figure",
    # Journals ask for embedded TrueType; matplotlib's default, Type 3, is refused by many.
    "pdf.fonttype": 42,
}


def context() -> AbstractContextManager[None]:
    """Return the context in which figures are drawn and saved.

    matplotlib's defaults are restored first, so that a user's own matplotlibrc changes nothing.

    Returns
    -------
    context manager
        On leaving it, matplotlib's settings are as they were.
    """
    return matplotlib.style.context(["default", SETTINGS])


def settle(figure: Figure) -> Figure:
    """Compute the layout once and fix it, so that labels can be placed by their real size.

    Each further pass would move it slightly, and a figure saved twice would have different bytes.
    Nothing is drawn for it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        With a layout engine, which it loses.

    Returns
    -------
    matplotlib.figure.Figure
        The same.
    """
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine(None)
    return figure


def mathtext(value: float) -> str:
    """Write a value in mathtext, where minus signs are no hyphens: whole, or with four digits.

    Examples
    --------
    >>> mathtext(1000.0), mathtext(1e6), mathtext(0.00112877)
    ('$1000$', '$10^{6}$', '$0.001129$')
    """
    if value == round(value) and abs(value) < 1e5:
        return f"${value:.0f}$"
    # From 1e5 on, as below 1e-4, a power of ten is easier to read than zeros.
    text = f"{value:.3e}" if abs(value) >= 1e5 else f"{value:#.4g}"
    factor, _, exponent = text.partition("e")
    if exponent:
        power = rf"10^{{{int(exponent)}}}"
        text = power if float(factor) == 1.0 else rf"{factor}\times {power}"
    return f"${text}$"
