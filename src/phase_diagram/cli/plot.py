"""`phase-diagram plot`: draw results from tables, without training."""

from pathlib import Path
from typing import Annotated

import typer


def plot(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|FILE.json",
            help="An experiment's folder, results/NAME, or what `point --json` printed.",
        ),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="Of a folder: phase_diagram (S_w over the plane, stars where it crosses zero), "
            "exponents (S_w beside the closed form) or condensation (how few directions the "
            "neurons share).  [default: phase_diagram]",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A .png or .pdf.  [default: NAME_KIND.png or FILE.png in the working directory]",
        ),
    ] = None,
    dpi: Annotated[
        int | None, typer.Option(help="Dots per inch of a PNG.  [default: 200]", show_default=False)
    ] = None,
    width_inches: Annotated[
        float | None,
        typer.Option(
            help="Width of the figure: about 3.3 for a journal's column, 6 to 7 for its page.  "
            "[default: 6, of a point 3.3]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Draw a figure from tables; train nothing.

    Of an experiment's folder it draws what the workflow draws. With --width-inches and --dpi left
    out, and the other settings of `figures:` in the params.yaml of the working directory if there
    is one, it is the same picture. Of a point it draws RD against the width m, both logarithmic:
    the line's slope is S_w, falling in the linear regime, rising in the condensed one; the dashed
    line has the slope that theory predicts for m -> infinity. Prints the path of the file.

    \b
    Examples:
      phase-diagram plot results/four_points --output diagram.pdf
      phase-diagram point --dataset four_points --gamma 1.75 --gamma-prime 0 \\
          --width 1000 --width 10000 --json > point.json
      phase-diagram plot point.json        # point.png: rising, slope 0.38
    """
    from phase_diagram.cli import drawing

    looks = {"dpi": dpi, "width_inches": width_inches}
    typer.echo(str(drawing.draw(source, kind, output, looks)))
