"""The folder of compiled code: nobody else may put code there that is then run."""

import os
import stat

import pytest

from phase_diagram.activations import RELU
from phase_diagram.two_layer.native import cache, compilation, compiled


@pytest.fixture
def folder(tmp_path, monkeypatch):
    path = tmp_path / "new" / "cache"
    monkeypatch.setenv("PHASE_DIAGRAM_CACHE", str(path))
    return path


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_for_its_owner_alone(folder, monkeypatch):
    before = os.umask(0)
    try:
        assert cache.own_cache_folder() == folder
    finally:
        os.umask(before)
    assert mode(folder) == 0o700


def test_others_lose_the_right_to_write(folder):
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    cache.own_cache_folder()
    assert mode(folder) == 0o755


def test_code_in_the_folder_of_another_user_is_not_run(folder, monkeypatch, capsys):
    folder.mkdir(parents=True)
    (folder / f"predict-relu-4-2-{compiled._version()}.pt2").write_bytes(b"somebody's code")
    monkeypatch.setenv("PHASE_DIAGRAM_COMPILE", "1")
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    monkeypatch.setattr(compiled, "_open", lambda path: pytest.fail("code of others is run"))
    compiled._compiled.cache_clear()
    assert compiled._compiled(4, 2, RELU) == compiled.EAGER
    assert "belongs to another user" in capsys.readouterr().err
    compiled._compiled.cache_clear()


def test_torch_compiles_in_a_folder_of_its_own(tmp_path, monkeypatch):
    """Its own choice is one in /tmp whose name is known beforehand."""
    name = "TORCHINDUCTOR_CACHE_DIR"
    monkeypatch.delenv(name, raising=False)
    with compilation._workshop_in(tmp_path):
        (workshop,) = tmp_path.iterdir()
        assert os.environ[name] == str(workshop)
        assert mode(workshop) == 0o700
    assert name not in os.environ
    assert not any(tmp_path.iterdir())
    monkeypatch.setenv(name, "chosen")
    with compilation._workshop_in(tmp_path):
        assert os.environ[name] == "chosen"
