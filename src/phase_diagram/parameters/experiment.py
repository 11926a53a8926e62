"""An experiment of params.yaml: the networks of one phase diagram, and how they are trained."""

from dataclasses import fields
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ValidationError, ValidationInfo, model_validator
from pydantic_core import InitErrorDetails

from phase_diagram.parameters.checks import integer, number
from phase_diagram.parameters.validation import Section, refuse
from phase_diagram.parameters.values import (
    Activation,
    AnyWidths,
    Dataset,
    Grid,
    Method,
    Point,
    Seeds,
    Tolerance,
    check_quadrature_widths,
    check_random_widths,
)
from phase_diagram.training import Training

MAXIMUM_NETWORKS = 10**7  # of one experiment: each is stored, and they are rows of one table
MAXIMUM_JOBS = 10**5  # a process and a file each
TRAINING = tuple(field.name for field in fields(Training))
QUADRATURES = tuple(2**power for power in range(6, 17))


def _check_quadrature(value: Any) -> int | None:
    if value is None or (type(value) is int and value in QUADRATURES):
        return value
    raise refuse(f"null or a power of two from {QUADRATURES[0]} to {QUADRATURES[-1]}")


def _check_widths(value: Any, info: ValidationInfo) -> tuple[int, ...]:
    # A quadrature that was refused is left out of the data; then either may have been meant.
    random = info.data.get("quadrature", False) is None
    return check_random_widths(value) if random else check_quadrature_widths(value)


def _of_descent_alone(value: Any, info: ValidationInfo) -> Any:
    if value is not None and info.data.get("method") == "gradient_flow":
        raise refuse("null or left out, for it has a meaning with gradient_descent alone")
    return value


def _check_first_rate(value: Any) -> float | None:
    check = number("null or a number above 0 and at most 100", lambda rate: 0.0 < rate <= 100.0)
    return None if value is None else check(value)


def _check_step_limit(value: Any) -> int | None:
    return None if value is None else integer(1, 10**9)(value)


class Experiment(Section):
    """One phase diagram: a dataset, the grid of the plane, and how its networks are trained."""

    dataset: Dataset
    activation: Activation = "relu"
    method: Method = "gradient_flow"
    # Neurons of a quadrature that stand for `width` random ones; None: random ones.
    quadrature: Annotated[int | None, BeforeValidator(_check_quadrature)] = None
    # First learning rate in units of 1 / lambda_max of the initial kernel; None: the method's.
    first_rate: Annotated[
        float | None, BeforeValidator(_check_first_rate), BeforeValidator(_of_descent_alone)
    ] = None
    # Steps, restarts included, after which a network is given up; None: the method's.
    step_limit: Annotated[
        int | None, BeforeValidator(_check_step_limit), BeforeValidator(_of_descent_alone)
    ] = None
    gamma: Grid
    gamma_prime: Grid
    widths: Annotated[AnyWidths, BeforeValidator(_check_widths)]
    seeds: Seeds = 3  # seeds 0, 1, 2
    tolerance: Tolerance = 1e-6  # mean squared error at which the training of a network ends
    points_per_job: Annotated[int, BeforeValidator(integer(1, 10**6))] = 16

    @model_validator(mode="after")
    def _check_work(self) -> Self:
        points = len(self.gamma) * len(self.gamma_prime)
        networks = points * len(self.widths) * self.seeds
        jobs = -(-points // self.points_per_job)
        found = [
            InitErrorDetails(type=refuse(accepted), loc=(key,), input=getattr(self, key))
            for key, accepted, is_too_much in (
                (
                    "seeds",
                    f"an integer that makes at most {MAXIMUM_NETWORKS} networks of {points} "
                    f"points and {len(self.widths)} widths, not {networks}",
                    networks > MAXIMUM_NETWORKS,
                ),
                (
                    "points_per_job",
                    f"an integer that makes at most {MAXIMUM_JOBS} jobs of {points} points, "
                    f"not {jobs}",
                    jobs > MAXIMUM_JOBS,
                ),
            )
            if is_too_much
        ]
        if found:
            raise ValidationError.from_exception_data("Experiment", found)
        return self

    def points(self) -> list[Point]:
        """Give every (gamma, gamma_prime), row by row: gamma runs fastest."""
        return [(gamma, row) for row in self.gamma_prime for gamma in self.gamma]

    def training(self) -> Training:
        """Give how its networks are trained, and nothing of which networks they are."""
        return Training(**{name: getattr(self, name) for name in TRAINING})
