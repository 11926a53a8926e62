"""The matrix library's vectors on AMD; how fast it makes it is the benchmark's to say."""

import shutil
import subprocess
import sys

import pytest

from phase_diagram.two_layer.native import matrix_library

INTEL = "vendor_id\t: GenuineIntel\nflags\t: avx2 avx512f\n\nprocessor\t: 1\n"
AMD = INTEL.replace("GenuineIntel", "AuthenticAMD")


@pytest.mark.parametrize(
    ("information", "wanted"),
    [(AMD, True), (INTEL, False), (AMD.replace("avx512f", ""), False), (None, False)],
)
def test_only_amd_processors_with_wide_vectors_need_it(tmp_path, monkeypatch, information, wanted):
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    path = tmp_path / "cpuinfo"
    if information is not None:
        path.write_text(information)
    assert matrix_library._wanted(path) == wanted


def test_nothing_is_done_once_torch_is_there(monkeypatch):
    """It would come too late, and say it was done."""
    import torch  # noqa: F401

    monkeypatch.setenv("PHASE_DIAGRAM_COMPILE", "1")
    monkeypatch.setattr(matrix_library, "_wanted", lambda: True)
    assert not matrix_library.use_all_vectors()


USE = """
from phase_diagram.two_layer.native import matrix_library
matrix_library._wanted = lambda: True
print(matrix_library.use_all_vectors())
"""
MULTIPLY = """
import torch
a, b = torch.randn(45, 45, dtype=torch.float64), torch.randn(45, 301, dtype=torch.float64)
torch.testing.assert_close(a @ b, torch.einsum("ij,jk->ijk", a, b).sum(1))
"""


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("PHASE_DIAGRAM_COMPILE", "1")
    monkeypatch.setenv("PHASE_DIAGRAM_CACHE", str(tmp_path))

    def run(program: str) -> str:
        command = [sys.executable, "-c", program]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    return run


@pytest.mark.skipif(not any(map(shutil.which, matrix_library.COMPILERS)), reason="no C compiler")
def test_a_damaged_library_is_built_again_found_the_next_time_and_multiplies_right(run, tmp_path):
    library = tmp_path / "matrix_library.so"
    library.write_bytes(b"cut off")
    assert run(USE) == "True"
    before = library.stat().st_mtime_ns
    assert run(USE + MULTIPLY) == "True"
    assert library.stat().st_mtime_ns == before
    assert list(tmp_path.iterdir()) == [library]


def test_without_a_compiler_training_goes_on(run, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(USE) == "False"
