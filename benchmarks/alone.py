"""Run a measurement in a separate process, on one thread."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def run(module: str, *arguments: object) -> Any:
    """Run a module of this package as a program; return its last line of output, as JSON.

    Parameters
    ----------
    module : str
        Its name, as in `python -m`.
    arguments : object
        Handed over as text.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
