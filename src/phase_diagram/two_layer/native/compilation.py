"""Building the compiled passes: from the functions of passes.py to files that compiled.py opens."""

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor

from phase_diagram.activations import RELU, Activation
from phase_diagram.two_layer.equations import passes
from phase_diagram.two_layer.equations.network import TENSORS, Network
from phase_diagram.two_layer.equations.passes import Correction, Part, Prediction
from phase_diagram.two_layer.equations.rows import UNROLLED, Rows

SMALLEST_WIDTH = 64

Kind = type[Part] | type[Prediction] | type[Correction]

# What is compiled, and the records among its arguments; the others are tensors.
PASSES: dict[str, tuple[Callable[..., Any], tuple[Kind, ...]]] = {
    "predict": (passes.predict, (Part,)),
    "correct": (passes.correct, (Part, Prediction)),
    "velocity": (Network.velocity, ()),
}


def build(name: str, samples: int, dimension: int, path: Path, sigma: Activation = RELU) -> None:
    """Compile one of PASSES for n samples in d dimensions, and any number of neurons.

    Parameters
    ----------
    name : str
    samples, dimension : int
    path : pathlib.Path
        The file to be made; it appears whole or not at all.
    sigma : Activation
    """
    from torch._inductor import aoti_compile_and_package
    from torch._inductor import config as compiler

    # A width that no other axis has.
    width = max(2**16 // samples, 2 * samples + 2 * dimension, SMALLEST_WIDTH) + 1
    # Tensors that are one object would stay one argument of the compiled pass.
    tensors = tuple(
        tensor.clone() for tensor in flat(_example(name, samples, dimension, width, sigma))
    )
    neurons = torch.export.Dim("neurons", min=SMALLEST_WIDTH)
    shapes = tuple(
        {axis: neurons for axis, size in enumerate(each.shape) if size == width} for each in tensors
    )
    temporary = path.with_suffix(f".{os.getpid()}.pt2")
    try:
        with (
            warnings.catch_warnings(),
            compiler.patch({"cpp.threads": 1, "cpp.enable_floating_point_contract_flag": "fast"}),
            _torch_at_a_path_without_spaces(),
            _workshop_in(path.parent),
        ):
            warnings.simplefilter("ignore")
            module = Pass(*PASSES[name], sigma)
            exported = torch.export.export(module, tensors, dynamic_shapes=(shapes,))
            aoti_compile_and_package(exported, package_path=str(temporary))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _workshop_in(folder: Path) -> Iterator[None]:
    """Let torch compile in a new folder, not in one of a known name that all users can make."""
    name = "TORCHINDUCTOR_CACHE_DIR"
    if name in os.environ:
        yield
        return
    with TemporaryDirectory(
        dir=folder, prefix=".compiling-", ignore_cleanup_errors=True
    ) as workshop:
        os.environ[name] = workshop
        try:
            yield
        finally:
            del os.environ[name]


def flat(arguments: Iterable[Any]) -> list[Tensor]:
    """All tensors of networks, parts and predictions, in a row."""
    tensors: list[Tensor] = []
    for argument in arguments:
        if isinstance(argument, Network):
            tensors.extend(argument.tensors)
        elif isinstance(argument, tuple):
            tensors.extend(tensor for tensor in argument if tensor is not None)
        else:
            tensors.append(argument)
    return tensors


def named(kind: Kind, by_sample: bool, tensors: Iterable[Any]) -> Any:
    """Put a part, a prediction or a correction together from the tensors that it has."""
    waiting = iter(tensors)
    values = (next(waiting) if present else None for present in _present(kind._fields, by_sample))
    return kind(*values)  # type: ignore[arg-type]


@cache
def _present(fields: tuple[str, ...], by_sample: bool) -> tuple[bool, ...]:
    """Which of the fields are not None."""
    return tuple(by_sample or name not in passes.BY_SAMPLE for name in fields)


class Pass(torch.nn.Module):
    """A pass as a function of a row of tensors: network, part, (prediction,) and the rest."""

    def __init__(self, run: Callable[..., Any], kinds: tuple[Kind, ...], sigma: Activation) -> None:
        super().__init__()
        self.run, self.kinds, self.sigma = run, kinds, sigma

    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Run the pass."""
        model = Network.of(tensors[: len(TENSORS)], self.sigma)
        samples = len(model.targets)

        def per_neuron(tensor: Tensor) -> bool:  # and per sample or dimension; not the kernel
            return tensor.dim() == 3 and tensor.shape[2] != samples

        waiting: Iterator[Any] = (
            Rows.of(tensor) if samples <= UNROLLED and per_neuron(tensor) else tensor
            for tensor in tensors[len(TENSORS) :]
        )
        arguments: list[Any] = []
        for kind in self.kinds:
            values = [next(waiting) for _ in range(sum(_present(kind._fields, model.by_sample)))]
            arguments.append(named(kind, model.by_sample, values))
        return tuple(
            each.stacked() if isinstance(each, Rows) else each
            for each in self.run(model, *arguments, *waiting)
            if each is not None
        )


def _example(
    name: str, samples: int, dimension: int, width: int, sigma: Activation
) -> tuple[Any, ...]:
    """Arguments of a pass, of the right shapes."""
    generator = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=torch.float64, generator=generator)

    unit = torch.ones(1, dtype=torch.float64)
    model = Network(normal(samples, dimension), normal(samples), unit, unit, None, sigma)
    a, w, residual = normal(1, width), normal(1, dimension, width), normal(1, samples)
    if name == "velocity":
        return model, a, w
    part = passes.at_rest(model, a, w)
    if name == "predict":
        return model, part, residual, unit
    prediction = passes.predict(model, part, residual, unit)
    order = normal(1, samples, samples)
    return model, part, prediction, residual, residual, order, unit


@contextmanager
def _torch_at_a_path_without_spaces() -> Iterator[None]:
    """Let the compiler find torch's headers: torch hands on their paths without quotes."""
    from torch._inductor import cpp_builder
    from torch.utils import cpp_extension

    torch_folder = Path(torch.__file__).parent
    if " " not in str(torch_folder):
        yield
        return
    with TemporaryDirectory() as folder, ExitStack() as stack:
        link = Path(folder) / "torch"
        link.symlink_to(torch_folder)
        for module, name in (
            (cpp_builder, "_TORCH_PATH"),
            (cpp_builder, "_LINKER_SCRIPT"),
            (cpp_extension, "_TORCH_PATH"),
            (cpp_extension, "TORCH_LIB_PATH"),
        ):
            path = getattr(module, name)
            stack.callback(setattr, module, name, path)
            setattr(module, name, path.replace(str(torch_folder), str(link)))
        yield
