"""The baseline: the training procedure of the paper's authors, written plainly in torch.

From their public code (github.com/xuzhiqin1990/phasediagram_twolayerNN, described in docs/theory.md
section 4 and the README): full-batch gradient descent at a constant rate on all weights, in the
full space of the inputs; the loss is looked at after every step; when it has risen, the rate is
halved and training restarts from the beginning; it ends when the mean squared error falls below
the tolerance, or after 800,000 steps.

In its favour, against that code: the first rate is 2 / lambda_max of the initial kernel, the
largest that can be stable, where they try values by hand; gradients are written out, which takes
fewer operations than differentiating automatically, and the memory for the large one is asked for
once; the loss comes from the forward pass of the next step, where they run another; a restart
begins with the same neurons. float64, one thread.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from benchmarks.cases import Run, Start
from benchmarks.plain import Plain
from benchmarks.timing import Deadline

FIRST_RATE = 2.0
STEP_LIMIT = 800_000


class _Attempt(NamedTuple):
    """Descent at one rate: `ended` is "converged", "rose", "limit" or "late"."""

    ended: str
    steps: int
    w: Tensor


def descend(start: Start, *, first_rate: float = FIRST_RATE, seconds: float = math.inf) -> Run:
    """Train one network by the authors' procedure.

    Parameters
    ----------
    start : Start
        In the full space of the inputs.
    first_rate : float
        In units of 1 / lambda_max of the initial kernel.
    seconds : float
        Wall time after which it is given up.

    Returns
    -------
    Run
        `steps` are those of the last attempt, `evaluations` those of all, one each.
    """
    deadline = Deadline(seconds)
    plain, a, w = Plain.of(start), start.a[0], start.w[0]
    rate = first_rate / plain.fastest(plain.hidden(w), a)
    evaluations = 0
    while True:
        last = _attempt(plain, a, w, rate, start.tolerance, deadline)
        evaluations += last.steps + 1
        if last.ended != "rose":
            break
        rate /= 2
    finished = last.ended == "converged"
    rd = float((last.w - w).norm()) / start.norm if finished else None
    return Run(rd, last.steps, evaluations, 1, finished)


def _attempt(
    plain: Plain, a: Tensor, w: Tensor, rate: float, tolerance: float, deadline: Deadline
) -> _Attempt:
    steps, before = 0, math.inf
    a, w, gradient_w = a.clone(), w.clone(), torch.empty_like(w)
    while True:
        hidden = plain.hidden(w)
        error = plain.error(hidden, a)
        loss = float(error.square().mean())
        if loss < tolerance:
            return _Attempt("converged", steps, w)
        # Not `loss > before`, which numbers that are not finite would pass.
        if not loss <= before:
            return _Attempt("rose", steps, w)
        if steps == STEP_LIMIT or deadline.passed():
            return _Attempt("limit" if steps == STEP_LIMIT else "late", steps, w)
        before = loss
        gradient_a = plain.gradient_a(hidden, error)
        plain.gradient_w(hidden, error, a, out=gradient_w)
        a.sub_(gradient_a, alpha=rate)
        w.sub_(gradient_w, alpha=rate)
        steps += 1
