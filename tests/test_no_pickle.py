"""No pickle is ever loaded and nothing is run while data files are read.

While every kind of data file is read in a process of its own, Python's audit events tell whether
anything was unpickled or run: 9 files with a trap in them, which is shown to spring where pickles
are allowed. What the code may call is ruff's to say (rules S and TID251 in pyproject.toml).

The compiled passes are native code from the user's own cache folder; that opening one unpickles
nothing is a slow test.
"""

import gzip
import io
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np

# Reads a file of each kind by the function that is meant for it.
READER = """
import sys
from pathlib import Path
import numpy, yaml
from phase_diagram.datasets.load import load
from phase_diagram.parameters import params_yaml
from phase_diagram.files import records, stored_networks
from phase_diagram.datasets.problem import Problem
from phase_diagram.datasets import mnist_files
from phase_diagram.errors import InputError
readers = {
    "dataset": load,
    "problem": Problem.read,
    "parameters": params_yaml.load,
    "networks": lambda path: stored_networks.read(path, "a", "0"),
    "record": records.read_json,
    "train": lambda path: mnist_files.read(path.parent),
}
def hook(event, arguments):
    if event in ("pickle.find_class", "os.system", "subprocess.Popen", "os.exec", "os.mkdir"):
        print(event, flush=True)
sys.addaudithook(hook)
for name in sys.argv[1:]:
    try:
        readers[Path(name).name.split("-")[0]](Path(name))
    except InputError as error:
        print("refused")
    else:
        print("read")
"""


class Trap:
    """Makes a folder where it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self.folder,)


def archive(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def traps(folder: Path) -> dict[str, bytes]:
    """Give files, each of which would make the folder, by their names."""
    trap = Trap(folder)
    pickled, objects, ones = pickle.dumps(trap), np.array([[trap]]), np.ones((1, 1))
    tag = f"!!python/object/apply:os.mkdir [{str(folder)!r}]"
    return {
        "dataset-objects.npz": archive(inputs=objects, targets=ones[0]),
        "dataset-pickle.npz": pickled,
        "dataset-pickle.csv": pickled,
        "problem-objects.npz": archive(name=objects, inputs=ones, targets=ones[0]),
        "parameters-tag.yaml": tag.encode(),
        "parameters-value.yaml": f"experiments: {{a: {{dataset: {tag}}}}}".encode(),
        "networks-pickle.csv": pickled,
        "record-pickle.json": pickled,
        "train-images-idx3-ubyte.gz": gzip.compress(pickled),
    }


def read_in_a_process(*names: str) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", READER, *names],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_no_trap_springs(tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    files = traps(sprung)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(pickle.dumps(Trap(sprung)))
    said = read_in_a_process(*(str(tmp_path / name) for name in files))
    # A record that cannot be read is none; everything else is a fault of the user's.
    assert said == ["read" if name.startswith("record") else "refused" for name in files]
    assert not sprung.exists()


def test_the_traps_are_real(tmp_path: Path) -> None:
    path = tmp_path / "points.npz"
    path.write_bytes(traps(tmp_path / "sprung")["dataset-objects.npz"])
    with np.load(path, allow_pickle=True) as arrays:
        assert arrays["inputs"] is not None
    assert (tmp_path / "sprung").exists()


def test_compiled_passes_are_opened_without_pickles() -> None:
    """One that was compiled for the other tests: a trap would spring as it is opened."""
    program = (
        "import sys; from phase_diagram.two_layer.native import compiled\n"
        "compiled.load('predict', 4, 2)\n"
        "def hook(event, arguments):\n"
        "    if event == 'pickle.find_class': print(*arguments)\n"
        "sys.addaudithook(hook)\n"
        "compiled.load('predict', 4, 2)\n"
        "print('opened')\n"
    )
    environment = {**os.environ, "PHASE_DIAGRAM_COMPILE": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "opened\n"
