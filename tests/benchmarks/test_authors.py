"""The authors' procedure as the benchmark writes it, against the project's own descent."""

import pytest
import torch

from benchmarks import authors, automatic, cases, descent_alone
from benchmarks.cases import Case
from phase_diagram.observables.observables import relative_distance
from phase_diagram.two_layer import gradient_descent

SMALL = Case("four_points", 1.0, 0.0, 200)


def library(case, first_rate):
    start = cases.reduced(case)
    ((_, outcome),) = gradient_descent.train(
        start.network, start.a, start.w, tolerance=start.tolerance, first_rate=first_rate
    )
    return relative_distance(outcome.delta_w, start.norm), outcome


@pytest.mark.parametrize("gamma", [0.5, 1.0])
def test_agrees_with_the_library_at_the_same_rate(gamma):
    case = SMALL._replace(gamma=gamma)
    run = authors.descend(cases.start(case), first_rate=1.0)
    rd, outcome = library(case, 1.0)
    assert run.finished
    assert run.rd == pytest.approx(rd, rel=1e-9)
    assert run.steps == outcome.steps


def test_halves_and_begins_again_from_the_start():
    # Far too large a rate: what follows is the path that a rate small enough gives at once.
    start = cases.start(SMALL)
    restarted = authors.descend(start, first_rate=64.0)
    last = [authors.descend(start, first_rate=64.0 / 2**halvings) for halvings in range(1, 11)]
    at_once = next(run for run in last if run.evaluations == run.steps + 1)
    assert restarted.rd == at_once.rd
    assert restarted.steps == at_once.steps
    assert restarted.evaluations > at_once.evaluations


def test_gives_up_when_time_is_up():
    run = authors.descend(cases.start(SMALL), seconds=0.0)
    assert not run.finished
    assert run.rd is None


def test_works_in_the_full_space_and_ours_in_the_span():
    case = Case("mnist", 1.0, 0.0, 50)
    full, reduced = cases.start(case), cases.reduced(case)
    assert full.network.inputs.shape == (45, 785)
    assert reduced.network.inputs.shape == (45, 45)
    assert full.norm == reduced.norm
    slow = authors.descend(full, first_rate=0.5, seconds=60.0)
    assert slow.rd == pytest.approx(library(case, 0.5)[0], rel=1e-6)


def test_automatic_differentiation_takes_the_same_steps():
    start = cases.start(SMALL)
    by_itself = automatic.Automatic.of(start, first_rate=0.5)
    plain, a, w = by_itself.plain, start.a[0], start.w[0]
    rate = 0.5 / plain.fastest(plain.hidden(w), a)
    for _ in range(5):
        hidden = plain.hidden(w)
        error = plain.error(hidden, a)
        gradients = plain.gradient_a(hidden, error), plain.gradient_w(hidden, error, a)
        a, w = a - rate * gradients[0], w - rate * gradients[1]
        loss = by_itself.step()
    torch.testing.assert_close(by_itself.a.detach(), a, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(by_itself.w.detach(), w, rtol=1e-12, atol=1e-14)
    assert loss == pytest.approx(float(plain.error(plain.hidden(w), a).square().mean()) / 2)
    assert automatic.seconds_per_step(start, 0.0) > 0


def test_descends_in_a_process_of_its_own():
    alone = descent_alone.measure(SMALL, 60.0)
    assert alone.run == authors.descend(cases.start(SMALL))
    assert alone.seconds > 0 and alone.step > 0
