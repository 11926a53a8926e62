"""The passes of passes.py, compiled: the same source, in one loop over cache lines each.

Eager torch runs an operation at a time and takes three to five times as long. Compiled passes are
built once on a machine, for each shape of data (n, d), and kept in a cache folder; whether they
are used depends on the shapes alone, never on what is in the cache, so that a machine gives the
same bits every time. Where there is no C++ compiler, training goes on without them.
"""

import fcntl
import hashlib
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor

from phase_diagram import gates, network, passes
from phase_diagram.passes import Correction, Part, Prediction

# Elements of the (n, m) arrays from which compiled passes are used: below, training takes
# fractions of a second, and less than loading them.
SMALLEST = 2**11
SMALLEST_WIDTH = 64

Predict = Callable[..., Prediction]
Correct = Callable[..., Correction]

# Elements of all networks of a request below which it takes less time to train them without
# compiled passes than to build these first.
WORTH_BUILDING = 2 * 10**7

EAGER: tuple[Predict, Correct] = (passes.predict, passes.correct)
_wanted = True


@contextmanager
def where_worth_building(elements: int) -> Iterator[None]:
    """Do without compiled passes in a small request, for a user who waits for its answer.

    Parameters
    ----------
    elements : int
        Samples times neurons, summed over all networks of the request.
    """
    global _wanted
    before, _wanted = _wanted, _wanted and elements >= WORTH_BUILDING
    try:
        yield
    finally:
        _wanted = before


def passes_for(model: network.Network, part: Part) -> tuple[Predict, Correct]:
    """Give `passes.predict` and `passes.correct`, compiled where that is worth it.

    Parameters
    ----------
    model : Network
    part : Part
        The first of the parts of the neurons; the others are no wider by more than one.
    """
    batch, samples, width = part.gate.shape
    suitable = batch == 1 and not part.a.is_cuda and part.a.dtype == torch.float64
    if not _wanted or not suitable or width < SMALLEST_WIDTH or samples * width < SMALLEST:
        return EAGER
    return _compiled(samples, model.inputs.shape[1])


@cache
def _compiled(samples: int, dimension: int) -> tuple[Predict, Correct]:
    if os.environ.get("PHASE_DIAGRAM_COMPILE") == "0":
        return EAGER
    try:
        predict = _load("predict", _Predict(), samples, dimension)
        correct = _load("correct", _Correct(), samples, dimension)
    except Exception as error:  # whatever a compiler may run into, training can do without it
        reason = f"{type(error).__name__}: {error}".strip().split("\n", 1)[0]
        print(f"note: training without compiled passes, slower ({reason})", file=sys.stderr)
        return EAGER
    return (
        lambda *arguments: Prediction(*predict(*_flat(arguments))),
        lambda *arguments: Correction(*correct(*_flat(arguments))),
    )


def _load(name: str, module: torch.nn.Module, samples: int, dimension: int) -> Any:
    from torch._inductor import aoti_load_package

    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{samples}-{dimension}-{_version()}.pt2"
    with _locked(path.with_suffix(".lock")):
        if path.exists():
            try:
                return aoti_load_package(str(path))
            except Exception:
                path.unlink()  # damaged: built anew below
        print(
            f"Compiling the pass `{name}` for {samples} samples in {dimension} dimensions "
            "(once on this machine) ...",
            file=sys.stderr,
            flush=True,
        )
        _build(module, samples, dimension, path)
        return aoti_load_package(str(path))


def _build(module: torch.nn.Module, samples: int, dimension: int, path: Path) -> None:
    from torch._inductor import aoti_compile_and_package
    from torch._inductor import config as compiler

    example = _example(samples, dimension)
    width = example[1].a.shape[1]
    arguments = example if isinstance(module, _Predict) else _corrected(example)
    # Tensors that are one object would stay one argument of the compiled pass.
    tensors = tuple(tensor.clone() for tensor in _flat(arguments))
    neurons = torch.export.Dim("neurons", min=SMALLEST_WIDTH)
    shapes = tuple(
        {axis: neurons for axis, size in enumerate(each.shape) if size == width} for each in tensors
    )
    temporary = path.with_suffix(f".{os.getpid()}.pt2")
    try:
        with (
            warnings.catch_warnings(),
            compiler.patch({"cpp.threads": 1}),
            _torch_at_a_path_without_spaces(),
        ):
            warnings.simplefilter("ignore")
            exported = torch.export.export(module, tensors, dynamic_shapes=(shapes,))
            aoti_compile_and_package(exported, package_path=str(temporary))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


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


def cache_folder() -> Path:
    """Give the folder of the compiled passes: PHASE_DIAGRAM_CACHE, or one in the user's cache."""
    chosen = os.environ.get("PHASE_DIAGRAM_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "phase_diagram"


@cache
def _version() -> str:
    """A hash of all that a compiled pass depends on beside the shapes."""
    sources = [Path(module.__file__ or "").read_bytes() for module in (gates, network, passes)]
    sources.append(Path(__file__).read_bytes())
    machine = f"{torch.__version__} {torch.backends.cpu.get_cpu_capability()}"
    return hashlib.sha256(b"\0".join([*sources, machine.encode()])).hexdigest()[:16]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    # Jobs that start together build each pass once; the others wait for it.
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _flat(arguments: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """All tensors of networks, parts and predictions, in a row."""
    flat: list[Tensor] = []
    for argument in arguments:
        if isinstance(argument, network.Network):
            flat.extend(argument.tensors())
        elif isinstance(argument, tuple):
            flat.extend(argument)
        else:
            flat.append(argument)
    return tuple(flat)


NETWORK = len(network.TENSORS)
PART = NETWORK + len(Part._fields)
PREDICTION = PART + len(Prediction._fields)


class _Predict(torch.nn.Module):
    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        model = network.Network.of(tensors[:NETWORK])
        return tuple(passes.predict(model, Part(*tensors[NETWORK:PART]), *tensors[PART:]))


class _Correct(torch.nn.Module):
    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        model = network.Network.of(tensors[:NETWORK])
        part, prediction = Part(*tensors[NETWORK:PART]), Prediction(*tensors[PART:PREDICTION])
        return tuple(passes.correct(model, part, prediction, *tensors[PREDICTION:]))


def _example(samples: int, dimension: int) -> tuple[network.Network, Part, Tensor, Tensor]:
    """Arguments of `predict` of the right shapes, with a width that no other axis has."""
    width = max(2**16 // samples, 2 * samples + 2 * dimension, SMALLEST_WIDTH) + 1
    generator = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=torch.float64, generator=generator)

    one = torch.ones(1, dtype=torch.float64)
    model = network.Network(normal(samples, dimension), normal(samples), one, one)
    a, w, preactivation = normal(1, width), normal(1, dimension, width), normal(1, samples, width)
    part = Part(a, w, a, w, preactivation, (preactivation > 0).double())
    return model, part, normal(1, samples), one


def _corrected(
    example: tuple[network.Network, Part, Tensor, Tensor],
) -> tuple[network.Network, Part, Prediction, Tensor, Tensor, Tensor]:
    prediction = passes.predict(*example)
    return (*example[:2], prediction, torch.zeros_like(prediction.suspect), *example[2:])
