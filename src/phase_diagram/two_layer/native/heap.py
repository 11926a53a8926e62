"""Telling the C library when to give freed memory back to the system: never, or at once.

glibc only; elsewhere nothing is done. Its own rules adapt to the blocks in use. Where arrays are
small they give memory back that is asked for again in the next step, page by page; where there are
gigabytes of it they keep what is freed for blocks of the same size, and those of other sizes come
on top of it.
"""

import ctypes
from collections.abc import Callable
from functools import cache

# Elements of an (n, m) array from which memory is given back at once.
LARGE = 2**24

# Names that malloc.h gives: the free bytes at the heap's end from which they are given back, and
# the size from which a block is mapped by itself, and so given back when it is freed.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
KEEP = {TRIM_THRESHOLD: 2**28, MMAP_THRESHOLD: 2**25}
GIVE_BACK = {TRIM_THRESHOLD: 2**17, MMAP_THRESHOLD: 2**16}


def prepare(elements: int) -> None:
    """Prepare for steps with arrays of so many elements in main memory."""
    for name, value in (GIVE_BACK if elements >= LARGE else KEEP).items():
        _mallopt()(name, value)


@cache
def _mallopt() -> Callable[[int, int], object]:
    found: Callable[[int, int], object] | None
    found = getattr(ctypes.CDLL(None), "mallopt", None)
    return found or (lambda name, value: None)
