"""Captions of the measured phase diagram, compared with theory: boundary, slopes, wedges."""

from phase_diagram.captions.find import Tables
from phase_diagram.captions.words import count, listing, number, paragraphs, point, table
from phase_diagram.fits import wedges
from phase_diagram.plane import theory

NO_THEORY = "There is no theory to compare with: the activation is not homogeneous."
NO_SLOPE = "No point of the grid has a slope."
WORST = 10  # points of a long table that are shown
WEDGE_HEADS = {
    "wedge": "wedge",
    "points": "points",
    "error_median": "median",
    "error_max": "largest",
    "points_away": "points away from kinks",
    "error_median_away": "median of these",
    "error_max_away": "largest of these",
}
BOUNDARY_HEADS = {
    "gamma_prime": "gamma'",
    "gamma": "gamma measured",
    "gamma_standard_error": "standard error",
    "theory": "theory",
    "gamma_low": "95% from",
    "gamma_high": "to",
    "crossings": "crossings",
}


def boundary(tables: Tables) -> str:
    """Say where S_w changes sign, and how far from theory that is."""
    metrics, boundary_rows = tables["metrics"], tables["boundary"]
    with_crossing, rows = metrics["rows_with_crossing"], metrics["rows"]
    if not with_crossing:
        return f"S_w changes its sign in none of the {count(rows, 'row')} of gamma'."
    text = (
        f"S_w goes from negative to positive in {with_crossing} of {count(rows, 'row')} of gamma'. "
    )
    if theory.known(boundary_rows):
        off = (boundary_rows["gamma"] - boundary_rows["theory"]).abs()
        text += _off(metrics, boundary_rows.loc[off.idxmax(), "gamma_prime"])
    else:
        low, high = (
            number(value) for value in (boundary_rows["gamma"].min(), boundary_rows["gamma"].max())
        )
        text += f"The crossings lie between gamma = {low} and {high}. {NO_THEORY}"
    without = boundary_rows.loc[boundary_rows["gamma"].isna(), "gamma_prime"]
    if len(without):
        text += f" There is no crossing at gamma' = {listing(map(number, without))}."
    doubtful = int((boundary_rows["crossings"] > 1).sum())
    if doubtful:
        text += f" {count(doubtful, 'row has', 'rows have')} more than one crossing."
    return f"{text} {_interval(metrics)}"


def _off(metrics: dict[str, float], farthest: float) -> str:
    return (
        f"The boundary is off the theoretical line by {number(metrics['boundary_error_mean'])} in "
        f"gamma on average, by {number(metrics['boundary_error_median'])} in the median and by "
        f"{number(metrics['boundary_error_max'])} at most, at gamma' = {number(farthest)}."
    )


def _interval(metrics: dict[str, float]) -> str:
    if not metrics["rows_with_interval"]:
        return "There is no standard error: it takes more than one seed."
    text = (
        "The standard error of the boundary (bootstrap over seeds) is "
        f"{number(metrics['boundary_standard_error_median'])} in the median"
    )
    if metrics["rows_theory_in_interval"] is None:
        return f"{text}."
    return (
        f"{text}; theory lies in the "
        f"95% interval in {metrics['rows_theory_in_interval']} of "
        f"{count(int(metrics['rows_with_interval']), 'row')} that have one."
    )


def slopes(tables: Tables) -> str:
    """Say how far the slopes are from the closed form."""
    measured = tables["slopes"]["slope"].dropna()
    if not len(measured):
        return NO_SLOPE
    if not theory.known(tables["slopes"]):
        low, high = number(measured.min()), number(measured.max())
        return f"S_w lies between {low} and {high}. {NO_THEORY}"
    metrics, with_errors = tables["metrics"], wedges.errors(tables["slopes"])
    worst = with_errors.iloc[int(with_errors["error"].abs().to_numpy().argmax())]
    missing = len(tables["slopes"]) - len(with_errors)
    text = (
        f"S_w is off the closed form by {number(metrics['slope_error_median'])} in the median over "
        f"{count(len(with_errors), 'point')}, by {number(metrics['slope_error_max'])} at most, at "
        f"(gamma, gamma') = {point(worst['gamma'], worst['gamma_prime'])}."
    )
    if metrics["points_away"]:
        text += (
            f" At the {count(metrics['points_away'], 'point')} that are {wedges.AWAY} or more in "
            "gamma from every kink of the closed form it is "
            f"{number(metrics['slope_error_median_away'])} in the median and "
            f"{number(metrics['slope_error_max_away'])} at most."
        )
    return text + (f" {count(missing, 'point has', 'points have')} no slope." if missing else "")


def slopes_table(tables: Tables) -> str:
    """Say how far the slopes are from the closed form, with the worst of them in a table."""
    errors = wedges.errors(tables["slopes"])
    if not len(errors):
        return slopes(tables)
    merged = tables["slopes"].merge(errors, on=["gamma", "gamma_prime"])
    heads = {"gamma": "gamma", "gamma_prime": "gamma'", "slope": "S_w"}
    heads |= {"slope_standard_error": "standard error", "theory": "theory", "wedge": "wedge"}
    worst = merged.assign(off=merged["error"].abs()).nlargest(WORST, "off")
    return paragraphs(
        slopes(tables),
        f"The {count(len(worst), 'point')} farthest from theory:",
        table(worst, heads),
    )


def wedges_table(tables: Tables) -> str:
    """Say in which wedge the slopes are best and worst, with all wedges in a table."""
    said = compared(tables)
    if not theory.known(tables["slopes"]):
        return said
    return paragraphs(said, table(tables["wedges"], WEDGE_HEADS))


def compared(tables: Tables) -> str:
    """Say in which wedge of the exponent map the slopes are best and worst."""
    if not tables["slopes"]["slope"].notna().any():
        return NO_SLOPE
    if not theory.known(tables["slopes"]):
        return NO_THEORY
    wedge_rows = tables["wedges"].dropna(subset=["error_median"])
    best, worst = (
        wedge_rows.loc[place]
        for place in (wedge_rows["error_median"].idxmin(), wedge_rows["error_median"].idxmax())
    )
    return (
        f"Measurement and closed form agree best in ``{best['wedge']}`` (median "
        f"{number(best['error_median'])} over {count(int(best['points']), 'point')}) and least in "
        f"``{worst['wedge']}`` (median {number(worst['error_median'])} over "
        f"{count(int(worst['points']), 'point')})."
    )


def boundary_table(tables: Tables) -> str:
    """Say where the boundary was found, with all rows of the plane in a table."""
    return paragraphs(boundary(tables), table(tables["boundary"], BOUNDARY_HEADS))
