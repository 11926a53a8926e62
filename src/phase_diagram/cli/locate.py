"""`phase-diagram locate`: where on the phase diagram does an initialisation sit?"""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from phase_diagram.errors import InputError


def locate(
    width: Annotated[int, typer.Option(help="Number m of hidden neurons, at least 2.")],
    name: Annotated[
        str | None,
        typer.Option(
            help="A named initialisation: lecun, he, ntk, xavier (or glorot), mean-field, e_et_al."
        ),
    ] = None,
    dimension: Annotated[
        int | None,
        typer.Option(help="Input dimension d; with --name lecun, he or xavier."),
    ] = None,
    beta: Annotated[
        float | None,
        typer.Option(help="Standard deviation of the output weights; with --name e_et_al."),
    ] = None,
    alpha: Annotated[
        float | None,
        typer.Option(help="Divisor of the output: f = (1/alpha) sum_k a_k relu(w_k . x)."),
    ] = None,
    beta1: Annotated[
        float | None, typer.Option(help="Standard deviation of the output weights a_k.")
    ] = None,
    beta2: Annotated[
        float | None, typer.Option(help="Standard deviation of the input weights w_k.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Place an initialisation on the phase diagram.

    Give either a name or the three scales. Prints kappa = beta1 beta2 / alpha and kappa_prime =
    beta1 / beta2, their exponents at this width (kappa = m^-gamma, kappa_prime =
    m^-gamma_prime), the regime, and the predicted exponent S_w of RD ~ m^S_w: negative where wide
    networks stay near their random features, positive where their neurons condense. RD is how far
    the input weights move in training, relative to their size at the start. A named
    initialisation is also placed where it tends to as m grows.

    \b
    Examples:
      phase-diagram locate --name xavier --width 1000 --dimension 784
          # gamma 0.942, gamma_prime -0.0418: linear; for m -> infinity (1, 0): critical
      phase-diagram locate --alpha 1000 --beta1 1 --beta2 1 --width 1000
          # the mean field: gamma 1, gamma_prime 0: critical, exponent 0
    """
    place = _locate(width, name, dimension, beta, {"alpha": alpha, "beta1": beta1, "beta2": beta2})
    typer.echo(json.dumps(place, allow_nan=False) if as_json else _as_text(place))


def _locate(
    width: int,
    name: str | None,
    dimension: int | None,
    beta: float | None,
    scales: dict[str, float | None],
) -> dict[str, Any]:
    from phase_diagram.plane import scaling

    given_scales = {key: value for key, value in scales.items() if value is not None}
    faults: list[str] = []
    if name is not None:
        faults += [f"--{k}: {v!r}: must be left out beside --name" for k, v in given_scales.items()]
    else:
        for key, value in (("dimension", dimension), ("beta", beta)):
            if value is not None:
                faults.append(f"--{key}: {value!r}: must be left out unless --name is given")
        if len(given_scales) < len(scales):
            missing = ", ".join(f"--{key}" for key in scales if key not in given_scales)
            faults.append(f"{missing}: missing: must be given, or --name instead of all three")
    try:
        if name is not None:
            place = scaling.initialisation(name, width, dimension, beta=beta)
            name = scaling.canonical_name(name)
        elif not faults:
            place = scaling.from_scales(width=width, **given_scales)
    except InputError as error:
        # Every fault names its option, except those of kappa, which follows from the options.
        faults += [f if f.startswith("kappa") else f"--{f}" for f in error.faults]
    if faults:
        raise InputError(faults)

    limit = scaling.NAMED_LIMITS.get(name) if name else None
    return {
        "name": name,
        "width": width,
        "dimension": dimension,
        **asdict(place),
        **_predicted(place.gamma, place.gamma_prime),
        "limit": limit
        and {"gamma": limit[0], "gamma_prime": limit[1], **_predicted(limit[0], limit[1])},
    }


def _predicted(gamma: float, gamma_prime: float) -> dict[str, Any]:
    from phase_diagram.plane import theory

    return {
        "regime": theory.regime(gamma, gamma_prime),
        "exponent": float(theory.exponent(gamma, gamma_prime)),
    }


def _as_text(place: dict[str, Any]) -> str:
    limit = place["limit"]
    lines = [
        f"{key:<12} {place[key]:.6g}" for key in ("alpha", "beta1", "beta2", "kappa", "kappa_prime")
    ]
    at_width = f"m = {place['width']}"
    lines += ["", f"{'':<12} {at_width:<14}{'m -> infinity' if limit else ''}".rstrip()]
    for key in ("gamma", "gamma_prime", "regime", "exponent"):
        row = f"{key:<12} {_short(place[key]):<14}" + (_short(limit[key]) if limit else "")
        lines.append(row.rstrip())
    return "\n".join(lines)


def _short(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"
