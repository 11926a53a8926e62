import io

import pytest

from phase_diagram.sweeps.progress import Progress, duration


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock():
    class Clock:
        now = 100.0

        def __call__(self):
            return self.now

    return Clock()


def test_a_line_every_ten_seconds_with_the_time_left(clock):
    stream = io.StringIO()
    progress = Progress("mine", 30, 300.0, stream=stream, clock=clock)
    for _ in range(30):
        clock.now += 1.0
        progress.advance(10.0)
    assert stream.getvalue().splitlines() == [
        "mine: 10 of 30 networks trained, about 20 s left",
        "mine: 20 of 30 networks trained, about 10 s left",
    ]


def test_the_time_left_follows_the_effort_not_the_number(clock):
    stream = io.StringIO()
    progress = Progress("mine", 4, 1000.0, stream=stream, clock=clock)
    clock.now += 20.0
    progress.advance(100.0)
    assert stream.getvalue() == "mine: 1 of 4 networks trained, about 3 min 0 s left\n"


def test_a_terminal_is_told_more_often(clock):
    lines = []
    for stream in (io.StringIO(), Terminal()):
        progress = Progress("mine", 100, 100.0, stream=stream, clock=clock)
        for _ in range(30):
            clock.now += 1.0
            progress.advance(1.0)
        lines.append(len(stream.getvalue().splitlines()))
    assert lines == [3, 10]


def test_short_work_says_nothing(clock, capsys):
    progress = Progress("mine", 2, 2.0, clock=clock)
    clock.now += 5.0
    progress.advance(1.0)
    clock.now += 60.0
    progress.advance(1.0)  # the last piece: nothing is left to tell
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3600, "1 h 0 min"),
        (7530, "2 h 5 min"),
    ],
)
def test_durations(seconds, words):
    assert duration(seconds) == words
