"""The one-dimensional problems of four and of three training points."""

from phase_diagram.datasets.problem import Problem

FOUR = {-1.0: 0.2, -1.0 / 3.0: -0.5, 1.0 / 3.0: 0.7, 1.0: 0.1}
THREE = {-0.5: -0.5, 0.0: 0.0, 0.5: 1.0}


def four_points() -> Problem:
    """Return the four points, with the constant 1 appended: inputs (4, 2), targets (4,).

    The paper shows such a problem in its figures 2 to 4 but gives no coordinates; these are this
    project's own choice (docs/theory.md section 3).
    """
    return _on_the_line("four_points", FOUR)


def three_points() -> Problem:
    """Return the three points, with the constant 1 appended: inputs (3, 2), targets (3,).

    They are those of the one-dimensional script that Luo et al. (2021) published, which trains a
    network with the activation tanh on them (params/examples/tanh.yaml).
    """
    return _on_the_line("three_points", THREE)


def _on_the_line(name: str, values: dict[float, float]) -> Problem:
    return Problem.from_features(name, [[position] for position in values], list(values.values()))
