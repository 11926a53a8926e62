"""An experiment of params.yaml: the networks of one phase diagram, and how they are trained."""

from dataclasses import fields
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, model_validator
from pydantic_core import InitErrorDetails

from phase_diagram.parameters.validation import Section, refuse
from phase_diagram.parameters.values import (
    WIDTHS,
    Activation,
    Dataset,
    Grid,
    Point,
    Seeds,
    Tolerance,
    number,
    widths_beside_quadrature,
)
from phase_diagram.training import DESCENT, FLOW, Method, Training

MAXIMUM_NETWORKS = 10**7  # networks of one experiment: each is stored, and is a row of one table
MAXIMUM_JOBS = 10**5  # each is a process and a file
TRAINING = tuple(field.name for field in fields(Training))
Quadrature = Literal[64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]
QUADRATURES = get_args(Quadrature)
_QUADRATURE = f"a power of two from {QUADRATURES[0]} to {QUADRATURES[-1]}, or left out"


def _of_descent_alone(value: Any, info: ValidationInfo) -> Any:
    if value is not None and info.data.get("method") == FLOW:
        raise refuse(f"left out unless the method is {DESCENT}")
    return value


class TrainedOn(Section):
    """The data and how networks are trained on them: fields common to experiments and commands."""

    dataset: Dataset
    activation: Activation = "relu"
    method: Method = FLOW
    # Neurons of a quadrature that stand for `width` random ones; None: random ones.
    quadrature: Annotated[
        Quadrature | None,
        Field(description=_QUADRATURE),
    ] = None
    # First learning rate in units of 1 / lambda_max of the initial kernel; None: the method's.
    first_rate: Annotated[
        float | None,
        Field(
            strict=True,
            gt=0,
            le=100,
            description="a number above 0 and at most 100, or left out",
        ),
        BeforeValidator(number),
        BeforeValidator(_of_descent_alone),
    ] = None
    # Steps, restarts included, after which a network is given up; None: the method's.
    step_limit: Annotated[
        int | None,
        Field(strict=True, ge=1, le=10**9),
        BeforeValidator(_of_descent_alone),
    ] = None
    tolerance: Tolerance = 1e-6  # mean squared error at which the training of a network ends

    def training(self) -> Training:
        """Return how networks are trained, without grid, widths and seeds."""
        return Training(**{name: getattr(self, name) for name in TRAINING})


class Experiment(TrainedOn):
    """One phase diagram: a dataset, the grid of the plane, and how its networks are trained."""

    gamma: Grid
    gamma_prime: Grid
    widths: Annotated[
        tuple[int, ...], BeforeValidator(widths_beside_quadrature()), Field(description=WIDTHS)
    ]
    seeds: Seeds = 3  # seeds 0, 1, 2
    points_per_job: Annotated[int, Field(strict=True, ge=1, le=10**6)] = 16

    @model_validator(mode="after")
    def _check_work(self) -> Self:
        points = len(self.gamma) * len(self.gamma_prime)
        networks = points * len(self.widths) * self.seeds
        jobs = -(-points // self.points_per_job)
        errors = [
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
        if errors:
            raise ValidationError.from_exception_data("Experiment", errors)
        return self

    def points(self) -> list[Point]:
        """Return every (gamma, gamma_prime), row by row: gamma varies fastest."""
        return [(gamma, row) for row in self.gamma_prime for gamma in self.gamma]
