"""The parameters of experiments and studies in words.

A test fails if a parameter is missing in the tables here: a caption must name every parameter that
affects its result.
"""

from collections.abc import Callable, Mapping
from typing import Any

from phase_diagram.captions.words import axis, count, listing, number, point, sentence

Clause = Callable[[Any], str]


def _given(text: str) -> Clause:
    """Describe a value, or nothing if it is null."""
    return lambda value: "" if value is None else text.format(number(value))


def _silent(value: Any) -> str:
    # The division into jobs does not affect networks. `_data` describes the data.
    return ""


EXPERIMENT: dict[str, Clause] = {
    "dataset": _silent,
    "method": lambda method: f"trained by {method.replace('_', ' ')}",
    # ReLU unless an experiment says otherwise.
    "activation": lambda name: "" if name == "relu" else f"activation {name}",
    "quadrature": lambda nodes: (
        "" if nodes is None else f"{number(nodes)} quadrature neurons stand for the m random ones"
    ),
    "first_rate": _given("first learning rate {} in units of 1/lambda_max"),
    "step_limit": _given("a network is given up after {} steps"),
    "tolerance": lambda value: f"until the mean squared error is {number(value)}",
    "gamma": lambda values: f"gamma = {axis(values)}",
    "gamma_prime": lambda values: f"gamma' = {axis(values)}",
    "widths": lambda values: f"m = {listing(map(number, values))}",
    "seeds": lambda seeds: f"{count(seeds, 'seed')} for each point and width",
    "points_per_job": _silent,
}
STUDY: dict[str, Clause] = {
    "points": lambda points: "(gamma, gamma') = " + listing(point(*pair) for pair in points),
    "width": lambda width: f"m = {number(width)}",
    "widths": EXPERIMENT["widths"],
    "seed": lambda seed: f"seed {seed}",
    "seeds": EXPERIMENT["seeds"],
    "dimension": lambda dimension: f"input dimension d = {number(dimension)}",
    "beta2_exponents": lambda values: "beta2 = m^-e with e = " + listing(map(number, values)),
}
BUILT_IN = {"four_points": "the four points", "three_points": "the three points"}
# Parameters that name an experiment, and what the study takes from it.
REFERENCES = {
    "experiment": "of the experiment",
    "flow": "gradient flow of the experiment",
    "descent": "gradient descent of the experiment",
    "quadrature": "quadrature neurons of the experiment",
    "random": "random neurons of the experiment",
}


def experiment(values: Mapping[str, Any], datasets: Mapping[str, Any]) -> str:
    """Describe an experiment's networks and how they are trained.

    Parameters
    ----------
    values : mapping
        All parameters of the experiment, defaults included, as JSON.
    datasets : mapping
        The section `datasets` of the parameters.

    Raises
    ------
    KeyError
        For a parameter without a description here.
    """
    return sentence(_experiment(values, datasets))


def study(
    values: Mapping[str, Any],
    experiments: Mapping[str, Mapping[str, Any]],
    datasets: Mapping[str, Any],
    *,
    trains: bool,
) -> str:
    """Describe the parameters of a study, and what it takes from experiments.

    Parameters
    ----------
    values : mapping
        All parameters of the study, as JSON.
    experiments : mapping
        Those of the experiments by their names.
    datasets : mapping
        The section `datasets` of the parameters.
    trains : bool
        Whether the study trains networks itself, on the data and to the tolerance of an
        experiment; otherwise it uses those of the experiment.

    Raises
    ------
    KeyError
        As `experiment`.
    """
    own = {key: value for key, value in values.items() if key not in REFERENCES}
    own_text = "; ".join(_clauses(own, STUDY))
    texts = [own_text] if own_text else []
    for key in (key for key in values if key in REFERENCES):
        name = values[key]
        if trains:
            tolerance = EXPERIMENT["tolerance"](experiments[name]["tolerance"])
            texts.append(
                f"on the data and to the tolerance of the experiment ``{name}``: "
                f"{_data(experiments[name], datasets)}, {tolerance}"
            )
        else:
            said = _experiment(experiments[name], datasets)
            texts.append(f"{REFERENCES[key]} ``{name}``: {said}")
    return " ".join(sentence(text) for text in texts)


def _experiment(values: Mapping[str, Any], datasets: Mapping[str, Any]) -> str:
    return "; ".join([f"data: {_data(values, datasets)}", *_clauses(values, EXPERIMENT)])


def _clauses(values: Mapping[str, Any], known: Mapping[str, Clause]) -> list[str]:
    # In the order of the tables here, after a check that none is missing.
    unknown = [key for key in values if key not in known]
    if unknown:
        raise KeyError(f"no words for the parameters {unknown}")
    said = [clause(values[key]) for key, clause in known.items() if key in values]
    return [clause for clause in said if clause]


def _data(values: Mapping[str, Any], datasets: Mapping[str, Any]) -> str:
    dataset = values["dataset"]
    if dataset == "mnist":
        return f"the first {count(datasets['mnist_images'], 'training image')} of MNIST"
    return BUILT_IN.get(dataset, f"``{dataset}``")
