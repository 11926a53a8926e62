"""Parameters in words: all of them, with their values, and none that is unknown."""

import pytest

from phase_diagram.captions import settings
from phase_diagram.parameters import params_yaml
from phase_diagram.parameters.experiment import Experiment
from phase_diagram.parameters.studies import KINDS

MNIST = {"mnist_images": 45}
EXPERIMENT = {"dataset": "four_points", "gamma": [1.0], "gamma_prime": [0.0], "widths": [2, 30]}


def values(**changes):
    chosen = params_yaml.parse({"experiments": {"e": EXPERIMENT | changes}})
    return chosen.experiments["e"].model_dump(mode="json")


def test_every_parameter_has_words():
    assert set(Experiment.model_fields) <= set(settings.EXPERIMENT)
    for model in KINDS.values():
        assert set(model.model_fields) <= {*settings.STUDY, *settings.REFERENCES}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Data: the four points; trained by gradient flow;"),
        ({}, "m = 2 and 30; 3 seeds for each point and width."),
        ({"dataset": "mnist"}, "the first 45 training images of MNIST"),
        ({"quadrature": 64, "widths": [10, 10**30]}, "64 quadrature neurons stand for the m"),
        ({"quadrature": 64, "widths": [10, 10**30]}, "m = 10 and 1e30"),
        ({"method": "gradient_descent", "step_limit": 900}, "given up after 900 steps"),
        ({"method": "gradient_descent", "first_rate": 1.5}, "first learning rate 1.5"),
        ({"tolerance": 1e-4}, "until the mean squared error is 0.0001"),
        ({"gamma": {"start": 0.5, "stop": 2.0, "step": 0.1}}, "0.5 to 2 in steps of 0.1 (16 val"),
    ],
)
def test_an_experiment_in_words(changes, words):
    assert words in settings.experiment(values(**changes), MNIST)


def test_an_activation_is_named_unless_it_is_relu():
    assert "activation" not in settings.experiment(values() | {"activation": "relu"}, MNIST)
    assert "activation tanh" in settings.experiment(values() | {"activation": "tanh"}, MNIST)


def test_an_unknown_parameter_is_not_left_out():
    with pytest.raises(KeyError, match="temperature"):
        settings.experiment(values() | {"temperature": 3}, MNIST)


def test_a_study_tells_what_it_has_from_an_experiment():
    study = {"experiment": "e", "points": [[1.0, 0.0], [1.5, 0.25]], "width": 9, "seed": 4}
    experiments = {"e": values(tolerance=1e-3)}
    text = settings.study(study, experiments, MNIST, trains=True)
    assert "(gamma, gamma') = (1, 0) and (1.5, 0.25); m = 9; seed 4." in text
    assert "tolerance of the experiment ``e``: the four points, until the mean squared " in text
    assert "0.001" in text
    two = {"flow": "e", "descent": "d"}
    experiments["d"] = values(method="gradient_descent")
    text = settings.study(two, experiments, MNIST, trains=False)
    assert "Gradient flow of the experiment ``e``: data: the four points; trained by grad" in text
    assert "Gradient descent of the experiment ``d``: " in text
