"""The command line: its commands, and the exit codes after faults and Ctrl-C.

Each command imports its modules when it runs, because torch alone takes over a second.
"""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from phase_diagram.cli.check import check
from phase_diagram.cli.locate import locate
from phase_diagram.cli.plot import plot
from phase_diagram.cli.point import point
from phase_diagram.cli.probe import probe
from phase_diagram.errors import INTERRUPTED, InputError, tell

app = typer.Typer(
    name="phase-diagram",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(check)
app.command()(locate)
app.command()(plot)
app.command()(point)
app.command()(probe)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"phase-diagram {version('phase_diagram')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def describe(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """The phase diagram of two-layer ReLU networks at infinite width.

    How a wide network learns depends on how its initial weights scale with its width m. Two
    exponents say it all: kappa = m^-gamma and kappa_prime = m^-gamma_prime. This program measures
    how far the input weights move during training, RD, as the network grows: RD ~ m^S_w. Where
    S_w < 0 the network stays at its random features (linear regime); where S_w > 0 its neurons
    gather at a few directions (condensed regime).

    \b
    phase-diagram locate --name xavier --width 1000 --dimension 784
    phase-diagram point --dataset four_points --gamma 1.75 --gamma-prime 0 --width 1000
    phase-diagram plot results/four_points
    phase-diagram probe networks.py:wide --dataset four_points --width 100 --width 1000
    phase-diagram check params.yaml
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the program's name; by default that of the process.

    Returns
    -------
    int
        Exit code: 0; 2 where the input is at fault, with a line `error: ...` per fault on
        standard error; 130 after Ctrl-C.
    """
    try:
        code = app(
            args=None if arguments is None else list(arguments),
            prog_name="phase-diagram",
            standalone_mode=False,
        )
    except InputError as error:
        return tell(error)
    except typer.TyperException as error:  # the command line itself: an unknown option, no number
        command = getattr(getattr(error, "ctx", None), "command_path", "phase-diagram")
        reason = " ".join(error.format_message().split())
        return tell(InputError(f"{reason} (see {command} --help)"))
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:
        print("error: interrupted", file=sys.stderr)
    return code or 0
