"""The parameters that affect a stage: a function for each kind of stage."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from phase_diagram.parameters.experiment import Experiment
from phase_diagram.parameters.params_yaml import Parameters

Section = dict[str, Any]
# Takes all parameters and the name of an experiment or study.
Sections = Callable[[Parameters, str], Section]


def dataset(parameters: Parameters, name: str) -> Section:
    """Return the parameters of an experiment's prepared data."""
    experiment = parameters.experiments[name]
    if experiment.dataset == "mnist":
        return {"dataset": experiment.dataset, "mnist_images": parameters.datasets.mnist_images}
    return {"dataset": experiment.dataset}


def training(experiment: Experiment) -> Section:
    """Return the parameters that set how an experiment's networks are trained.

    The grid is left out: a job with the same networks, of a larger grid, is the same job.
    """
    return asdict(experiment.training())


def sweep(parameters: Parameters, name: str) -> Section:
    """Return the parameters of an experiment's table of networks, apart from its data.

    How networks are divided into jobs does not matter.
    """
    values = parameters.experiments[name].model_dump(mode="json")
    return {key: values[key] for key in values if key not in ("dataset", "points_per_job")}


def views(parameters: Parameters, name: str) -> Section:
    """Return the parameters of the networks that the explorer shows.

    One for each grid point, of the smallest width: neither seeds nor jobs matter.
    """
    experiment = parameters.experiments[name]
    values = experiment.model_dump(mode="json")
    return {
        "gamma": values["gamma"],
        "gamma_prime": values["gamma_prime"],
        "width": min(experiment.widths),
        "training": training(experiment),
    }


def study(kind: str, borrowed: tuple[str, ...]) -> Sections:
    """Return the function for studies of one kind.

    Parameters
    ----------
    kind : str
    borrowed : tuple of str
        Parameters of the study's experiment with which it trains further networks.
    """

    def section(parameters: Parameters, name: str) -> Section:
        values = getattr(parameters.studies, kind)[name].model_dump(mode="json")
        if not borrowed:
            return {"study": values}
        experiment = parameters.experiments[values["experiment"]]
        return {"study": values, **{key: getattr(experiment, key) for key in borrowed}}

    return section


def looks(parameters: Parameters, _: str) -> Section:
    """Return the style of the figures."""
    return parameters.figures.model_dump(mode="json")


def page(parameters: Parameters, name: str) -> Section:
    """Return the style of the explorer, and its experiments in their order."""
    return {**looks(parameters, name), "experiments": list(parameters.experiments)}


def nothing(_: Parameters, __: str) -> Section:
    """Return nothing: the stage depends on tables only."""
    return {}
