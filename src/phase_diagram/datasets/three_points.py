"""The one-dimensional problem of three training points."""

from phase_diagram.datasets.problem import Problem

POSITIONS = (-0.5, 0.0, 0.5)
VALUES = (-0.5, 0.0, 1.0)


def three_points() -> Problem:
    """Return the three points, with the constant 1 appended: inputs (3, 2), targets (3,).

    Those of the one-dimensional script that Luo et al. (2021) published, which trains a network
    with the activation tanh on them (params/examples/tanh.yaml).
    """
    return Problem.from_features("three_points", [[position] for position in POSITIONS], VALUES)
