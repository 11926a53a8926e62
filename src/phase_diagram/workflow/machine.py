"""Machine and packages, on which the last bits of a result may depend."""

import os
import platform
import shutil
import subprocess
import zlib
from pathlib import Path

from phase_diagram.files import hashes
from phase_diagram.two_layer.native.cache import may_build

PROCESSOR = ("vendor_id", "cpu family", "model")
# Variables by which torch, NumPy and the library of matrix products choose their code.
CHOICES = ("ATEN_", "MKL_", "NPY_", "OPENBLAS_")


def describe(lock: Path) -> dict[str, str]:
    """Describe machine and packages: if they are equal, results are byte-identical."""
    import torch

    variables = sorted(name for name in os.environ if name.startswith(CHOICES))
    python = ".".join(platform.python_version_tuple()[:2])
    return {
        "system": f"{platform.system()} {platform.machine()}, {' '.join(platform.libc_ver())}",
        "processor": _processor(Path("/proc/cpuinfo")),
        "vectors": torch.backends.cpu.get_cpu_capability(),
        # zlib: the explorer's packs are compressed.
        "packages": f"Python {python}, torch {torch.__version__}, zlib {zlib.ZLIB_RUNTIME_VERSION}",
        "compiler": _compiler() if may_build() else "not wanted",
        "choices": ", ".join(f"{name}={os.environ[name]}" for name in variables) or "none",
        "requirements.lock": hashes.file_sha256(lock)[:16],
    }


def differences(own: dict[str, str], other: dict[str, str]) -> list[str]:
    """List the differences between two machines, one per line."""
    return [
        f"{key}: {own.get(key, 'unknown')} here, {other.get(key, 'unknown')} there"
        for key in sorted({*own, *other})
        if own.get(key) != other.get(key)
    ]


def _compiler() -> str:
    # Builds the compiled passes, which a machine without a compiler does not use.
    compiler = os.environ.get("CXX") or shutil.which("g++") or shutil.which("clang++")
    if not compiler:
        return "none"
    said = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    return (said.stdout.splitlines() or ["unknown"])[0]


def _processor(information: Path) -> str:
    # The libraries of matrix products choose their code by it.
    try:
        first = information.read_text(encoding="utf-8").partition("\n\n")[0]
    except OSError:
        return platform.processor() or "unknown"
    pairs = (line.partition(":") for line in first.splitlines())
    fields = {key.strip(): value.strip() for key, _, value in pairs}
    return " ".join(fields.get(key, "?") for key in PROCESSOR)
