"""The passes of passes.py, compiled: the same source, in one loop over cache lines each.

Eager torch runs an operation at a time and takes three to ten times as long. Compiled passes are
built once on a machine, for each shape of data (n, d), and kept in a cache folder; whether they
are used depends on the shapes alone, never on what is in the cache, so that a machine gives the
same bits every time. Where there is no C++ compiler, training goes on without them.
"""

import fcntl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from phase_diagram.activations import RELU, Activation
from phase_diagram.files.hashes import code_sha256, sha256_of
from phase_diagram.two_layer.equations import network, passes
from phase_diagram.two_layer.equations.passes import Correction, Part, Prediction
from phase_diagram.two_layer.native import compilation, fused
from phase_diagram.two_layer.native.cache import may_build, own_cache_folder
from phase_diagram.two_layer.native.compilation import SMALLEST_WIDTH, flat, named

# Elements of the (n, m) arrays from which compiled passes are used: below, training takes
# fractions of a second, and less than loading them.
SMALLEST = 2**11

Predict = Callable[..., Prediction]
Correct = Callable[..., Correction]
Run = Callable[[list[Tensor]], list[Tensor]]

# Elements of all networks of a request below which it takes less time to train them without
# compiled passes than to build these first.
WORTH_BUILDING = 2 * 10**7

# What is compiled, and how.
CODE = ("activations.py", "two_layer/equations", "two_layer/native/compilation.py")

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


def passes_for(model: network.Network, part: Part, shares: int = 1) -> tuple[Predict, Correct]:
    """Give `passes.predict` and `passes.correct`, compiled where that is worth it.

    Parameters
    ----------
    model : Network
    part : Part
        The first of the parts of the neurons; the others are no wider by more than one.
    shares : int
        Of these neurons that a network has.
    """
    batch, samples, width = part.gate.shape
    if part.a.is_cuda and _wanted and fused.suitable(samples, shares * width):
        return fused.passes_for(model)
    suitable = batch == 1 and not part.a.is_cuda and part.a.dtype == torch.float64
    if not _wanted or not suitable or width < SMALLEST_WIDTH or samples * width < SMALLEST:
        return EAGER
    return _compiled(samples, model.inputs.shape[1], model.sigma)


@cache
def _compiled(samples: int, dimension: int, sigma: Activation) -> tuple[Predict, Correct]:
    if not may_build():
        return EAGER
    try:
        predict = load("predict", samples, dimension, sigma)
        correct = load("correct", samples, dimension, sigma)
    except Exception as error:  # whatever a compiler may run into, training can do without it
        reason = f"{type(error).__name__}: {error}".strip().split("\n", 1)[0]
        print(f"note: training without compiled passes, slower ({reason})", file=sys.stderr)
        return EAGER
    by_sample = samples <= dimension
    return (
        lambda *arguments: named(Prediction, by_sample, predict(flat(arguments))),
        lambda *arguments: named(Correction, by_sample, correct(flat(arguments))),
    )


def load(name: str, samples: int, dimension: int, sigma: Activation = RELU) -> Run:
    """Give a compiled pass, building it where it is not there yet.

    Parameters
    ----------
    name : str
        One of compilation.PASSES.
    samples, dimension : int
    sigma : Activation

    Returns
    -------
    callable
        Takes all tensors of the arguments as a list, see `compilation.flat`, and gives those of
        the result.
    """
    path = own_cache_folder() / f"{name}-{sigma.name}-{samples}-{dimension}-{_version()}.pt2"
    with _locked(path.with_suffix(".lock")):
        if path.exists():
            try:
                return _open(path)
            except Exception:
                path.unlink()  # damaged: built anew below
        print(
            f"Compiling the pass `{name}` of {sigma.name} for {samples} samples in "
            f"{dimension} dimensions (once on this machine) ...",
            file=sys.stderr,
            flush=True,
        )
        compilation.build(name, samples, dimension, path, sigma)
        return _open(path)


def _open(path: Path) -> Run:
    # What torch._inductor.aoti_load_package does, without the two seconds that importing it takes
    # and without the search for tensors in the arguments of each call, of which there are many.
    loader = torch._C._aoti.AOTIModelPackageLoader(str(path), "model", True, 1, -1)  # type: ignore[attr-defined]
    run: Run = loader.boxed_run  # empties the list
    return run


@cache
def _version() -> str:
    """A hash of all that a compiled pass depends on beside the shapes."""
    machine = f"{torch.__version__} {torch.backends.cpu.get_cpu_capability()}"
    return sha256_of([code_sha256(*CODE), machine])[:16]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    # Jobs that start together build each pass once; the others wait for it.
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
