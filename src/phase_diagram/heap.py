"""Giving back to the system what the C library keeps of freed memory."""

import ctypes

# Elements of an (n, m) array from which it matters: gigabytes then lie between the arrays in use.
LARGE = 2**24


def trim(elements: int) -> None:
    """Give back what is free, after work with arrays of so many elements.

    The allocator keeps freed blocks for arrays of the same size. What is allocated next has other
    sizes, and would come on top. Does nothing where arrays are small, or without glibc.
    """
    if elements < LARGE:
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
