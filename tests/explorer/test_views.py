"""Views against the networks that they are views of."""

import math
from dataclasses import fields

import numpy as np
import pytest
import torch
from small_experiments import POINTS, SPACE, TRAINING, WIDTHS, line, measured

from phase_diagram.errors import InputError
from phase_diagram.explorer import networks, stored_views, views
from phase_diagram.explorer.stored_views import Views
from phase_diagram.observables import observables
from phase_diagram.observables.condensation import condensation
from phase_diagram.training import Training
from phase_diagram.two_layer import trained

PLACE = POINTS.index((1.5, 0.0))


@pytest.mark.parametrize("name", ["line", "space", "descent", "quadrature"])
def test_the_network_is_that_of_the_sweep(name):
    found, tables = measured(name)
    sweep = tables["sweep"]
    smallest = sweep[sweep["width"] == sweep["width"].min()]
    keys = zip(found.gamma.tolist(), found.gamma_prime.tolist(), strict=True)
    assert list(keys) == POINTS
    expected = smallest.set_index(["gamma", "gamma_prime"]).reindex(POINTS)
    np.testing.assert_allclose(found.rd, expected["rd"], rtol=1e-9)
    np.testing.assert_allclose(found.loss, expected["loss"], rtol=1e-6)
    np.testing.assert_allclose(found.time, expected["time_normalised"], rtol=1e-9)
    np.testing.assert_allclose(found.condensation[:, 1], expected["condensation"], rtol=1e-9)
    assert [found.statuses[place] for place in found.status] == expected["status"].tolist()


@pytest.mark.parametrize("problem", [line(), SPACE], ids=lambda problem: problem.name)
def test_what_is_read_is_what_the_network_has(problem):
    found, _ = measured("line" if problem is not SPACE else "space")
    network, losses = networks.train(problem, POINTS[PLACE], min(WIDTHS), views.SEED, TRAINING)
    final = network.final_a, network.final_w

    outputs = stored_views.read_quantised(found.outputs[PLACE], found.outputs_bounds[PLACE])
    if problem is SPACE:
        # At the training inputs: target and residual are known otherwise.
        expected = problem.targets + network.outcome.residual.numpy()
        assert found.x.size == 0
    else:
        inputs = torch.tensor(np.column_stack([found.x, np.ones(len(found.x))]))
        expected = trained.output_at(network.network, *final, inputs).numpy()
    step = np.ptp(expected) / 65535
    np.testing.assert_allclose(outputs[1], expected, rtol=0, atol=0.51 * step + 1e-9)

    amplitude = observables.amplitude(final[0][0], final[1][0]).numpy()
    shown = stored_views.read_quantised(found.amplitude[PLACE, 1], (0.0, 1.0))
    assert len(shown) == min(WIDTHS)
    np.testing.assert_allclose(shown, amplitude / amplitude.max(), rtol=0, atol=0.51 / 255)
    if problem is not SPACE:
        angles = stored_views.read_quantised(found.orientation[PLACE, 1], (-math.pi, math.pi))
        w, b = final[1][0].numpy()
        np.testing.assert_allclose(angles, np.arctan2(b, w), rtol=0, atol=0.51 * math.tau / 65535)

    length = found.lengths[PLACE]
    assert length == min(len(losses), views.LOSSES)
    read = stored_views.read_quantised(found.losses[PLACE, :length], found.losses_bounds[PLACE])
    np.testing.assert_allclose(10 ** read[[0, -1]], losses[[0, -1], 1], rtol=1e-3)
    times = stored_views.read_quantised(found.times[PLACE, :length], (0.0, 1.0))
    assert times[0] == 0.0 and times[-1] == 1.0 and (np.diff(times) >= 0).all()


def test_of_many_neurons_some_are_drawn_and_the_largest_are_there():
    width = 300
    found = views.measure(line(), [(1.5, 0.0), (0.5, 0.0)], width, TRAINING)
    assert found.orientation.shape == (2, 2, views.SAMPLED + views.LARGEST)
    # Drawn once for all points: the same neurons, so the same start.
    drawn = found.orientation[:, 0, : views.SAMPLED]
    assert (drawn[0] == drawn[1]).all()
    for place, point in enumerate([(1.5, 0.0), (0.5, 0.0)]):
        network, _ = networks.train(line(), point, width, 0, TRAINING)
        amplitude = observables.amplitude(network.final_a[0], network.final_w[0])
        expected = np.sort((amplitude / amplitude.max()).numpy())[::-1][: views.LARGEST]
        shown = np.sort(stored_views.read_quantised(found.amplitude[place, 1], (0.0, 1.0)))[::-1]
        np.testing.assert_allclose(shown[: views.LARGEST], expected, rtol=0, atol=0.51 / 255)


def test_condensation_before_training_is_that_of_the_start():
    found, _ = measured("line")
    network, _ = networks.train(line(), POINTS[0], min(WIDTHS), 0, TRAINING)
    assert found.condensation[0, 0] == condensation(network.a[0], network.w[0])


def test_the_loss_of_descent_is_followed_to_its_end():
    training = Training("gradient_descent", 1e-8)
    network, losses = networks.train(SPACE, (0.75, 0.0), 60, 0, training)
    assert len(losses) == networks.LOOKS
    assert (np.diff(losses[:, 0]) > 0).all()
    # By the procedure's rule no step raises the loss.
    assert (np.diff(losses[:, 1]) < 0).all()
    assert losses[-1, 0] == network.outcome.time
    assert losses[-1, 1] == observables.loss(network.outcome.residual)


def test_scales_out_of_range_leave_a_view_of_nothing():
    found = views.measure(line(), [(300.0, 0.0), (1.0, 0.0)], 60, TRAINING)
    assert [str(found.statuses[place]) for place in found.status] == ["not_trained", "converged"]
    assert np.isnan(found.rd[0]) and np.isfinite(found.rd[1])
    assert np.isnan(found.outputs_bounds[0]).all() and found.lengths.tolist()[0] == 0


def test_many_inputs_have_an_even_choice_of_predictions():
    count = 2 * views.OUTPUTS
    features = np.random.default_rng(0).standard_normal((count, 2))
    problem = type(SPACE).from_features("many", features, np.linspace(-1, 1, count))
    training = Training("gradient_descent", 1e-4, step_limit=3)
    found = views.measure(problem, [(1.0, 0.0)], 20, training)
    assert found.outputs.shape == (1, 2, views.OUTPUTS)
    assert found.data[[0, -1], 1].tolist() == [-1.0, 1.0]


@pytest.mark.parametrize("name", ["line", "space"])
def test_files_give_back_what_was_stored(name, tmp_path):
    found, _ = measured(name)
    found.save(tmp_path / "views.npz")
    read = Views.read(tmp_path / "views.npz")
    for field in fields(Views):
        stored, back = getattr(found, field.name), getattr(read, field.name)
        assert stored.dtype == back.dtype
        np.testing.assert_array_equal(stored, back)


def test_training_again_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        views.measure(SPACE, POINTS[:3], 60, TRAINING).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_arrays_that_do_not_fit_are_refused(tmp_path):
    found, _ = measured("line")
    wrong = Views(**{**vars(found), "rd": found.rd[:-1]})
    wrong.save(tmp_path / "views.npz")
    with pytest.raises(InputError, match=r"views\.npz: rd: shape \(17,\), expected 18 rows"):
        Views.read(tmp_path / "views.npz")
