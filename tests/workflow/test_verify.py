"""`make verify`: exact on the platform and lock of the reference, 1e-6 elsewhere, and it says so.

Here on made-up results; what it says of real ones is for `make verify` itself, which CI runs.
"""

import json
import subprocess

import pytest
from small_project import ROOT

from phase_diagram.files.hashes import file_sha256
from phase_diagram.workflow import checksums, comparison, machine
from workflow import verify

TABLE = "status,rd,slope\nconverged,1e-12,0.5\nconverged,2.0,-1e-17\n"


@pytest.fixture
def results(tmp_path, monkeypatch):
    """Give results that are those of the reference, to be changed."""
    monkeypatch.setattr(verify, "REFERENCE", tmp_path / "verification")
    (tmp_path / "verification").mkdir()
    folder = tmp_path / "results"
    (folder / "wave").mkdir(parents=True)
    (folder / "wave/sweep.csv").write_text(TABLE)
    (folder / "wave/metrics.json").write_text(json.dumps({"networks": 3, "boundary_error": None}))
    (folder / "figure.png").write_bytes(b"picture")
    sum_up(folder)
    verify.accept(folder)
    return folder


def sum_up(folder):
    paths = [path for path in folder.rglob("*.*") if path.is_file()]
    checksums.write(folder, paths)


def said(results, capsys) -> tuple[int, str]:
    sum_up(results)
    code = verify.compare(results)
    return code, capsys.readouterr().out


@pytest.fixture
def elsewhere(monkeypatch):
    """Let this be another machine than that of the reference."""
    here = {**machine.describe(ROOT / verify.LOCK), "processor": "another"}
    monkeypatch.setattr(machine, "describe", lambda _: here)


def test_the_same_results_on_the_same_machine(results, capsys):
    code, text = said(results, capsys)
    assert code == 0
    assert "3 of 3 files are the same to the byte." in text
    assert "The platform and the lock are those of the reference" in text


@pytest.mark.parametrize("change", ["last bit", "figure", "lost"])
def test_on_the_same_machine_every_byte_counts(results, capsys, change):
    path = results / ("figure.png" if change == "figure" else "wave/sweep.csv")
    if change == "lost":
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(content.replace(b"2.0", b"2.0000000000000004").replace(b"pic", b"piq"))
    code, text = said(results, capsys)
    assert code == 1
    assert f"error: {path.relative_to(results)}: differs" in text


@pytest.mark.parametrize(
    ("old", "new", "accepted"),
    [
        ("2.0", "2.0000001", True),
        ("2.0", "2.00001", False),
        ("1e-12", "1.000001e-12", True),  # so small beside 2 that it may be rounding
        ("0.5", "0.50001", False),
        ("-1e-17", "3e-17", True),
        ("-1e-17", "", False),
        ("converged,2.0", "diverged,2.0", False),
        ("\nconverged,2.0,-1e-17", "", False),
        ("slope", "slopes", False),
    ],
)
def test_elsewhere_numbers_may_differ_by_rounding(results, elsewhere, capsys, old, new, accepted):
    path = results / "wave/sweep.csv"
    path.write_text(path.read_text().replace(old, new))
    (results / "figure.png").write_bytes(b"other letters")
    code, text = said(results, capsys)
    assert code == (0 if accepted else 1)
    assert "1 of 3 files are the same to the byte." in text
    assert "The platform or the lock is another" in text
    assert "processor: another here, " in text
    assert ("error: wave/sweep.csv: " in text) == (not accepted)


def test_elsewhere_a_lost_table_is_a_fault(results, elsewhere, capsys):
    (results / "wave/metrics.json").unlink()
    code, text = said(results, capsys)
    assert code == 1
    assert "error: wave/metrics.json" in text


def test_summaries_are_compared_number_by_number(tmp_path):
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    here.write_text(json.dumps({"networks": 3, "error": 1.0, "none": None}))
    there.write_text(json.dumps({"networks": 3, "error": 1.0 + 1e-7, "none": None}))
    found, place = comparison.deviation(here, there)
    assert 0 < found < 1.1e-7 and place.startswith("error")
    there.write_text(json.dumps({"networks": 3, "error": None, "none": None}))
    assert comparison.deviation(here, there)[0] == float("inf")


def test_checksums_are_those_of_sha256sum(results):
    command = ["sha256sum", "--check", "--strict", checksums.NAME]
    assert subprocess.run(command, cwd=results, capture_output=True).returncode == 0


def test_the_reference_is_whole():
    """All that SHA256SUMS names and can be compared elsewhere lies in verification/, unchanged."""
    reference = ROOT / "verification"
    kept = checksums.read(reference / checksums.NAME)
    tables = [name for name in kept if name.endswith(verify.COMPARED)]
    assert len(tables) > 30
    paths = [reference / "results" / name for name in tables]
    found = {
        path.relative_to(reference / "results").as_posix()
        for path in (reference / "results").rglob("*.*")
    }
    assert found == set(tables)
    for name, path in zip(tables, paths, strict=True):
        assert file_sha256(path) == kept[name]
    assert set(json.loads((reference / verify.MACHINE).read_text())) == set(
        machine.describe(ROOT / verify.LOCK)
    )
