"""What the C library is told to do with freed memory."""

import subprocess
import sys

import pytest

from phase_diagram.two_layer.native import heap

PROGRAM = """
import ctypes, re, sys
from pathlib import Path
from phase_diagram.two_layer.native import heap

def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.free.argtypes = [ctypes.c_void_p]
heap.prepare(int(sys.argv[1]))
blocks = [library.malloc(2**20) for _ in range(65)]
for block in blocks:
    ctypes.memset(ctypes.c_void_p(block), 1, 2**20)
full = resident()
for block in blocks[:-1]:  # the last one keeps the end of the heap in use
    library.free(block)
print((full - resident()) / 2**20)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize(("elements", "given_back"), [(heap.LARGE, True), (1, False)])
def test_memory_is_given_back_where_arrays_are_large(elements, given_back):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(elements)], check=True, capture_output=True, text=True
    )
    assert (float(done.stdout) > 60) == given_back
