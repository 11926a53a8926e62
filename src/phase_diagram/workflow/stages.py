"""The stages of the workflow as a table: inputs, outputs and dependencies of each.

Paths are patterns. {experiment} or {study} is the name that a stage is run for; the inputs of a
study may also contain other keys of its section in params.yaml.
"""

from dataclasses import dataclass, field

from phase_diagram.sweeps import fingerprint
from phase_diagram.workflow import sections
from phase_diagram.workflow.sections import Sections

PROBLEM = "data/prepared/{experiment}.npz"
RUNS = "results/runs"
BATCH = "results/runs/{experiment}-{fingerprint}/batches/{batch}.csv"
BENCHMARK = "results/runs/{experiment}-{fingerprint}/benchmarks/{batch}.tsv"
STUDY_SECONDS = "results/runs/studies/{kind}/{{study}}/seconds.csv"
SWEEP = "results/{experiment}/sweep.csv"
METRICS = "results/{experiment}/metrics.json"
VIEWS = "results/{experiment}/views.npz"
PACK = "results/explorer/{experiment}.pack"
CODE = "results/code"
PARAMETERS = "results/parameters"
EXPERIMENTS = "experiments"
# Group of the stages that are run once, for all experiments together.
WHOLE = "whole"
WHOLE_NAME = "explorer"


@dataclass(frozen=True)
class Stage:
    """A stage, which is run for each experiment, for each study of a kind, or once.

    Attributes
    ----------
    key : str
        Its name in STAGES, and in dvc.yaml.
    group : str
        "experiments" or a kind of studies: the stage is run for each of their names. Or "whole".
    step : str
        What the stage does, the same word for all kinds of studies.
    inputs, outputs : dict from str to str
        Files by their names in the rules. A stage that is run once has the inputs of each
        experiment.
    sources : tuple of str
        The code that affects the results: modules and folders of the package. A test compares
        them with the imports.
    section : callable
        Returns the parameters that affect the results.
    borrowed : tuple of str
        Parameters of the experiment with which a study trains further networks.
    """

    key: str
    group: str
    step: str
    inputs: dict[str, str]
    outputs: dict[str, str]
    sources: tuple[str, ...]
    section: Sections = sections.nothing
    borrowed: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The file with the record of its code: the sha256 of each source."""
        return f"{CODE}/{self.key}.json"

    @property
    def parameters(self) -> str:
        """The file with its parameters."""
        name = {EXPERIMENTS: "{experiment}", WHOLE: WHOLE_NAME}.get(self.group, "{study}")
        return f"{PARAMETERS}/{self.key}/{name}.json"

    @property
    def settings(self) -> str:
        """The file that is newer than results that are out of date: see records.py."""
        return f".snakemake/settings/{self._folder}{self.step}.json"

    @property
    def made_from(self) -> str:
        """The record of what the results were made from, stored beside them."""
        if self.group == WHOLE:
            return f"results/{WHOLE_NAME}.made_from.json"
        return f"results/{self._folder}made_from/{self.step}.json"

    @property
    def _folder(self) -> str:
        if self.group == WHOLE:
            return ""
        return "{experiment}/" if self.group == EXPERIMENTS else f"studies/{self.group}/{{study}}/"


JOB = ("errors.py", "files", "workflow/jobs/job.py")
NETWORKS = ("activations.py", "flow", "observables", "training.py", "two_layer")
STUDY = (
    *("activations.py", "datasets", "parameters", "workflow/jobs/study.py"),
    *("two_layer/native/cache.py", "two_layer/native/matrix_library.py"),
    *JOB,
)
DRAWING = ("activations.py", "figures/drawing", "plane", *JOB)


@dataclass(frozen=True)
class Kind:
    """A kind of studies: the names of its tables and figures, and its inputs.

    Attributes
    ----------
    tables, figures : tuple of str
    inputs : dict from str to str
        As of `Stage`.
    borrowed : tuple of str
        As of `Stage`.
    measuring, drawing : tuple of str
        The sources of its two stages, without its own modules and those common to all kinds.
    """

    tables: tuple[str, ...]
    figures: tuple[str, ...]
    inputs: dict[str, str] = field(default_factory=dict)
    borrowed: tuple[str, ...] = ()
    measuring: tuple[str, ...] = ()
    drawing: tuple[str, ...] = ()

    def stages(self, kind: str) -> list[Stage]:
        """Return its two stages: measuring and drawing."""
        tables = {name: f"results/studies/{kind}/{{study}}/{name}.csv" for name in self.tables}
        pictures = _pictures("study", self.figures)
        trains = NETWORKS if "problem" in self.inputs else ()
        measuring = (f"studies/{kind}.py", *STUDY, *trains)
        drawing = (f"figures/{kind}.py", "workflow/jobs/draw_study.py", *DRAWING)
        return [
            Stage(
                *(f"measure_{kind}", kind, "measure", self.inputs, tables),
                (*measuring, *self.measuring),
                sections.study(kind, self.borrowed),
                self.borrowed,
            ),
            Stage(
                *(f"draw_{kind}", kind, "draw", tables, pictures),
                (*drawing, *self.drawing),
                sections.looks,
            ),
        ]


def _sweeps(*keys: str) -> dict[str, str]:
    return {key: SWEEP.format(experiment=f"{{{key}}}") for key in keys}


def _pictures(wildcard: str, figures: tuple[str, ...]) -> dict[str, str]:
    return {
        f"{figure}_{ending}": f"results/figures/{{{wildcard}}}_{figure}.{ending}"
        for figure in figures
        for ending in ("png", "pdf")
    }


# Tables and figures are repeated from the modules of the studies, because those import torch; a
# test compares them.
KINDS = {
    "initialisations": Kind(
        ("initialisations",),
        ("initialisations_table", "initialisations_diagram"),
        measuring=("plane",),
        drawing=("figures/initialisations_table.py",),
    ),
    "portraits": Kind(
        ("functions", "neurons", "summary"),
        ("portrait",),
        {"problem": PROBLEM},
        ("tolerance", "activation"),
        measuring=("plane", "studies/shared"),
    ),
    "relative_distances": Kind(
        ("distances", "fits"),
        ("relative_distances",),
        _sweeps("experiment"),
        measuring=("fits", "plane", "studies/shared"),
    ),
    "scales": Kind(
        ("networks", "fits"),
        ("scales",),
        {"problem": PROBLEM},
        ("tolerance", "activation"),
        measuring=("fits", "plane"),
    ),
    "kernels": Kind(
        ("decay", "modes", "distances", "distance_fits"),
        ("loss_decay", "kernel_distance"),
        {"problem": PROBLEM},
        ("tolerance",),
        measuring=("fits", "studies/shared"),
        drawing=("figures/kernel_distance.py", "figures/loss_decay.py"),
    ),
    "descents": Kind(
        ("networks", "slopes"),
        ("descent",),
        _sweeps("flow", "descent"),
        measuring=("fits", "plane"),
    ),
    "local_slopes": Kind(
        ("local_slopes", "extrapolations"),
        ("local_slopes",),
        _sweeps("quadrature", "random"),
        measuring=("fits", "plane", "studies/shared"),
        drawing=("fits",),
    ),
}

_FITS = {
    name: f"results/{{experiment}}/{name}.csv"
    for name in ("slopes", "boundary", "relative_distances", "wedges")
}
_PACKED = ("slopes", "boundary", "relative_distances")
_EXPERIMENT_FIGURES = tuple(
    f"figures/{name}.py" for name in ("experiment", "phase_plane", "exponents", "condensation")
)
_STAGES = (
    Stage(
        *("prepare", EXPERIMENTS, "prepare", {}, {"problem": PROBLEM}),
        ("datasets", "parameters/dataset_names.py", "workflow/jobs/prepare.py", *JOB),
        sections.dataset,
    ),
    Stage(
        *("train", EXPERIMENTS, "train", {"problem": PROBLEM}, {"sweep": SWEEP}),
        (
            *("sweeps", "workflow/jobs/train.py", "workflow/jobs/collect.py"),
            *(*fingerprint.CODE, "datasets", *NETWORKS, *JOB),
        ),
        sections.sweep,
    ),
    Stage(
        *("fit", EXPERIMENTS, "fit", {"sweep": SWEEP}, {**_FITS, "metrics": METRICS}),
        ("activations.py", "fits", "plane", "workflow/jobs/fit.py", *JOB),
    ),
    Stage(
        *("figures", EXPERIMENTS, "figures", _FITS),
        _pictures("experiment", ("phase_diagram", "exponents", "condensation")),
        ("fits", "workflow/jobs/figures.py", *_EXPERIMENT_FIGURES, *DRAWING),
        sections.looks,
    ),
    Stage(
        *("views", EXPERIMENTS, "views", {"problem": PROBLEM}, {"views": VIEWS}),
        ("datasets", "explorer", "workflow/jobs/views.py", *NETWORKS, *JOB),
        sections.views,
    ),
    Stage(
        *("pack", EXPERIMENTS, "pack"),
        {"views": VIEWS, "sweep": SWEEP, **{name: _FITS[name] for name in _PACKED}},
        {"pack": PACK},
        ("explorer/pack.py", "explorer/stored_views.py", "fits", "workflow/jobs/pack.py", *DRAWING),
    ),
    Stage(
        *("page", WHOLE, "page", {"pack": PACK}, {"page": f"results/{WHOLE_NAME}.html"}),
        ("explorer/page", "figures/condensation.py", "workflow/jobs/page.py", *DRAWING),
        sections.page,
    ),
)
STAGES = {
    stage.key: stage
    for stages in (_STAGES, *(kind.stages(name) for name, kind in KINDS.items()))
    for stage in stages
}
