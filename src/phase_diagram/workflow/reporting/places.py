"""Where Snakemake's report shows the outputs of each stage."""

from typing import Any

from phase_diagram.workflow.stages import EXPERIMENTS, Stage

# Tables with a row for each network or neuron, which are too large for the report: it contains
# their records and a link instead.
BULKY = ("sweep", "relative_distances", "neurons")


def in_report(stage: Stage) -> dict[str, dict[str, Any]]:
    """Return where Snakemake's report shows the outputs of a stage.

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
    kind, result_type = stage.group.replace("_", " "), "figure" if figure else "table"
    labels = {"Study": "{study}", "Result": f"{result_type}: {words}"}
    return {"category": "Studies", "subcategory": kind, "labels": labels}
