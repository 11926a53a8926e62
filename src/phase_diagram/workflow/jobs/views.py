"""Train the networks that the explorer shows for an experiment, one for each grid point."""

from typing import Any

from phase_diagram.datasets.problem import Problem
from phase_diagram.explorer import views
from phase_diagram.training import Training
from phase_diagram.two_layer.native import matrix_library


def make(job: Any) -> None:
    """Write the output `views`."""
    section = job.params.section
    matrix_library.use_all_vectors()
    points = [(gamma, row) for row in section["gamma_prime"] for gamma in section["gamma"]]
    measured = views.measure(
        Problem.read(job.input.problem), points, section["width"], Training(**section["training"])
    )
    measured.save(job.output.views)
