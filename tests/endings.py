"""Examples of hypothesis, the same in each run, counted by what came of them; damage to bytes."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def endings(
    strategy: st.SearchStrategy[Any], examples: int, ending: Callable[[Any], str]
) -> Counter[str]:
    """See what comes of each example, at least as many as wanted."""
    counted: Counter[str] = Counter()

    @settings(
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        max_examples=examples,
    )
    @given(strategy)
    def run(example: Any) -> None:
        counted[ending(example)] += 1

    run()
    assert counted.total() >= examples
    return counted


@st.composite
def damaged(
    draw: st.DrawFn, content: bytes, pieces: Sequence[bytes], end: int | None = None
) -> bytes:
    """Give bytes, of which a few before `end` were cut out, repeated or replaced."""
    last = len(content) if end is None else end
    for _ in range(draw(st.integers(1, 3))):
        start, length = draw(st.integers(0, last)), draw(st.sampled_from([0, 0, 1, 2, 5, 40]))
        at = draw(st.integers(0, len(content)))
        others = st.one_of(st.binary(max_size=4), st.just(content[at : at + 30]))
        piece = draw(st.one_of(st.sampled_from(pieces), others))
        content = content[:start] + piece + content[start + length :]
    return content
