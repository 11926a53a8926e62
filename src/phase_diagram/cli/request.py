"""The options of `phase-diagram point`, checked before any work."""

from typing import Annotated, Any, Literal

import torch
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from phase_diagram.cli.options import checked
from phase_diagram.parameters.experiment import TrainedOn
from phase_diagram.parameters.validation import refuse
from phase_diagram.parameters.values import (
    MAXIMUM_GRID,
    Exponent,
    Seeds,
    widths_beside_quadrature,
)

_check_widths = widths_beside_quadrature(f"given 1 to {MAXIMUM_GRID} times", minimum=1)


def _check_width_texts(texts: Any, info: ValidationInfo) -> tuple[int, ...]:
    # Other forms than integers, such as 1e12, are left unchanged.
    return _check_widths([int(text) if text.isdecimal() else text for text in texts], info)


def _check_device(value: str | None) -> str | None:
    if value == "cuda" and not torch.cuda.is_available():
        raise refuse("cpu: this machine has no CUDA device that torch can use")
    return value


class Request(TrainedOn):
    """One point of the plane; each field is the option of the same name."""

    gamma: Exponent
    gamma_prime: Exponent
    width: Annotated[tuple[int, ...], BeforeValidator(_check_width_texts)]
    seeds: Seeds
    device: Annotated[
        Literal["cpu", "cuda"] | None,
        Field(description="cpu or cuda"),
        AfterValidator(_check_device),
    ]


def default_tolerance(dataset: str) -> float:
    """Return the mean squared error of the authors' stopping rule (docs/theory.md section 4)."""
    return 1e-4 if dataset == "mnist" else 1e-6


def check(options: dict[str, Any]) -> Request:
    """Check the options of the command.

    Raises
    ------
    InputError
        With one line per fault, which names the option.
    """
    return checked(Request, options)
