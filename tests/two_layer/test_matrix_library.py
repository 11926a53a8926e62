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


PROGRAM = """
import sys
from phase_diagram.two_layer.native import matrix_library
matrix_library._wanted = lambda: True
print(matrix_library.use_all_vectors())
import torch
a, b = torch.randn(45, 45, dtype=torch.float64), torch.randn(45, 301, dtype=torch.float64)
torch.testing.assert_close(a @ b, torch.einsum("ij,jk->ijk", a, b).sum(1))
"""


def run(monkeypatch, tmp_path) -> str:
    monkeypatch.setenv("PHASE_DIAGRAM_COMPILE", "1")
    monkeypatch.setenv("PHASE_DIAGRAM_CACHE", str(tmp_path / "cache"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


needs_a_compiler = pytest.mark.skipif(
    not any(map(shutil.which, matrix_library.COMPILERS)), reason="no C compiler"
)


@needs_a_compiler
def test_products_are_right_with_it(monkeypatch, tmp_path):
    """Built in the first program, found there by the second."""
    assert run(monkeypatch, tmp_path) == "True"
    (library,) = (tmp_path / "cache").iterdir()
    before = library.stat().st_mtime_ns
    assert run(monkeypatch, tmp_path) == "True"
    assert library.stat().st_mtime_ns == before


def test_without_a_compiler_training_goes_on(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(monkeypatch, tmp_path) == "False"


@needs_a_compiler
def test_a_damaged_library_is_built_again(monkeypatch, tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "matrix_library.so").write_bytes(b"cut off")
    assert run(monkeypatch, tmp_path) == "True"
