"""Set when the C library returns freed memory to the system: never, or at once.

For glibc only; elsewhere nothing is done. By default glibc adapts to the blocks in use. With small
arrays it returns memory that the next step requests again, page by page; with gigabytes it keeps
freed memory for blocks of the same size, and blocks of other sizes need new memory in addition.
"""

import ctypes
from collections.abc import Callable
from functools import cache

# From this many elements of an (n, m) array on, memory is returned at once.
LARGE = 2**24

# From malloc.h: the number of free bytes at the heap's end above which they are returned, and the
# size above which a block is mapped separately, and so returned when it is freed.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
KEEP = {TRIM_THRESHOLD: 2**28, MMAP_THRESHOLD: 2**25}
GIVE_BACK = {TRIM_THRESHOLD: 2**17, MMAP_THRESHOLD: 2**16}


def prepare(elements: int) -> None:
    """Set the rules for steps with arrays of this many elements in main memory."""
    for name, value in (GIVE_BACK if elements >= LARGE else KEEP).items():
        _mallopt()(name, value)


@cache
def _mallopt() -> Callable[[int, int], object]:
    mallopt: Callable[[int, int], object] | None
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt or (lambda name, value: None)
