"""The effect of the authors' gradient descent: the same networks trained by descent and by flow.

Descent near the largest stable rate, 2/lambda_max of the kernel, differs strongly from the flow:
its fastest mode overshoots and returns at each step, which moves the input weights
(docs/theory.md section 4). RD is then set by the learning rate.
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


def measure(study: object, *, flow: pd.DataFrame, descent: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Compare two sweeps, network by network.

    Parameters
    ----------
    study : object
        Not used: the only setting is which sweeps are compared.
    flow, descent : pandas.DataFrame
        The two tables sweep.csv. Networks that are in one of them only are left out.

    Returns
    -------
    dict
        `networks`: a row per network. `rd_flow`, `rd_descent`: RD, NaN where that training did
        not converge; `ratio`: descent over flow. `steps` (of the last attempt), `evaluations`
        (of all attempts) and `status` are those of descent.

        `slopes`: a row per point, with S_w of both over the networks in which both converged,
        and `difference`, S_w of descent minus S_w of flow. It is the slope of log `ratio` against
        log m, with the standard error of that fit: scatter common to both trainings of a network
        cancels in it. `networks`: those compared; `converged`: those of them in the fits. All are
        dimensionless.
    """
    both = flow.merge(descent, on=NETWORK, suffixes=("_flow", "_descent"), validate="one_to_one")
    for method in ("flow", "descent"):
        renamed = both.rename(columns={f"rd_{method}": "rd", f"status_{method}": "status"})
        both[f"rd_{method}"] = renamed["rd"].where(slopes.fitted(renamed))
    columns = {f"{column}_descent": column for column in ("steps", "evaluations", "status")}
    networks = both.rename(columns=columns).assign(ratio=both["rd_descent"] / both["rd_flow"])
    networks = networks.sort_values(["gamma_prime", "gamma", "width", "seed"], ignore_index=True)
    networks = networks[list(TABLES["networks"])]
    # parameters/consistency.py checks that both have the same activation.
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
