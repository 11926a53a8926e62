"""A figure's layout, found once: where its panels, their labels and its legends go."""

from matplotlib.figure import Figure


def settle(figure: Figure) -> Figure:
    """Lay the figure out once and for all; what is placed by its real size can then be placed.

    Each further pass would move it a little, and a figure saved twice would have other bytes.
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
