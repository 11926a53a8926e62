"""Build networks by a user's factory with a seed, and check what a probe relies on."""

import inspect
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from phase_diagram.errors import InputError

MakeModel = Callable[..., nn.Module]


@dataclass(frozen=True)
class Factory:
    """A user's function from a width to a module.

    Attributes
    ----------
    make : callable
        Called as make(width), with the keyword arguments among `seed`, `input_size` and
        `output_size` that it names.
    name : str
        Its name in messages.
    inputs : Tensor (n, ...)
    output_size : int
        Number of values in a sample's target.
    """

    make: MakeModel
    name: str
    inputs: Tensor
    output_size: int

    def build(self, width: int, seed: int) -> nn.Module:
        """Build a module of a given width and seed, in float64 and evaluation mode.

        The generators of torch, NumPy's legacy functions and `random` are seeded for this and
        restored afterwards. The module is run once, so that lazy layers get their shape.

        Raises
        ------
        InputError
            If the factory or the module fails, or the module cannot be trained by the flow.
        """
        offered = {
            "seed": seed,
            "input_size": self.inputs[0].numel(),
            "output_size": self.output_size,
        }
        called = f"{self.name}({width})"
        with _seeded(seed), telling(called):
            arguments = {key: offered[key] for key in offered if key in self._parameters()}
            module = self.make(width, **arguments)
            if not isinstance(module, nn.Module):
                raise InputError(
                    f"{called}: gave {type(module).__name__}; expected a torch.nn.Module"
                )
            module = module.cpu().double().eval()
            with torch.no_grad():
                module(self.inputs)
        _refuse_unfit(called, module)
        return module

    def check(self, widths: Sequence[int], seeds: Sequence[int]) -> None:
        """Check that the network depends on width and seed, and on nothing else.

        Raises
        ------
        InputError
            If two calls with one seed give different weights, two seeds the same, two widths the
            same number of weights, or two widths parameters of other names.
        """
        first = trainable(self.build(widths[0], seeds[0]))
        if not _equal(first, trainable(self.build(widths[0], seeds[0]))):
            raise InputError(
                f"{self.name}: gives other weights each time it is called with the same seed; "
                "draw them from torch's generator, or from one made of an argument seed"
            )
        if len(seeds) > 1 and _equal(first, trainable(self.build(widths[0], seeds[1]))):
            raise InputError(
                f"{self.name}: gives the same weights for seeds {seeds[0]} and {seeds[1]}; draw "
                "them from torch's generator or an argument seed, or ask for one seed"
            )
        sizes: dict[int, int] = {}
        for width in widths:
            parameters = first if width == widths[0] else trainable(self.build(width, seeds[0]))
            if parameters.keys() != first.keys():
                differing = ", ".join(sorted(parameters.keys() ^ first.keys()))
                raise InputError(
                    f"{self.name}: widths {widths[0]} and {width} differ in the parameters "
                    f"{differing}; expected the same names at every width"
                )
            size = sum(values.numel() for values in parameters.values())
            if size in sizes:
                raise InputError(
                    f"{self.name}: {size} weights at widths {sizes[size]} and {width} alike; "
                    "the width must change the network"
                )
            sizes[size] = width

    def _parameters(self) -> Sequence[str]:
        try:
            return tuple(inspect.signature(self.make).parameters)[1:]
        except (TypeError, ValueError):  # a callable without a signature
            return ()


@contextmanager
def telling(called: str) -> Iterator[None]:
    """Turn an exception of a user's code into one line that names the code.

    Raises
    ------
    InputError
        Instead of any exception of the code inside.
    """
    try:
        yield
    except (InputError, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        words = " ".join(str(error).split())
        words = words if len(words) <= 300 else f"{words[:297]}..."
        line = f"{called}: {type(error).__name__}" + (f": {words}" if words else "")
        raise InputError(line) from error


def trainable(module: nn.Module) -> dict[str, Tensor]:
    """The parameters that training moves, of any shape, by name, without their graph."""
    return {
        name: value.detach() for name, value in module.named_parameters() if value.requires_grad
    }


def _equal(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return first.keys() == second.keys() and all(
        torch.equal(first[key], second[key]) for key in first
    )


def _refuse_unfit(called: str, module: nn.Module) -> None:
    for name, part in module.named_modules():
        # Training would use the batch's statistics, evaluation those of no data at all.
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            raise InputError(
                f"{called}: {name or 'the module'} is a {type(part).__name__}, which ties the "
                "samples of a batch together; expected layers that treat each sample by itself"
            )
    parameters = trainable(module)
    if not parameters:
        raise InputError(f"{called}: no parameter requires a gradient; expected at least one")
    for name, value in parameters.items():
        if value.is_complex():
            raise InputError(f"{called}: parameter {name} is complex; expected real parameters")
        if not bool(torch.isfinite(value).all()):
            raise InputError(f"{called}: parameter {name} is not finite")


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    # A factory may draw by the legacy functions of NumPy too.
    states: Any = random.getstate(), np.random.get_state()  # noqa: NPY002
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        try:
            yield
        finally:
            random.setstate(states[0])
            np.random.set_state(states[1])  # noqa: NPY002
