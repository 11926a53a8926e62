"""The stages of the workflow as a table: their scripts, what they read and what they make.

Paths are patterns. {experiment} or {study} is the name of the one that a stage is run for; in the
inputs of a study there may also stand the other keys of its section in params.yaml.
"""

from dataclasses import dataclass, field
from typing import Any

PROBLEM = "data/prepared/{experiment}.npz"
RUNS = "results/runs"
BATCH = "results/runs/{experiment}-{fingerprint}/batches/{batch}.csv"
BENCHMARK = "results/runs/{experiment}-{fingerprint}/benchmarks/{batch}.tsv"
STUDY_SECONDS = "results/runs/studies/{kind}/{{study}}/seconds.csv"
SWEEP = "results/{experiment}/sweep.csv"
METRICS = "results/{experiment}/metrics.json"
EXPERIMENTS = "experiments"
# What is made once, of all experiments together; it has one name.
WHOLE = "whole"
WHOLE_NAME = "explorer"


@dataclass(frozen=True)
class Stage:
    """A stage, which is run for each experiment, for each study of a kind, or once.

    Attributes
    ----------
    group : str
        "experiments" or a kind of studies: whose names there is a run for. Or "whole".
    step : str
        What it does, the same word for all kinds of studies.
    scripts : tuple of str
        In workflow/scripts. They and all modules that they import decide what comes out.
    inputs, outputs : dict from str to str
        Files by the names that they have in the rules: those whose contents are compared with
        the ones that the results were made from, and the results. The inputs of a stage of the
        whole are those of each experiment.
    modules : tuple of str
        Modules that the scripts import by a name that is known only when they run.
    borrowed : tuple of str
        Parameters of the experiment by which a study trains networks of its own.
    """

    group: str
    step: str
    scripts: tuple[str, ...]
    inputs: dict[str, str]
    outputs: dict[str, str]
    modules: tuple[str, ...] = ()
    borrowed: tuple[str, ...] = ()

    @property
    def settings(self) -> str:
        """The file from which the stage's rule has its settings."""
        return f".snakemake/settings/{self._folder}{self.step}.json"

    @property
    def made_from(self) -> str:
        """The record of what the results were made from, which is kept beside them."""
        if self.group == WHOLE:
            return f"results/{WHOLE_NAME}.made_from.json"
        return f"results/{self._folder}made_from/{self.step}.json"

    @property
    def _folder(self) -> str:
        if self.group == WHOLE:
            return ""
        return "{experiment}/" if self.group == EXPERIMENTS else f"studies/{self.group}/{{study}}/"


@dataclass(frozen=True)
class Kind:
    """A kind of studies: its tables and figures, by name, and what it is measured from.

    `borrowed` is as of `Stage`.
    """

    tables: tuple[str, ...]
    figures: tuple[str, ...]
    inputs: dict[str, str] = field(default_factory=dict)
    borrowed: tuple[str, ...] = ()

    def stages(self, kind: str) -> dict[str, Stage]:
        """Give its two stages."""
        tables = {name: f"results/studies/{kind}/{{study}}/{name}.csv" for name in self.tables}
        pictures = _pictures("study", self.figures)
        measuring, drawing = f"phase_diagram.studies.{kind}", f"phase_diagram.figures.{kind}"
        return {
            f"measure_{kind}": Stage(
                kind, "measure", ("study.py",), self.inputs, tables, (measuring,), self.borrowed
            ),
            f"draw_{kind}": Stage(kind, "draw", ("draw_study.py",), tables, pictures, (drawing,)),
        }


def _sweeps(*keys: str) -> dict[str, str]:
    return {key: SWEEP.format(experiment=f"{{{key}}}") for key in keys}


def _pictures(wildcard: str, figures: tuple[str, ...]) -> dict[str, str]:
    return {
        f"{figure}_{ending}": f"results/figures/{{{wildcard}}}_{figure}.{ending}"
        for figure in figures
        for ending in ("png", "pdf")
    }


# Repeated from the modules of the studies, which import torch; a test compares.
KINDS = {
    "initialisations": Kind(
        ("initialisations",), ("initialisations_table", "initialisations_diagram")
    ),
    "portraits": Kind(
        ("functions", "neurons", "summary"),
        ("portrait",),
        {"problem": PROBLEM},
        ("tolerance", "activation"),
    ),
    "relative_distances": Kind(
        ("distances", "fits"), ("relative_distances",), _sweeps("experiment")
    ),
    "scales": Kind(
        ("networks", "fits"), ("scales",), {"problem": PROBLEM}, ("tolerance", "activation")
    ),
    "kernels": Kind(
        ("decay", "modes", "distances", "distance_fits"),
        ("loss_decay", "kernel_distance"),
        {"problem": PROBLEM},
        ("tolerance",),
    ),
    "descents": Kind(("networks", "slopes"), ("descent",), _sweeps("flow", "descent")),
    "local_slopes": Kind(
        ("local_slopes", "extrapolations"), ("local_slopes",), _sweeps("quadrature", "random")
    ),
}

_FITS = {
    name: f"results/{{experiment}}/{name}.csv"
    for name in ("slopes", "boundary", "relative_distances", "wedges")
}
VIEWS = "results/{experiment}/views.npz"
PACK = "results/explorer/{experiment}.pack"
_PACKED = ("slopes", "boundary", "relative_distances")
STAGES = {
    "prepare": Stage(EXPERIMENTS, "prepare", ("prepare.py",), {}, {"problem": PROBLEM}),
    # The prepared data is described in the settings instead: see `Plan.description`.
    "train": Stage(EXPERIMENTS, "train", ("train.py", "collect.py"), {}, {"sweep": SWEEP}),
    "fit": Stage(EXPERIMENTS, "fit", ("fit.py",), {"sweep": SWEEP}, {**_FITS, "metrics": METRICS}),
    "figures": Stage(
        EXPERIMENTS,
        "figures",
        ("figures.py",),
        _FITS,
        _pictures("experiment", ("phase_diagram", "exponents", "condensation")),
    ),
    "views": Stage(EXPERIMENTS, "views", ("views.py",), {"problem": PROBLEM}, {"views": VIEWS}),
    "pack": Stage(
        EXPERIMENTS,
        "pack",
        ("pack.py",),
        {"views": VIEWS, "sweep": SWEEP, **{name: _FITS[name] for name in _PACKED}},
        {"pack": PACK},
    ),
    "page": Stage(
        WHOLE, "page", ("page.py",), {"pack": PACK}, {"page": f"results/{WHOLE_NAME}.html"}
    ),
}
for _name, _kind in KINDS.items():
    STAGES |= _kind.stages(_name)


# Tables with a row for each network or neuron. A page of the report would have to carry all of
# them: it has the record of what they were made from in their place, and a link.
BULKY = ("sweep", "relative_distances", "neurons")


def in_report(stage: Stage) -> dict[str, dict[str, Any]]:
    """Say where the report of Snakemake shows what a stage makes.

    Returns
    -------
    dict from str to dict
        By the name of an output, or "made_from": the arguments of Snakemake's `report`.
    """
    shown = {}
    for name, path in stage.outputs.items():
        if not path.endswith((".csv", ".json", ".png")):  # data, pages, the same figure as PDF
            continue
        figure = path.endswith(".png")
        words = name.removesuffix("_png").replace("_", " ")
        shown["made_from" if name in BULKY else name] = {
            "caption": f"../report/{stage.group}/{name}.rst",
            **(_of_experiment if stage.group == EXPERIMENTS else _of_study)(stage, figure, words),
        }
    return shown


def _of_experiment(stage: Stage, figure: bool, words: str) -> dict[str, Any]:
    if figure:
        labels = {"Experiment": "{experiment}", "Figure": words}
        return {"category": "Phase diagrams", "labels": labels}
    labels = {"Table": words}
    return {"category": "Tables", "subcategory": "{experiment}", "labels": labels}


def _of_study(stage: Stage, figure: bool, words: str) -> dict[str, Any]:
    kind, what = stage.group.replace("_", " "), "figure" if figure else "table"
    labels = {"Study": "{study}", "Result": f"{what}: {words}"}
    return {"category": "Studies", "subcategory": kind, "labels": labels}
