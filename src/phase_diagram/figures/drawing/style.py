"""The look that all figures share, held in a context and never in matplotlib's global state."""

from contextlib import AbstractContextManager

import matplotlib.style

INK = "#1a1a1a"
MISSING = "#d0d0d0"
STAR = "#ffd21f"

# Sizes are in points and do not follow the figure's width: a figure of a journal's column width
# has the same letters as one that spans the page.
SETTINGS = {
    # matplotlib carries the DejaVu fonts itself, so the same letters are drawn on any machine.
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
    """Give the context in which figures are drawn and saved.

    matplotlib's defaults are restored first, so that a user's own matplotlibrc changes nothing.

    Returns
    -------
    context manager
        On leaving it, matplotlib's settings are as they were.
    """
    return matplotlib.style.context(["default", SETTINGS])
