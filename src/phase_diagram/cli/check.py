"""`phase-diagram check`: is this parameter file valid, and how much work does it ask for?"""

from pathlib import Path
from typing import Annotated

import typer


def check(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="The parameter file.", show_default=True)
    ] = Path("params.yaml"),
) -> None:
    """Check a parameter file; write nothing.

    An experiment is a diagram: at each point (gamma, gamma_prime) of its grid networks of several
    widths m are trained from several seeds, and S_w is fitted, RD ~ m^S_w. Prints how many
    networks each experiment and each study trains: points x widths x seeds. For a faulty file, one
    line per fault with the key, its value and what is accepted, and exit code 2.

    \b
    Example:
      phase-diagram check params.yaml
          # four_points: 16 x 21 = 336 points, 4 widths, 3 seeds: 4032 networks
    """
    from phase_diagram.parameters import params_yaml
    from phase_diagram.parameters.validation import shown_path

    loaded = params_yaml.load(file)
    typer.echo(f"{shown_path(file)}: valid")
    for name, experiment in loaded.experiments.items():
        points = len(experiment.gamma) * len(experiment.gamma_prime)
        widths = len(experiment.widths)
        typer.echo(
            f"  {name}: {len(experiment.gamma)} x {len(experiment.gamma_prime)} = {points} points, "
            f"{widths} widths, {experiment.seeds} seeds: "
            f"{points * widths * experiment.seeds} networks"
            + (f" of {experiment.quadrature} neurons" if experiment.quadrature else "")
        )
    for kind, studies in loaded.studies:
        for name, study in studies.items():
            networks = study.networks()
            trained = f"{networks} networks" if networks else "trains nothing"
            typer.echo(f"  studies.{kind}.{name}: {trained}")
