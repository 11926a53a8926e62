"""The networks of a sweep at one point of the plane."""

import numpy as np
import pandas as pd

from phase_diagram.plane.theory import TOLERANCE


def at(sweep: pd.DataFrame, point: tuple[float, float]) -> pd.DataFrame:
    """Return the networks of one grid point.

    Parameters
    ----------
    sweep : pandas.DataFrame
        A row per network, with gamma and gamma_prime.
    point : tuple of float
        gamma, gamma_prime.

    Returns
    -------
    pandas.DataFrame
        Its rows, with gamma and gamma_prime exactly as in `point`; empty if the sweep has no such
        point.
    """
    gamma, gamma_prime = point
    at_point = np.isclose(sweep["gamma"], gamma, rtol=0.0, atol=TOLERANCE)
    at_point &= np.isclose(sweep["gamma_prime"], gamma_prime, rtol=0.0, atol=TOLERANCE)
    return sweep[at_point].assign(gamma=float(gamma), gamma_prime=float(gamma_prime))
