"""What `phase-diagram point` is asked for: its options, checked before any work."""

from typing import Annotated, Any

import torch
from pydantic import BeforeValidator, ValidationInfo

from phase_diagram.cli.options import checked
from phase_diagram.parameters import Activation, Dataset, Exponent, Method, Seeds, Tolerance
from phase_diagram.parameters.checks import integer, number
from phase_diagram.parameters.experiment import QUADRATURES, TRAINING
from phase_diagram.parameters.validation import Section, distinct, refuse
from phase_diagram.parameters.values import check_quadrature_width, check_random_width
from phase_diagram.training import Training

MAXIMUM_WIDTHS = 1000


def _check_device(value: Any) -> str | None:
    if value is None:
        return None
    if value not in ("cpu", "cuda"):
        raise refuse("cpu or cuda")
    if value == "cuda" and not torch.cuda.is_available():
        raise refuse("cpu: this machine has no CUDA device that torch can use")
    return str(value)


def _check_quadrature(value: Any) -> int | None:
    if value is not None and value not in QUADRATURES:
        raise refuse(f"a power of two from {QUADRATURES[0]} to {QUADRATURES[-1]}")
    return value


def _check_widths(value: Any, info: ValidationInfo) -> tuple[int, ...]:
    # A quadrature that was refused is left out of the data; then either may have been meant.
    random = info.data.get("quadrature", False) is None
    check = check_random_width if random else check_quadrature_width

    def check_one(text: str) -> int:
        return check(int(text) if text.isdecimal() and len(text) < 100 else text)

    accepted = f"given 1 to {MAXIMUM_WIDTHS} times"
    return distinct(check_one, accepted, minimum=1, maximum=MAXIMUM_WIDTHS)(value)


def _of_descent_alone(value: Any, info: ValidationInfo) -> Any:
    if value is not None and info.data.get("method") == "gradient_flow":
        raise refuse("left out unless --method is gradient_descent")
    return value


def _check_first_rate(value: Any) -> float | None:
    check = number("a number above 0 and at most 100", lambda rate: 0.0 < rate <= 100.0)
    return None if value is None else check(value)


def _check_step_limit(value: Any) -> int | None:
    return None if value is None else integer(1, 10**9)(value)


class Request(Section):
    """One point of the plane; each field is the option of the same name."""

    dataset: Dataset
    activation: Activation = "relu"
    gamma: Exponent
    gamma_prime: Exponent
    quadrature: Annotated[int | None, BeforeValidator(_check_quadrature)] = None
    width: Annotated[tuple[int, ...], BeforeValidator(_check_widths)]
    seeds: Seeds
    method: Method
    first_rate: Annotated[
        float | None, BeforeValidator(_check_first_rate), BeforeValidator(_of_descent_alone)
    ] = None
    step_limit: Annotated[
        int | None, BeforeValidator(_check_step_limit), BeforeValidator(_of_descent_alone)
    ] = None
    tolerance: Tolerance
    device: Annotated[str | None, BeforeValidator(_check_device)]

    def training(self) -> Training:
        """Give how the networks are trained."""
        return Training(**{name: getattr(self, name) for name in TRAINING})


def default_tolerance(dataset: str) -> float:
    """Give the mean squared error at which the paper's authors stop (docs/theory.md section 4)."""
    return 1e-4 if dataset == "mnist" else 1e-6


def check(options: dict[str, Any]) -> Request:
    """Check the options of the command.

    Raises
    ------
    InputError
        With one line per fault, which names the option.
    """
    return checked(Request, options)
