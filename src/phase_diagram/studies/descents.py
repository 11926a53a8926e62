"""What the authors' gradient descent does to the diagram: the same networks by descent and by flow.

Descent at a rate near the largest stable one, 2/lambda_max of the kernel, is no small departure
from the flow: its fastest mode overshoots and comes back at each step, and so shakes the input
weights (docs/theory.md section 4). How far they move is then a property of the rate.
"""

import numpy as np
import pandas as pd

from phase_diagram.fits import slopes

POINT = ["gamma", "gamma_prime"]
NETWORK = [*POINT, "width", "seed"]
TABLES: dict[str, tuple[str, ...]] = {
    "networks": (
        *NETWORK,
        *("rd_flow", "rd_descent", "ratio", "steps", "evaluations", "status"),
    ),
    "slopes": (
        *POINT,
        *("slope_flow", "slope_flow_standard_error"),
        *("slope_descent", "slope_descent_standard_error"),
        *("difference", "difference_standard_error", "theory", "networks", "converged"),
    ),
}


def measure(
    chosen: object, *, flow: pd.DataFrame, descent: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Compare two sweeps, network by network.

    Parameters
    ----------
    chosen : object
        Not used: which sweeps these are is all that there is to choose.
    flow, descent : pandas.DataFrame
        Their sweep.csv. Networks that only one of them has are left out.

    Returns
    -------
    dict
        `networks`: a row per network. `rd_flow`, `rd_descent`: RD, NaN where that training did
        not converge; `ratio`: descent over flow. `steps` (of the last attempt), `evaluations`
        (of all attempts) and `status` are those of descent.

        `slopes`: a row per point, with S_w of both over the networks in which both converged,
        and `difference`, S_w of descent minus S_w of flow. It is the slope of log `ratio` against
        log m, and its standard error the one of that fit: scatter that both trainings of a network
        share has no part in it. `networks`: those compared; `converged`: those of them in the
        fits. All are dimensionless.
    """
    both = flow.merge(descent, on=NETWORK, suffixes=("_flow", "_descent"), validate="one_to_one")
    for method in ("flow", "descent"):
        renamed = both.rename(columns={f"rd_{method}": "rd", f"status_{method}": "status"})
        both[f"rd_{method}"] = renamed["rd"].where(slopes.fitted(renamed))
    columns = {f"{column}_descent": column for column in ("steps", "evaluations", "status")}
    networks = both.rename(columns=columns).assign(ratio=both["rd_descent"] / both["rd_flow"])
    networks = networks.sort_values(["gamma_prime", "gamma", "width", "seed"], ignore_index=True)
    networks = networks[list(TABLES["networks"])]
    # Both have the same activation: parameters/consistency.py.
    activation = flow["activation"].iloc[0] if "activation" in flow and len(flow) else "relu"
    return {"networks": networks, "slopes": _slopes(networks.assign(activation=activation))}


def _slopes(networks: pd.DataFrame) -> pd.DataFrame:
    compared = np.where(networks["ratio"].notna(), "converged", "")
    fits = {
        column: slopes.fit_slopes(networks.assign(rd=networks[column], status=compared))
        for column in ("rd_flow", "rd_descent", "ratio")
    }
    fit = fits["ratio"]
    return pd.DataFrame(
        {
            **{key: fit[key] for key in POINT},
            **_columns("slope_flow", fits["rd_flow"]),
            **_columns("slope_descent", fits["rd_descent"]),
            **_columns("difference", fit),
            **{key: fit[key] for key in ("theory", "networks", "converged")},
        },
        columns=list(TABLES["slopes"]),
    )


def _columns(name: str, fit: pd.DataFrame) -> dict[str, pd.Series]:
    return {name: fit["slope"], f"{name}_standard_error": fit["slope_standard_error"]}
