"""Implementation of `phase-diagram probe`: check options, train with a progress bar, report."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from phase_diagram.cli.options import checked, memory_faults
from phase_diagram.datasets.load import load
from phase_diagram.errors import InputError
from phase_diagram.parameters.validation import Section, distinct, refuse
from phase_diagram.parameters.values import Dataset, Seeds, Tolerance
from phase_diagram.probing import factory_name
from phase_diagram.probing.flow import STEP_TOLERANCE
from phase_diagram.probing.measure import probe as measured
from phase_diagram.probing.regimes import MARGIN
from phase_diagram.probing.result import Probe

MAXIMUM_WIDTH = 10**6
FORMATS = (".png", ".pdf")

Width = Annotated[int, Field(strict=True, ge=1, le=MAXIMUM_WIDTH)]
_widths = distinct(Width, "given 2 to 100 times, all different", minimum=2, maximum=100)
Share = Annotated[float, Field(strict=True, gt=0, lt=1, description="a number above 0 and below 1")]


def _or_default(default: float) -> Callable[[Any], Any]:
    return lambda value: default if value is None else value


def _check_figure(value: Any) -> Path | None:
    if value is None:
        return None
    path = Path(value)
    folder = path.parent
    if path.suffix not in FORMATS or path.is_dir():
        raise refuse(f"a file that ends in {' or '.join(FORMATS)}")
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise refuse("in a folder that exists and can be written to")
    return path


class Request(Section):
    """The options of the command; each field is the option of the same name."""

    dataset: Dataset
    width: Annotated[tuple[int, ...], BeforeValidator(_widths)]
    seeds: Seeds
    tolerance: Tolerance
    step_tolerance: Annotated[Share, BeforeValidator(_or_default(STEP_TOLERANCE))]
    confidence: Share
    margin: Annotated[Share, BeforeValidator(_or_default(MARGIN))]
    figure: Annotated[Path | None, BeforeValidator(_check_figure)]


def check(options: dict[str, Any]) -> Request:
    """Check the options of the command.

    Raises
    ------
    InputError
        With one line per fault, which names the option.
    """
    return checked(Request, options)


def measure(factory: str, request: Request) -> Probe:
    """Load the factory and the data, train, and measure.

    Raises
    ------
    InputError
        If the factory, its networks or the dataset are at fault, or a network does not fit the
        memory.
    """
    # Standard output is for the report only; output of a user's module must not be mixed with it.
    with redirect_stdout(sys.stderr), memory_faults(request.width):
        make_model = factory_name.resolve(factory)
        problem = load(request.dataset)
        with _progress(request) as observe:
            return measured(
                make_model,
                problem.inputs[:, :-1],  # without the constant 1: modules have their own biases
                problem.targets,
                request.width,
                seeds=request.seeds,
                tolerance=request.tolerance,
                step_tolerance=request.step_tolerance,
                confidence=request.confidence,
                margin=request.margin,
                name=factory,
                observe=observe,
            )


def show(result: Probe) -> None:
    """Print a result on standard output."""
    result.show(Console())


def draw(result: Probe, path: Path) -> None:
    """Draw a result and write the file atomically.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    from phase_diagram.figures import probe
    from phase_diagram.figures.drawing.save import save
    from phase_diagram.parameters.figures import FigureSettings

    figure = probe.draw(result.networks, result.summary, FigureSettings(), result.name)
    try:
        save(figure, path)
    except OSError as error:
        raise InputError(f"--figure: {path}: {error.strerror or error}") from None


@contextmanager
def _progress(request: Request) -> Iterator[Callable[..., None]]:
    columns = (
        TextColumn("{task.fields[done]} of {task.total} networks"),
        BarColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    total = len(request.width) * request.seeds
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("training", total=total, done=0)

        def observe(*_: Any) -> None:
            done = progress.tasks[task].completed + 1
            progress.update(task, completed=done, done=int(done))

        yield observe
