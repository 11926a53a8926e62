"""`phase-diagram point`: train networks at one point of the plane and say how they moved."""

from typing import Annotated

import typer


def point(
    dataset: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help="four_points, mnist, or a .csv (header x1,...,xd,y) or .npz file of yours.",
        ),
    ],
    gamma: Annotated[
        float,
        typer.Option(
            help="kappa = m^-gamma, the scale of the output: 0.5 is the NTK's, 1 the mean field's."
        ),
    ],
    gamma_prime: Annotated[
        float,
        typer.Option(
            help="kappa_prime = m^-gamma_prime, output weights over input weights: 0 is balanced; "
            "above 0 the output weights start small and do the moving, below 0 the input weights."
        ),
    ],
    width: Annotated[
        list[int],
        typer.Option(help="Number m of hidden neurons, at least 2; repeat it to fit a slope."),
    ],
    seeds: Annotated[
        int, typer.Option(help="Networks per width, each from other random weights: 0 to SEEDS-1.")
    ] = 3,
    method: Annotated[
        str,
        typer.Option(
            metavar="METHOD",
            help="gradient_flow (no learning rate) or gradient_descent (the paper's, slower).",
        ),
    ] = "gradient_flow",
    tolerance: Annotated[
        float | None,
        typer.Option(
            help="Mean squared error at which training ends.  [default: 1e-6, for mnist 1e-4]",
        ),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(metavar="DEVICE", help="cpu or cuda.  [default: cuda where there is one]"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on standard output.")
    ] = False,
) -> None:
    """Train networks at one point (gamma, gamma_prime) of the phase diagram.

    Prints a row per width: RD, the relative distance that the input weights moved (mean over the
    seeds that converged, and its standard error), then the mean loss, steps and seconds of one
    network over all seeds, and how their training ended. With two widths or more also S_w, the
    slope of log RD against log m, beside its prediction for m -> infinity: negative in the
    linear regime, positive in the condensed one.

    \b
    Example (a condensed point, some seconds):
      phase-diagram point --dataset four_points --gamma 1.75 --gamma-prime 0 \\
          --width 1000 --width 10000 --seeds 6
    """
    from phase_diagram.cli import measurement

    request = measurement.request(
        {
            "dataset": dataset,
            "gamma": gamma,
            "gamma_prime": gamma_prime,
            "width": width,
            "seeds": seeds,
            "method": method,
            "tolerance": tolerance
            if tolerance is not None
            else measurement.default_tolerance(dataset),
            "device": device,
        }
    )
    measured = measurement.measure(request)
    if as_json:
        typer.echo(measurement.as_json(measured))
    else:
        measurement.show(measured)
