"""Tables of sweeps of which the relative distances are known."""

from collections.abc import Callable, Sequence

import pandas as pd

WIDTHS = (1000, 3000, 10_000, 100_000)
COLUMNS = ["gamma", "gamma_prime", "width", "seed", "rd"]


def sweep(
    relative_distance: Callable[[float, float, int, int], float],
    points: Sequence[tuple[float, float]] = ((1.5, 0.0),),
    widths: Sequence[int] = WIDTHS,
    seeds: int = 3,
) -> pd.DataFrame:
    """Make a table of converged networks from RD by gamma, gamma_prime, width and seed."""
    networks = [
        (*point, width, seed) for point in points for width in widths for seed in range(seeds)
    ]
    rows = [(*network, relative_distance(*network)) for network in networks]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(status="converged", condensation=1 / (1 + frame["seed"]))
