"""`phase-diagram point`: train networks at one point of the plane and report their movement."""

import gc
from typing import Annotated

import typer

from phase_diagram.training import FLOW


def point(
    dataset: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help="four_points, three_points, mnist, or a .csv (header x1,...,xd,y) or .npz file of "
            "yours.",
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
        list[str],
        typer.Option(
            metavar="INTEGER",
            help="Number m of hidden neurons, 2 to 10^9; repeat it to fit a slope.",
        ),
    ],
    seeds: Annotated[
        int, typer.Option(help="Networks per width, each from other random weights: 0 to SEEDS-1.")
    ] = 3,
    quadrature: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Let N quadrature neurons stand for the m random ones: widths up to 10^50, such "
            "as 1e12, in the time of N. A power of two from 64 to 65536.",
        ),
    ] = None,
    activation: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="relu, leaky_relu, tanh, gelu or softplus; for the last three, which are not "
            "homogeneous, there is no predicted slope.",
        ),
    ] = "relu",
    method: Annotated[
        str,
        typer.Option(
            metavar="METHOD",
            help="gradient_flow (no learning rate) or gradient_descent (the paper's, slower).",
        ),
    ] = FLOW,
    first_rate: Annotated[
        float | None,
        typer.Option(
            help="gradient_descent: first learning rate, in units of 1 / lambda_max of the initial "
            "kernel.  [default: 1]",
        ),
    ] = None,
    step_limit: Annotated[
        int | None,
        typer.Option(
            help="gradient_descent: steps, restarts included, after which a network is given up.  "
            "[default: 800000]",
        ),
    ] = None,
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
    seeds that converged, and its standard error), condensation (how likely two neurons, drawn by
    amplitude, are to point the same way; 1 over it is an effective number of orientations), then
    the mean loss, steps and seconds of one network over all seeds, and how their training ended.
    With two widths or more also S_w, the slope of log RD against log m, beside its prediction for
    m -> infinity: negative in the linear regime, positive in the condensed one. Last comes what
    that means, in a sentence. The bar of progress is on standard error.

    \b
    Examples (a condensed point, S_w = 0.38; the limit of infinite width; a figure):
      phase-diagram point --dataset four_points --gamma 1.75 --gamma-prime 0 \\
          --width 1000 --width 10000
      phase-diagram point --dataset four_points --gamma 1.25 --gamma-prime 0.5 \\
          --width 1e18 --width 1e20 --quadrature 1024 --seeds 3
      phase-diagram point --dataset four_points --gamma 0.5 --gamma-prime 0 \\
          --width 1000 --width 10000 --json > lazy.json; phase-diagram plot lazy.json
    """
    # Objects made by importing torch stay: searching them for cycles would cost time.
    gc.disable()
    try:
        from phase_diagram.two_layer.native import matrix_library

        matrix_library.use_all_vectors()
        from phase_diagram.cli import measurement, request
    finally:
        gc.freeze()
        gc.enable()

    measured = measurement.measure(
        request.check(
            {
                "dataset": dataset,
                "gamma": gamma,
                "gamma_prime": gamma_prime,
                "quadrature": quadrature,
                "width": width,
                "seeds": seeds,
                "activation": activation,
                "method": method,
                "first_rate": first_rate,
                "step_limit": step_limit,
                "tolerance": request.default_tolerance(dataset) if tolerance is None else tolerance,
                "device": device,
            }
        )
    )
    if as_json:
        typer.echo(measurement.as_json(measured))
    else:
        measurement.show(measured)
