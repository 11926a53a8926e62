"""Implementation of `phase-diagram plot`: options, tables, and the file drawn."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from phase_diagram.cli import saved_point
from phase_diagram.errors import InputError
from phase_diagram.figures import experiment, relative_distances
from phase_diagram.figures.drawing.save import METADATA, save
from phase_diagram.parameters import params_yaml
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.parameters.validation import faults, shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARAMETERS = Path("params.yaml")
COLUMN_INCHES = 3.3  # a point is one panel, which is too small for a whole page


def draw(source: Path, kind: str | None, output: Path | None, looks: dict[str, Any]) -> Path:
    """Draw an experiment's folder or a saved point.

    Parameters
    ----------
    source : Path
        The folder, or the file.
    kind : str, optional
        One of `figures.experiment.TABLES`; for a folder alone.
    output : Path, optional
        The .png or .pdf to be made or replaced.
    looks : dict
        dpi and width_inches; None: as in params.yaml.

    Returns
    -------
    Path
        The complete file.

    Raises
    ------
    InputError
        One line per fault of the options, the tables or the place to write to.
    """
    is_point = source.suffix.lower() == ".json" and not source.is_dir()
    _check(source, kind, output, is_point)
    settings = _settings(looks, COLUMN_INCHES if is_point else None)
    if is_point:
        target = output or Path(f"{source.stem}.png")
        _check_place(target)
        tables = saved_point.read(source)
        figure = relative_distances.draw(tables, settings)["relative_distances"]
    else:
        kind = kind or next(iter(experiment.TABLES))
        name = source.resolve().name
        target = output or Path(f"{name}_{kind}.png")
        _check_place(target)
        contents = experiment.read(source, kind)
        if contents[0].empty:
            raise InputError(f"{source}: {next(iter(experiment.TABLES[kind]))}.csv: has no rows")
        figure = experiment.draw(kind, contents, settings, name)
    _save(figure, target)
    return target


def _check(source: Path, kind: str | None, output: Path | None, is_point: bool) -> None:
    lines = []
    if kind is not None and is_point:
        lines.append(f"--kind: {shown(kind)}: must be left out with a file of `point --json`")
    elif kind is not None and kind not in experiment.TABLES:
        lines.append(f"--kind: {shown(kind)}: must be one of {', '.join(experiment.TABLES)}")
    if output is not None and output.suffix not in METADATA:
        lines.append(f"--output: {shown(str(output))}: must end in {' or '.join(METADATA)}")
    if not is_point and not source.is_dir():
        reason = "a file" if source.exists() else "no such folder"
        lines.append(
            f"{source}: {reason}: must be an experiment's folder, results/NAME, or a .json file "
            "that `phase-diagram point --json` printed"
        )
    if lines:
        raise InputError(lines)


def _settings(looks: dict[str, Any], width_inches: float | None) -> FigureSettings:
    """Combine settings: options first, then params.yaml, then the defaults."""
    options = {name: value for name, value in looks.items() if value is not None}
    try:
        FigureSettings.model_validate(options)
    except ValidationError as error:
        raise InputError(faults(error, lambda keys: f"--{keys[0]}".replace("_", "-"))) from None
    settings = FigureSettings()
    if PARAMETERS.exists():
        settings = params_yaml.load(PARAMETERS).figures
    usual = {} if width_inches is None else {"width_inches": width_inches}
    return settings.model_copy(update={**usual, **options})


def _check_place(target: Path) -> None:
    """Refuse a folder that does not exist, before anything is drawn; folders are not created."""
    folder = target.parent
    if not folder.is_dir():
        raise InputError(f"--output: {shown(str(target))}: the folder {folder} does not exist")
    if target.is_dir():
        raise InputError(f"--output: {shown(str(target))}: is a folder, must be a file")
    if not os.access(folder, os.W_OK):
        raise InputError(
            f"--output: {shown(str(target))}: the folder {folder} may not be written to"
        )


def _save(figure: "Figure", target: Path) -> None:
    try:
        save(figure, target)
    except OSError as error:
        raise InputError(f"--output: {shown(str(target))}: {error.strerror or error}") from None
