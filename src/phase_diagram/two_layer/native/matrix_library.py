"""Make torch's matrix library use the vector instructions of AMD processors.

The MKL inside torch selects its kernels by the processor's vendor, and on AMD its double-precision
products run at half the possible speed (docs/architecture.md has the rates). MKL calls a function
to learn whether the vendor is Intel, and a library loaded earlier can override this function: the
workaround of PyTorch's maintainers (pytorch/builder, pull request 1245). Other processors are not
affected, and without a C compiler nothing is done.
"""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from phase_diagram.two_layer.native.cache import may_build, own_cache_folder

SOURCE = "int mkl_serv_intel_cpu_true(void) { return 1; }\n"
COMPILERS = ("cc", "gcc", "clang")


def use_all_vectors() -> bool:
    """Call this before torch is imported, in programs that train.

    Returns
    -------
    bool
        Whether the workaround was needed and was applied.
    """
    if not may_build() or "torch" in sys.modules or not _wanted():
        return False
    try:
        library = own_cache_folder() / "matrix_library.so"
        try:
            ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
        except OSError:  # missing or damaged
            _build(library)
            ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _wanted(information: Path = Path("/proc/cpuinfo")) -> bool:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return False
    try:
        first = information.read_text(encoding="utf-8").partition("\n\n")[0]
    except OSError:
        return False
    return "AuthenticAMD" in first and "avx512f" in first


def _build(library: Path) -> None:
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        raise FileNotFoundError("no C compiler")
    temporary = library.with_suffix(f".{os.getpid()}.so")
    try:
        command = [compiler, "-x", "c", "-", "-shared", "-fPIC", "-o", str(temporary)]
        subprocess.run(command, input=SOURCE, text=True, check=True, capture_output=True)
        temporary.replace(library)  # jobs that start together each build a copy; they are equal
    finally:
        temporary.unlink(missing_ok=True)
