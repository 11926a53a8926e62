"""What a probe refuses: one line that names the factory, and why."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from probed import DATA, Features
from torch import Tensor, nn

from phase_diagram import probe
from phase_diagram.errors import InputError

WIDTHS = (10, 20)


def refused(make: Any, *data: Any, widths: Any = WIDTHS, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        probe(make, *(data or DATA), widths, **{"name": "mine", **options})
    (line,) = caught.value.faults
    return line


def raising(error: BaseException) -> Any:
    def raise_(*_: Any) -> Any:
        raise error

    return raise_


def other_names(width: int) -> nn.Module:
    return nn.Sequential(*[nn.Linear(1, 1) for _ in range(width // 10)])


def with_weight(change: Callable[[Tensor], Any]) -> Callable[[int], nn.Module]:
    """A factory of modules whose weights have been changed."""

    def make(width: int) -> nn.Module:
        module = Features(width)
        change(module.weight.data)
        return module

    return make


def with_output(change: Callable[[Tensor], Any]) -> Callable[[int], nn.Module]:
    """A factory of modules whose outputs are changed."""

    class Changed(Features):
        def forward(self, inputs: Tensor) -> Any:
            return change(super().forward(inputs))

    return Changed


def always_the_same(width: int) -> nn.Module:
    torch.manual_seed(0)
    return Features(width)


def frozen(width: int) -> nn.Module:
    return Features(width).requires_grad_(False)


def with_batch_norm(width: int) -> nn.Module:
    return nn.Sequential(nn.Linear(1, width), nn.BatchNorm1d(width), nn.Linear(width, 1))


of_the_system = with_weight(lambda weight: weight.add_(np.random.default_rng().normal()))
not_a_number = with_weight(lambda weight: weight.fill_(torch.nan))
infinite = with_output(lambda output: output / 0.0)
joined = with_output(lambda output: output - output.mean())
off_the_graph = with_output(lambda output: torch.tensor(output.detach().numpy()))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (raising(KeyError("no such layer")), "mine(10): KeyError: 'no such layer'"),
        (raising(SystemExit(0)), "mine(10): SystemExit: 0"),
        (lambda width: width, "mine(10): gave int; expected a torch.nn.Module"),
        (lambda width: nn.Linear(1, 1), "mine: 2 weights at widths 10 and 20 alike"),
        (other_names, "mine: widths 10 and 20 differ in the parameters 1.bias, 1.weight"),
        (of_the_system, "mine: gives other weights each time it is called with the same seed"),
        (always_the_same, "mine: gives the same weights for seeds 0 and 1"),
        (with_batch_norm, "mine(10): 1 is a BatchNorm1d, which ties the samples of a batch"),
        (frozen, "mine(10): no parameter requires a gradient"),
        (
            lambda width: nn.Linear(1, 2 + width),
            "mine(10): outputs of shape (4, 12); expected (4,) or",
        ),
        (joined, "mine(10): a sample's output depends on the others of its batch"),
        (infinite, "mine(10): outputs are not finite before training"),
        (with_output(lambda output: [output]), "mine(10): outputs are list; expected a tensor"),
        (with_output(raising(ValueError("do\nnot fit"))), "mine(10): ValueError: do not fit"),
        (off_the_graph, "mine(10): "),
        (not_a_number, "mine(10): parameter weight is not finite"),
    ],
)
def test_factories_that_are_refused(make: Any, said: str) -> None:
    assert refused(make).startswith(said)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"widths": (10,)}, "widths: [10]: must be two or more different integers"),
        ({"widths": (10, 10)}, "widths: [10, 10]: must be"),
        ({"widths": (10, 2.5)}, "widths: [10, 2.5]: must be"),
        ({"seeds": 0}, "seeds: 0: must be an integer of at least 1"),
        ({"tolerance": 0.0}, "tolerance: 0.0: must be a finite number above 0"),
        ({"tolerance": float("nan")}, "tolerance: nan: must be"),
        ({"step_tolerance": 1.0}, "step_tolerance: 1.0: must be a number between 0 and 1"),
        ({"confidence": 95}, "confidence: 95: must be a number between 0 and 1"),
    ],
)
def test_arguments_that_are_refused(options: dict[str, Any], said: str) -> None:
    assert refused(Features, **options).startswith(said)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((np.zeros((0, 1)), np.zeros(0)), "inputs: shape (0, 1); expected (n, ...)"),
        ((DATA[0], DATA[1][:3]), "targets: shape (3,); expected (4,) or (4, k)"),
        ((DATA[0], DATA[1] * np.nan), "targets: not finite"),
        (("four points", DATA[1]), "inputs, targets: "),
    ],
)
def test_data_that_is_refused(data: tuple[Any, Any], said: str) -> None:
    assert refused(Features, *data).startswith(said)


def test_one_seed_may_always_be_the_same() -> None:
    found = probe(always_the_same, *DATA, WIDTHS, seeds=1, tolerance=1e-2)
    assert len(found.networks) == 4


def test_lazy_layers_take_their_shape_and_dropout_drops_nothing() -> None:
    def make(width: int) -> nn.Module:
        return nn.Sequential(nn.LazyLinear(width), nn.Tanh(), nn.Dropout(0.5), nn.LazyLinear(1))

    found = probe(make, *DATA, WIDTHS, seeds=2, tolerance=1e-2)
    assert set(found.networks["status"]) == {"converged"}


def test_generators_are_as_before() -> None:
    drawn = []
    for widths in ((), WIDTHS):
        torch.manual_seed(5)
        np.random.seed(6)  # noqa: NPY002
        random.seed(7)
        if widths:
            probe(Features, *DATA, widths, seeds=1, tolerance=1e-2)
        drawn.append((torch.rand(1), np.random.rand(), random.random()))  # noqa: NPY002
    assert drawn[0] == drawn[1]


def test_targets_that_cannot_be_fitted_have_no_slope() -> None:
    found = probe(Features, np.zeros((2, 1)), [0.0, 1.0], WIDTHS, seeds=2)
    assert set(found.networks["status"]) == {"step_limit"}
    assert found.summary["slope"].isna().all()
    assert set(found.summary["regime"]) == {"undecided"}
