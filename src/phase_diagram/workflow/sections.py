"""Which parameters matter to a stage, and no others: a function for each kind of stage."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from phase_diagram.parameters.experiment import Experiment
from phase_diagram.parameters.params_yaml import Parameters

Section = dict[str, Any]
# Takes all parameters and the name of an experiment or study.
Sections = Callable[[Parameters, str], Section]


def dataset(chosen: Parameters, name: str) -> Section:
    """Give what the prepared data of an experiment depends on."""
    experiment = chosen.experiments[name]
    if experiment.dataset == "mnist":
        return {"dataset": experiment.dataset, "mnist_images": chosen.datasets.mnist_images}
    return {"dataset": experiment.dataset}


def training(experiment: Experiment) -> Section:
    """Give how the networks of an experiment are trained.

    Not the grid: a job of a larger grid, with the same networks, is the same job.
    """
    return asdict(experiment.training())


def sweep(chosen: Parameters, name: str) -> Section:
    """Give what the table of an experiment depends on beside its data.

    The same networks come out however they are divided into jobs.
    """
    values = chosen.experiments[name].model_dump(mode="json")
    return {key: values[key] for key in values if key not in ("dataset", "points_per_job")}


def views(chosen: Parameters, name: str) -> Section:
    """Give which networks are trained to be looked at.

    One for each grid point, of the smallest width: neither seeds nor jobs matter.
    """
    experiment = chosen.experiments[name]
    values = experiment.model_dump(mode="json")
    return {
        "gamma": values["gamma"],
        "gamma_prime": values["gamma_prime"],
        "width": min(experiment.widths),
        "training": training(experiment),
    }


def study(kind: str, borrowed: tuple[str, ...]) -> Sections:
    """Give the function for studies of a kind.

    Parameters
    ----------
    kind : str
    borrowed : tuple of str
        Parameters of the study's experiment by which it trains networks of its own.
    """

    def section(chosen: Parameters, name: str) -> Section:
        values = getattr(chosen.studies, kind)[name].model_dump(mode="json")
        if not borrowed:
            return {"study": values}
        experiment = chosen.experiments[values["experiment"]]
        return {"study": values, **{key: getattr(experiment, key) for key in borrowed}}

    return section


def looks(chosen: Parameters, _: str) -> Section:
    """Give how figures look."""
    return chosen.figures.model_dump(mode="json")


def page(chosen: Parameters, name: str) -> Section:
    """Give the looks of the explorer, the experiments that it offers, and their order."""
    return {**looks(chosen, name), "experiments": list(chosen.experiments)}


def nothing(_: Parameters, __: str) -> Section:
    """Give nothing: tables alone decide."""
    return {}
