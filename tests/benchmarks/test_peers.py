"""General solvers on the flow: those that finish agree with ours."""

import pytest

from benchmarks import cases, peers, solvers
from benchmarks.cases import Case

# A loss that is soon reached, and neurons that hardly move: at their kinks LSODA and BDF stall.
START = cases.reduced(Case("four_points", 0.5, 1.0, 100))._replace(tolerance=1e-2)


@pytest.fixture(autouse=True)
def torchdiffeq():
    pytest.importorskip("torchdiffeq")


@pytest.mark.parametrize("name", peers.SOLVERS)
def test_solvers_reach_the_same_network(name):
    run = peers.SOLVERS[name]()(START, 10.0 * solvers._duration(START), 60.0)
    assert run.finished
    assert run.rd == pytest.approx(cases.flow(START, tighter=100).rd, rel=0.05)
    assert run.evaluations > 10


@pytest.mark.parametrize("name", peers.SOLVERS)
def test_not_finishing_is_a_result(name):
    run = peers.SOLVERS[name]()(START, 1e6, 0.0)
    assert not run.finished
    assert run.rd is None
