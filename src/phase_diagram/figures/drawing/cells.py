"""Convert a table with a row per grid point to cells that can be drawn."""

import numpy as np
import pandas as pd

# Half the height of the cells of a grid with a single row (or column), whose extent is arbitrary
# and therefore kept small.
HALF_WIDTH_OF_SINGLE = 0.05


def edges(centres: np.ndarray) -> np.ndarray:
    """Place cell edges midway between grid values.

    The outermost cells reach as far outwards as inwards, so that each is centred on its value,
    as are all cells of a regular grid.

    Parameters
    ----------
    centres : array of shape (k,)
        Grid values, ascending, k >= 1.

    Returns
    -------
    array of shape (k + 1,)
    """
    centres = np.asarray(centres, dtype=np.float64)
    if len(centres) == 1:
        return centres[0] + np.array([-HALF_WIDTH_OF_SINGLE, HALF_WIDTH_OF_SINGLE])
    middles = (centres[1:] + centres[:-1]) / 2
    first = 2 * centres[0] - middles[0]
    last = 2 * centres[-1] - middles[-1]
    return np.concatenate([[first], middles, [last]])


def matrix(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Lay one column of a table out over the plane.

    Parameters
    ----------
    table : pandas.DataFrame
        A row per grid point, with gamma and gamma_prime.
    column : str
        The column to lay out.

    Returns
    -------
    pandas.DataFrame
        float64; index gamma_prime and columns gamma, both ascending; NaN where the table has no
        such grid point.

    Raises
    ------
    ValueError
        If a grid point occurs twice.
    """
    wide = table.pivot(index="gamma_prime", columns="gamma", values=column)
    return wide.sort_index(axis=0).sort_index(axis=1).astype(np.float64)
