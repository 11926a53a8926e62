"""Bad NPZ files: one line that names the file, or exactly the arrays in them; never a pickle run.

In each run 200 NPZ files with damage to their bytes, half of them in an array's header with the
checksums made to fit, and two dozen made by hand: bombs, absurd headers, other compressions.
"""

import io
import struct
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from endings import damaged, endings

from phase_diagram.datasets.load import load
from phase_diagram.errors import InputError
from phase_diagram.files import archive

INPUTS, TARGETS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([7.0, 8.0, 9.0])


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def zipped(inputs: bytes, compression: int = zipfile.ZIP_STORED, **others: bytes) -> bytes:
    stream = io.BytesIO()
    members = {"inputs.npy": inputs, "targets.npy": npy(TARGETS), **others}
    with zipfile.ZipFile(stream, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


def with_header(text: str, data: bytes = INPUTS.tobytes()) -> bytes:
    header = text.encode("latin1")
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def loaded(path: Path, content: bytes) -> str:
    """Give "refused" or "valid", having looked at the one line or at all arrays."""
    path.write_bytes(content)
    try:
        problem = load(path)
    except InputError as error:
        for line in error.faults:
            assert line.startswith(f"{path}: ") and line.isprintable()
            assert len(line) < len(str(path)) + 700
        return "refused"
    assert np.isfinite(problem.inputs).all() and np.isfinite(problem.targets).all()
    assert (problem.inputs[:, -1] == 1.0).all() and len(problem.inputs) == len(problem.targets)
    return "valid"


PIECES = (
    *(b"(", b")", b"'", b",", b"{", b"}", b"[", b"\\", b"\n", b"O", b"V", b"9" * 20, b"-", b"#"),
    *(b"f2", b"i8", b"U4", b"M8", b"True", b"lambda: 0", b"\0", b"\xff", b"PK\x03\x04", b" "),
)


def test_damage_to_the_file(tmp_path: Path) -> None:
    content, path = zipped(npy(INPUTS), zipfile.ZIP_DEFLATED), tmp_path / "points.npz"
    counted = endings(damaged(content, PIECES), 100, lambda given: loaded(path, given))
    assert counted["refused"] >= 60


def test_damage_to_an_array_with_a_checksum_that_fits(tmp_path: Path) -> None:
    strategy, path = damaged(npy(INPUTS), PIECES, end=80).map(zipped), tmp_path / "points.npz"
    counted = endings(strategy, 100, lambda given: loaded(path, given))
    assert counted["refused"] >= 60


DESCRIBED = "{{'descr': {}, 'fortran_order': False, 'shape': {}}}\n"


HEADERS = (
    *("", "{", "[" * 9000, "-" * 9000 + "1", "\\\n", "{1: 2, 'a': 3}", "[]", "__import__('os')"),
    DESCRIBED.format("'<f8'", "(3, 2, )") + " " * 20_000,
    *(DESCRIBED.format("'<f8'", shape) for shape in ("(10**18,)", "(-1,)", "(3.0, 2)", "3")),
    *(DESCRIBED.format("'<f8'", f"({'9' * size},)") for size in (18, 19, 5000)),
    DESCRIBED.format("'<f8'", f"({'1,' * 65})"),
    *(DESCRIBED.format(kind, "(3, 2)") for kind in ("'|O'", "'<U2'", "'<M8[s]'", "'<q9'", "()")),
    DESCRIBED.format("[('a\\n', '<f8')]", "(3, 2)"),
)


def test_headers_that_describe_no_array(tmp_path: Path) -> None:
    for header in HEADERS:
        assert loaded(tmp_path / "points.npz", zipped(with_header(header))) == "refused", header


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_compression_may_be_damaged(tmp_path: Path, compression: int) -> None:
    whole = zipped(npy(np.random.default_rng(0).normal(size=(3, 50))), compression)
    path = tmp_path / "points.npz"
    assert loaded(path, whole) == "valid"
    right = load(path).sha256()
    endings = Counter()
    for place in range(40, 900, 13):
        ending = loaded(path, whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        # Some bytes say nothing of the content, such as the version of the LZMA header.
        assert ending == "refused" or load(path).sha256() == right
        endings[ending] += 1
    assert endings["refused"] > 60


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAXIMUM_BYTES", 10**6)
    bomb = zipped(npy(np.zeros((500, 300))), zipfile.ZIP_DEFLATED)
    assert len(bomb) < 5000
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    path = tmp_path / "points.npz"
    path.write_bytes(bomb)
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.faults == [f"{path}: inputs: 1200128 bytes; expected at most 1000000"]


def test_names_of_members_cannot_break_the_line(tmp_path: Path) -> None:
    others = {f"a\nerror: b\x1b[31m{one}{'c' * 500}": b"" for one in range(100)}
    path = tmp_path / "points.npz"
    assert loaded(path, zipped(npy(INPUTS), **others)) == "refused"
