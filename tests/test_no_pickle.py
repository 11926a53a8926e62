"""No pickle is ever loaded, nothing is evaluated, YAML is read by its safe loader.

Held in two ways. While every kind of data file is read in a process of its own, Python's audit
events tell whether anything was unpickled or run: 12 files with a trap in them, which is shown to
spring where pickles are allowed. And each call in src/, workflow/ and benchmarks/ is looked at,
where 26 ways to do it are shown to be found and six harmless ones are not.

Downloads and their hashes are held by test_mnist.py. The compiled passes (compiled.py) are native
code from the user's own cache folder; that opening one unpickles nothing is a slow test.
"""

import ast
import gzip
import io
import os
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from plans import ROOT

FOLDERS = [ROOT / name for name in ("src", "workflow", "benchmarks")]
MODULES = sorted(path for folder in FOLDERS for path in folder.rglob("*.py"))
RULES = [ROOT / "Snakefile", *sorted((ROOT / "workflow").rglob("*.smk"))]

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


def array(value: object) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array(value), allow_pickle=True)
    return stream.getvalue()


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return stream.getvalue()


def traps(folder: Path) -> dict[str, bytes]:
    """Give files, each of which would make the folder, by their names."""
    trap = Trap(folder)
    pickled, objects = pickle.dumps(trap), array([[trap]])
    tag = f"!!python/object/apply:os.mkdir [{str(folder)!r}]"
    return {
        "dataset-objects.npz": archive(inputs=objects, targets=array([1.0])),
        "dataset-pickled-arrays.npz": archive(inputs=pickled, targets=pickled),
        "dataset-pickle.npz": pickled,
        "dataset-pickle.csv": pickled,
        "problem-objects.npz": archive(name=objects, inputs=array([[1.0]]), targets=array([1.0])),
        "problem-pickle.npz": pickled,
        "parameters-tag.yaml": tag.encode(),
        "parameters-value.yaml": f"experiments: {{a: {{dataset: {tag}}}}}".encode(),
        "parameters-pickle.yaml": pickled,
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


# What the code calls

MODULES_OF_PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
FORBIDDEN = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
FORBIDDEN |= {"subprocess.getoutput", "subprocess.getstatusoutput"}
# Of any object, for it may have been imported under another name.
FORBIDDEN_METHODS = {"read_pickle", "unsafe_load", "full_load", "load_all", "unsafe_load_all"}
YAML_LOADERS = {"Loader", "CLoader", "UnsafeLoader", "FullLoader", "CFullLoader", "CUnsafeLoader"}
# Calls that are safe with one argument alone, of whatever object.
SAFE_WITH = {
    "load": ("allow_pickle", False),
    "torch.load": ("weights_only", True),
    "read_array": ("allow_pickle", False),
    "fromregex": ("allow_pickle", False),
}
# Other functions of that name: the last one is defined where it is called by itself.
OURS = {"datasets.load", "params_yaml.load", "json.load", "compiled.load", "load"}


def dangers(code: str) -> Iterator[str]:
    """Find what loads pickles or runs text, by its name and line."""
    for node in ast.walk(ast.parse(code)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or "", *(one.name for one in node.names)]
            if {part for name in names for part in name.split(".")} & MODULES_OF_PICKLES:
                yield f"{line}: import of a module of pickles"
            if {"yaml", "numpy", "torch"} & set(names) and {"load", *YAML_LOADERS} & set(names):
                yield f"{line}: import of a loader by its own name"
        elif isinstance(node, ast.Attribute) and node.attr in YAML_LOADERS:
            yield f"{line}: {node.attr}"
        elif isinstance(node, ast.Call):
            yield from (f"{line}: {one}" for one in _dangers_of_call(node))


def _dangers_of_call(node: ast.Call) -> Iterator[str]:
    name = ast.unparse(node.func)
    last = name.rsplit(".", 1)[-1]
    given = {one.arg: getattr(one.value, "value", None) for one in node.keywords}
    if name in FORBIDDEN or last in FORBIDDEN_METHODS or given.get("shell"):
        yield name
    argument, value = SAFE_WITH.get(name, SAFE_WITH.get(last, ("", None)))
    if argument and name not in OURS and given.get(argument, "missing") is not value:
        yield f"{name} without {argument}={value}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_loads_pickles_or_runs_text(path: Path) -> None:
    assert list(dangers(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_no_rule_runs_text(path: Path) -> None:
    words = set(re.findall(r"\w+", re.sub("#.*", "", path.read_text(encoding="utf-8"))))
    assert not words & (MODULES_OF_PICKLES | {"eval", "exec", "system", "shell", "load"})


@pytest.mark.parametrize(
    "code",
    [
        *("import pickle", "from pickle import loads", "import joblib as j", "import a.dill"),
        *("eval(x)", "exec(x)", "compile(x, '', 'exec')", "__import__(x)", "os.system(x)"),
        *("subprocess.run(x, shell=True)", "subprocess.getoutput(x)", "os.popen(x)"),
        *("yaml.load(x)", "yaml.load(x, Loader=yaml.Loader)", "yaml.unsafe_load(x)"),
        *(
            "from yaml import Loader",
            "from numpy import load",
            "yaml.load_all(x, l)",
            "yaml.full_load(x)",
        ),
        *("np.load(x)", "np.load(x, allow_pickle=True)", "np.load(x, allow_pickle=y)"),
        *("torch.load(x)", "torch.load(x, weights_only=False)", "pd.read_pickle(x)"),
    ],
)
def test_dangers_are_found(code: str) -> None:
    assert list(dangers(code))


@pytest.mark.parametrize(
    "code",
    [
        *("np.load(x, allow_pickle=False)", "torch.load(x, weights_only=True)", "model.eval()"),
        *("yaml.safe_load(x)", "json.load(x)", "subprocess.run(x, shell=False)"),
    ],
)
def test_what_is_safe_is_let_through(code: str) -> None:
    assert not list(dangers(code))


@pytest.mark.slow
def test_compiled_passes_are_built_and_opened_without_pickles(tmp_path: Path) -> None:
    program = (
        "import sys; from phase_diagram import compiled\n"
        "def hook(event, arguments):\n"
        "    if event == 'pickle.find_class': print(*arguments)\n"
        "sys.addaudithook(hook)\n"
        "[compiled.load('predict', 4, 2) for _ in range(2)]\n"
    )
    environment = {**os.environ, "PHASE_DIAGRAM_COMPILE": "1", "PHASE_DIAGRAM_CACHE": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout == ""
    assert len(list(tmp_path.glob("predict-relu-4-2-*.pt2"))) == 1
