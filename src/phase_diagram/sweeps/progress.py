"""Progress of long work in plain lines: the pieces done, their total, and the time left."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

# Lines, not a bar: jobs run side by side and would draw over each other's.
SECONDS_BETWEEN_LINES = 10.0
SECONDS_ON_A_TERMINAL = 3.0


class Progress:
    """Writes a progress line every few seconds.

    Parameters
    ----------
    name : str
        Name of the work, at the start of each line.
    total : int
        Number of pieces.
    effort : float
        Expected effort of all pieces, in any unit. The time left is estimated from it, because
        a wide network takes many times as long as a narrow one.
    stream : text stream, optional
        Standard error by default.
    clock : callable, optional
        Returns a monotonic time in seconds.
    """

    def __init__(
        self,
        name: str,
        total: int,
        effort: float,
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.total, self.effort = name, total, effort
        self.stream = sys.stderr if stream is None else stream
        self.clock = clock
        self.done = 0
        self.effort_done = 0.0
        self.start = self.last_line = clock()
        self.interval = SECONDS_ON_A_TERMINAL if self.stream.isatty() else SECONDS_BETWEEN_LINES

    def advance(self, effort: float) -> None:
        """Count a piece of this effort as done; write a line if the last one is long enough ago."""
        self.done += 1
        self.effort_done += effort
        now = self.clock()
        if now - self.last_line >= self.interval and self.done < self.total:
            self.last_line = now
            seconds_left = (now - self.start) * (self.effort / self.effort_done - 1.0)
            print(
                f"{self.name}: {self.done} of {self.total} networks trained, "
                f"about {duration(seconds_left)} left",
                file=self.stream,
                flush=True,
            )


def duration(seconds: float) -> str:
    """Format a time span given in seconds: 41 s, 3 min 20 s, 2 h 5 min."""
    seconds = max(round(seconds), 0)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
