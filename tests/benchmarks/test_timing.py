"""Turns, medians and limits of the benchmark's timings."""

import pytest

from benchmarks.rows import Key, lower_median, rows_of, runs
from benchmarks.timing import Deadline, Own, side_by_side


def test_runs_take_turns_between_two_of_the_first():
    order = []
    timed = side_by_side({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2)
    assert "".join(order) == "a" + "abab" + "a"
    assert timed["a"].seconds >= 0


def test_one_round_is_made_whatever_it_takes():
    order = []
    side_by_side({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, budget=0.0)
    assert "".join(order) == "aaba"


def test_a_run_that_took_its_own_time_is_taken_at_its_word():
    timed = side_by_side({"a": lambda: "done", "b": lambda: Own(123.0, "there")})
    assert timed["b"] == (123.0, "there")
    assert timed["a"].result == "done" and timed["a"].seconds < 100


def test_deadline():
    assert not Deadline(60.0).passed()
    with pytest.raises(TimeoutError):
        Deadline(-1.0).check()


def test_median_with_lower_bounds_is_a_bound():
    assert lower_median([(1.0, True), (3.0, True), (2.0, True)]) == (2.0, True)
    assert lower_median([(1.0, True), (3.0, False), (2.0, True)]) == (2.0, False)


def test_runs_are_put_together_again():
    key = Key("mnist", 1.0, 0.0, 10, "ours")
    rows = list(rows_of("descent", key, {"seconds": 2.0, "rd": None, "steps": 7}))
    assert [row.unit for row in rows] == ["s", ""]
    assert runs(rows, "descent") == {key: {"seconds": 2.0, "steps": 7.0}}
