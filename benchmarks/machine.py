"""Description of the machine on which the benchmark ran."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

PACKAGES = ("torch", "numpy", "scipy", "torchdiffeq", "snakemake")


def describe(wide: bool) -> dict[str, str]:
    """Name processor, cores, system, Python, packages and GPU; nothing that names the host.

    Parameters
    ----------
    wide : bool
        What `matrix_library.use_all_vectors` has returned.
    """
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{package: _version(package) for package in PACKAGES},
        "matrix library": "told to use all vectors" if wide else "as it comes",
        "GPU": torch.cuda.get_device_name() if torch.cuda.is_available() else "none",
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if not information.exists():
        return platform.processor() or "unknown"
    fields = dict(
        [part.strip() for part in line.split(":", 1)]
        for line in information.read_text().split("\n\n")[0].splitlines()
        if ":" in line
    )
    name = fields.get("model name", "unknown")
    wide = [flag for flag in ("avx512f", "avx2") if flag in fields.get("flags", "").split()]
    return f"{name} ({wide[0]})" if wide else name


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
