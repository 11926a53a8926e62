"""Files are written whole or not at all."""

import os
import stat

import pytest

from phase_diagram.files.atomic import atomic_path


def test_file_and_its_folders_appear_at_the_end_of_the_block(tmp_path):
    path = tmp_path / "new" / "folder" / "table.csv"
    with atomic_path(path) as temporary:
        temporary.write_text("whole")
        assert not path.exists()
        # A rename is atomic within one file system only, and writers go by the suffix.
        assert temporary.parent == path.parent and temporary.suffix == ".csv"
    assert path.read_text() == "whole"
    assert os.listdir(path.parent) == ["table.csv"]


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt])
def test_interrupted_writing_leaves_the_old_file_and_nothing_else(tmp_path, interruption):
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(interruption), atomic_path(path) as temporary:
        temporary.write_text("half")
        raise interruption
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["table.csv"]


def test_failed_rename_leaves_no_temporary_file(tmp_path):
    (tmp_path / "table.csv").mkdir()
    with pytest.raises(IsADirectoryError), atomic_path(tmp_path / "table.csv"):
        pass
    assert os.listdir(tmp_path) == ["table.csv"]


def test_two_writers_of_one_file_do_not_share_a_temporary_file(tmp_path):
    path = tmp_path / "table.csv"
    with atomic_path(path) as first, atomic_path(path) as second:
        first.write_text("first")
        second.write_text("second")
    # The inner block ends first, so the outer one has the last word.
    assert path.read_text() == "first"


def test_permissions_are_those_of_any_new_file(tmp_path):
    plain, path = tmp_path / "plain", tmp_path / "atomic"
    plain.touch()
    with atomic_path(path) as temporary:
        temporary.write_text("x")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_content_is_on_the_disk_before_it_has_the_name(tmp_path, monkeypatch):
    order = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda *given: (order.append("fsync"), fsync(*given)))
    monkeypatch.setattr(os, "replace", lambda *given: (order.append("replace"), replace(*given)))
    with atomic_path(tmp_path / "table.csv") as temporary:
        temporary.write_text("x")
    assert order[:2] == ["fsync", "replace"]


def test_a_file_that_may_wait_does_not_wait_for_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda *given: pytest.fail("waits for the disk"))
    path = tmp_path / "table.csv"
    with atomic_path(path, durable=False) as temporary:
        temporary.write_text("after")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["after"]
