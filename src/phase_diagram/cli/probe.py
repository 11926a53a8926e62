"""`phase-diagram probe`: is a user's own network lazy or rich?"""

from pathlib import Path
from typing import Annotated

import typer


def probe(
    factory: Annotated[
        str,
        typer.Argument(
            metavar="MODULE:FUNCTION",
            help="What makes the network: module:function, looked for in this folder too, or "
            "file.py:function. Called with the width, it gives a torch.nn.Module; arguments "
            "named seed, input_size and output_size are filled in.",
        ),
    ],
    dataset: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help="four_points, three_points, mnist, or a .csv (header x1,...,xd,y) or .npz file of "
            "yours. The "
            "module is given the features x1,...,xd alone, without a constant 1.",
        ),
    ],
    width: Annotated[
        list[int],
        typer.Option(
            metavar="INTEGER", help="Width to train at; repeat it, three times or more tell most."
        ),
    ],
    seeds: Annotated[
        int, typer.Option(help="Networks per width, seeds 0 to SEEDS-1 of torch's generator.")
    ] = 3,
    tolerance: Annotated[
        float | None,
        typer.Option(
            help="Mean squared error at which training ends.  [default: 1e-6, for mnist 1e-4]",
        ),
    ] = None,
    step_tolerance: Annotated[
        float | None,
        typer.Option(
            help="Error that a step may make: RD is off by a quarter of it at most on two-layer "
            "ReLU networks, and the time goes with its inverse.  [default: 0.05]",
        ),
    ] = None,
    confidence: Annotated[
        float,
        typer.Option(help="Of the interval of a slope; a regime is named where it leaves out 0."),
    ] = 0.95,
    margin: Annotated[
        float | None,
        typer.Option(
            help="A slope whose interval lies within it counts as zero, critical.  [default: 0.05]"
        ),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw RD against the width, as .png or .pdf."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on standard output.")
    ] = False,
) -> None:
    """Say of each parameter of your network whether it is lazy or rich.

    Trains the network at several widths by gradient flow on the mean squared error, and measures
    how far each parameter moves relative to its size at the start, RD, and the slope of log RD
    against log width. Where RD falls with the width, wide networks keep the features they start
    with (linear regime, lazy); where it grows, they learn features of their own (condensed
    regime, rich); between the two neither wins (critical). "undecided" asks for more widths or
    seeds. The error of a slope tells how networks scatter, not how far the widths are from
    infinity.

    \b
    Example (networks.py holds a function wide(width) that gives a torch.nn.Module):
      phase-diagram probe networks.py:wide --dataset four_points \\
          --width 100 --width 300 --width 1000 --figure probe.png
    """
    from phase_diagram.cli import probing, request

    asked = probing.check(
        {
            "dataset": dataset,
            "width": width,
            "seeds": seeds,
            "tolerance": request.default_tolerance(dataset) if tolerance is None else tolerance,
            "step_tolerance": step_tolerance,
            "confidence": confidence,
            "margin": margin,
            "figure": figure,
        }
    )
    result = probing.measure(factory, asked)
    if as_json:
        typer.echo(result.to_json())
    else:
        probing.show(result)
    if figure is not None:
        probing.draw(result, figure)
