"""The passes of passes.py on a GPU, fused by torch.compile where networks are wide.

There it is reading and writing (n, m) arrays that takes the time, and eager torch does so in each
of a hundred operations. Building takes 13 to 30 s; torch keeps what is built in the cache folder.
"""

import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor

from phase_diagram.activations import Activation
from phase_diagram.two_layer.equations import passes
from phase_diagram.two_layer.equations.network import Network
from phase_diagram.two_layer.equations.passes import Correction, Part, Prediction
from phase_diagram.two_layer.equations.rows import UNROLLED
from phase_diagram.two_layer.native.cache import may_build, own_cache_folder
from phase_diagram.two_layer.native.compilation import PASSES, Pass, flat, named

# Neurons of a network from which fusing is worth building.
SMALLEST_WIDTH = 2**16

_failed = False


def suitable(samples: int, width: int) -> bool:
    """Say whether passes over networks of this size are to be fused."""
    return width >= SMALLEST_WIDTH and samples > UNROLLED and not _failed and may_build()


def passes_for(model: Network) -> tuple[Callable[..., Prediction], Callable[..., Correction]]:
    """Give `passes.predict` and `passes.correct` for networks like this one."""
    by_sample, sigma = model.by_sample, model.sigma

    def predict(*arguments: Any) -> Prediction:
        result = _run("predict", sigma, arguments)
        return (
            passes.predict(*arguments) if result is None else named(Prediction, by_sample, result)
        )

    def correct(*arguments: Any) -> Correction:
        result = _run("correct", sigma, arguments)
        return (
            passes.correct(*arguments) if result is None else named(Correction, by_sample, result)
        )

    return predict, correct


def _run(name: str, sigma: Activation, arguments: tuple[Any, ...]) -> tuple[Tensor, ...] | None:
    """Run a fused pass; None where it cannot be built."""
    global _failed
    if _failed:
        return None
    tensors = flat(arguments)
    try:
        _mark(arguments[0], arguments[1], tensors)
        result: tuple[Tensor, ...] = _fused(name, sigma)(*tensors)
    except torch.cuda.OutOfMemoryError:
        raise
    except Exception as error:  # whatever a compiler may run into, training can do without it
        reason = f"{type(error).__name__}: {error}".strip().split("\n", 1)[0]
        print(f"note: training without fused passes, slower ({reason})", file=sys.stderr)
        _failed = True
        return None
    return result


def _mark(model: Network, part: Part, tensors: list[Tensor]) -> None:
    """Say which sizes change from call to call: that of the batch and the number of neurons."""
    batch, _, width = part.gate.shape
    data = {id(getattr(model, name)) for name in ("inputs", "targets", "gram", "gram_of_others")}
    for tensor in tensors:
        if tensor.dim() == 0 or id(tensor) in data:
            continue
        if tensor.shape[0] == batch:
            torch._dynamo.maybe_mark_dynamic(tensor, 0)
        if tensor.shape[-1] == width:
            torch._dynamo.maybe_mark_dynamic(tensor, tensor.dim() - 1)


@cache
def _fused(name: str, sigma: Activation) -> Callable[..., tuple[Tensor, ...]]:
    # Not in a folder of a known name that all users can make.
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(own_cache_folder() / "fused"))
    return torch.compile(Pass(*PASSES[name], sigma))
