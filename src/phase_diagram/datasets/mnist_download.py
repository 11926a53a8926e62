"""MNIST by torchvision's own download."""

import http.client
import os
import socket
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from phase_diagram.datasets import mnist_originals
from phase_diagram.datasets.mnist_originals import Digits, Unavailable

ANSWER_SECONDS = 5.0
"""How long a mirror may take to answer at all; without a network this is all the time lost."""
SILENCE_SECONDS = 20.0
"""How long a mirror may say nothing in the middle of a download."""


def download(data_directory: Path) -> Digits:
    """Have torchvision download MNIST into `data_directory`, and read and verify it.

    The files come into a folder of their own and are moved to MNIST/raw when they are whole and
    verified: an interrupted download leaves nothing that would later pass for a damaged file.

    Raises
    ------
    Unavailable
        If torchvision does not import, no mirror answers, or the download fails.
    """
    torchvision_mnist = _torchvision_mnist()
    mirrors = _answering(torchvision_mnist.mirrors, torchvision_mnist.resources[0][0])
    if not mirrors:
        raise Unavailable(f"no mirror answered within {ANSWER_SECONDS:g} s")

    # torchvision names its folder after the class, so the name has to stay.
    dataset_class = type("MNIST", (torchvision_mnist,), {"mirrors": mirrors})
    try:
        data_directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".mnist-", dir=data_directory) as scratch:
            with _socket_timeout(SILENCE_SECONDS):
                dataset = dataset_class(scratch, train=True, download=True)
            digits = Digits(
                dataset.data.numpy().reshape(-1, mnist_originals.PIXEL_COUNT),
                dataset.targets.numpy().astype("uint8"),
            )
            scratch_raw = Path(scratch) / "MNIST" / "raw"
            if digits.sha256() != mnist_originals.SHA256:
                raise Unavailable("what came is not MNIST: its sha256 is another")
            _move(scratch_raw, data_directory / "MNIST" / "raw")
    except (OSError, EOFError, RuntimeError, ValueError, http.client.HTTPException) as fault:
        reason = " ".join(str(fault).split()) or type(fault).__name__
        raise Unavailable(f"failed: {reason}") from fault
    return digits


def _torchvision_mnist() -> Any:
    # torchvision's compiled part wants the CUDA build of torch: beside a CPU-only torch the
    # import fails, and with a RuntimeError, not an ImportError.
    try:
        from torchvision.datasets import MNIST  # type: ignore[import-untyped]
    except Exception as fault:
        reason = " ".join(str(fault).split())
        raise Unavailable(f"torchvision cannot be imported here: {reason}") from fault
    return MNIST


def _answering(mirrors: Sequence[str], file: str) -> list[str]:
    """Return those mirrors that answer within ANSWER_SECONDS, in their order."""
    answers: dict[str, bool] = {}

    def ask(mirror: str) -> None:
        request = urllib.request.Request(f"{mirror}{file}", method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS):
                answers[mirror] = True
        except (OSError, ValueError, http.client.HTTPException):
            answers[mirror] = False

    # In threads, because looking up a host's name knows no timeout; as daemons, so that one
    # which still waits does not hold up the end of the program.
    threads = [threading.Thread(target=ask, args=(mirror,), daemon=True) for mirror in mirrors]
    deadline = time.monotonic() + ANSWER_SECONDS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [mirror for mirror in mirrors if answers.get(mirror)]


@contextmanager
def _socket_timeout(seconds: float) -> Iterator[None]:
    # torchvision passes no timeout to urllib, so the default for new sockets is the only way in.
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _move(source: Path, target: Path) -> None:
    if not target.exists():
        # At one stroke, so that no half of the layout can be left.
        target.parent.mkdir(exist_ok=True)
        os.replace(source, target)
        return
    for path in sorted(source.iterdir()):
        os.replace(path, target / path.name)
