import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from phase_diagram.files import hashes
from phase_diagram.files.hashes import ROOT, code_sha256, module_path, sha256_of, sources_of
from phase_diagram.sweeps import fingerprint
from phase_diagram.training import Training


def names(paths):
    return {path.relative_to(ROOT).as_posix() for path in paths}


def test_a_fingerprint_tells_data_and_every_choice_of_training_apart():
    base = Training()
    others = [
        Training(method="gradient_descent"),
        Training(tolerance=1.0000000000000002e-6),
        Training(activation="leaky_relu"),
        Training(quadrature=1024),
        Training(first_rate=1.0),
        Training(step_limit=800_000),
    ]
    assert len(others) == len(fields(Training))
    prints = [fingerprint.training_fingerprint("a" * 64, each) for each in (base, *others)]
    prints.append(fingerprint.training_fingerprint("b" * 64, base))
    assert len(set(prints)) == 8
    assert all(len(found) == 64 for found in prints)
    assert prints[0] == fingerprint.training_fingerprint("a" * 64, Training())


def test_the_fingerprint_covers_every_module_that_training_runs():
    # What Python really loads, against what is found by reading the sources.
    program = (
        "import sys, phase_diagram.sweeps.sweep;"
        "ours = [m for n, m in sys.modules.items() if n.split('.')[0] == 'phase_diagram'];"
        "print(*(m.__file__ for m in ours), sep='\\n')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {Path(file) for file in ended.stdout.splitlines()}
    assert loaded <= set(sources_of(module_path("phase_diagram.sweeps.sweep")))
    decisive = {
        name
        for name in names(loaded)
        if not name.startswith(("__init__", "datasets/", "files/", "errors"))
    }
    assert {
        "sweeps/sweep.py",
        "two_layer/gradient_flow.py",
        "two_layer/start/neurons.py",
        "observables/observables.py",
    } <= decisive
    covered = names(fingerprint.training_sources())
    assert decisive <= covered
    assert {"sweeps/runs.py", "files/stored_networks.py"} <= covered
    # The fit, the figures and the command line may change without any network being retrained.
    assert not covered & {"files/tables.py", "sweeps/progress.py"}
    assert not any(
        name.startswith(("figures/", "fits/", "cli/", "datasets/", "parameters/"))
        for name in covered
    )


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make a small package of the same name, and let the module look there."""
    root = tmp_path / "phase_diagram"
    files = {
        "__init__.py": "",
        "one.py": "def late():\n    from phase_diagram.inner import deep\n",
        "two.py": "import os, phase_diagram.three as three\n",
        "three.py": "from phase_diagram import two\n",  # each imports the other
        "unused.py": "",
        "inner/__init__.py": "from .beside import name\n",
        "inner/deep.py": "from . import beside\nfrom .. import two\n",
        "inner/beside.py": "name = 1\n",
        "inner/numbers.txt": "1 2 3\n",
        "inner/__pycache__/deep.cpython-311.pyc": "",
        "other/__init__.py": "",
        "other/numbers.txt": "4 5 6\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.setattr(hashes, "ROOT", root)
    return root


def test_imports_are_followed_wherever_they_stand(package, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import json\nfrom phase_diagram import one\n")
    found = sources_of(script)
    assert found[0] == script
    assert [path.relative_to(package).as_posix() for path in found[1:]] == [
        "__init__.py",
        "inner/__init__.py",
        "inner/beside.py",
        "inner/deep.py",
        "inner/numbers.txt",
        "one.py",
        "three.py",
        "two.py",
    ]
    assert found == sources_of(script)


def test_a_missing_module_is_an_error(package):
    with pytest.raises(ModuleNotFoundError, match=r"phase_diagram\.absent"):
        module_path("phase_diagram.absent")


def test_code_counts_by_name_and_contents_not_by_place_or_age(package, tmp_path, monkeypatch):
    sources = [package / "one.py", package / "inner/deep.py"]
    before = code_sha256(sources)
    assert code_sha256(reversed(sources)) == before
    moved = tmp_path / "elsewhere/phase_diagram"
    shutil.copytree(package, moved)
    monkeypatch.setattr(hashes, "ROOT", moved)
    assert code_sha256([moved / "one.py", moved / "inner/deep.py"]) == before
    (moved / "one.py").write_text("changed")
    assert code_sha256([moved / "one.py", moved / "inner/deep.py"]) != before
    # Two files that swap their contents are not the same code.
    first, second = moved / "two.py", moved / "three.py"
    both = code_sha256([first, second])
    texts = first.read_text(), second.read_text()
    first.write_text(texts[1])
    second.write_text(texts[0])
    assert code_sha256([first, second]) != both


def test_hashes_of_values():
    assert sha256_of({"a": 0.1, "b": [1, 2]}) == sha256_of({"b": (1, 2), "a": 0.1})
    assert sha256_of(0.1) != sha256_of(0.1 + 2**-56)
    with pytest.raises(ValueError, match="JSON"):
        sha256_of(float("nan"))
