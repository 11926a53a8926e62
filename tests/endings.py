"""Examples of hypothesis, the same in each run, counted by what came of them."""

from collections import Counter
from collections.abc import Callable
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
