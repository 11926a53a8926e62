"""The one-dimensional problem of four training points."""

from phase_diagram.datasets.problem import Problem

POSITIONS = (-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0)
VALUES = (0.2, -0.5, 0.7, 0.1)


def four_points() -> Problem:
    """Return the four points, with the constant 1 appended: inputs (4, 2), targets (4,).

    The paper shows such a problem in its figures 2 to 4 but gives no coordinates; these are this
    project's own choice (docs/theory.md section 3).
    """
    return Problem.from_features("four_points", [[position] for position in POSITIONS], VALUES)
