"""params.yaml: what is accepted, and what becomes of it."""

import math
from pathlib import Path
from typing import get_args

import matplotlib
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from parameter_files import VALID, changed, refusals

from phase_diagram.parameters import params_yaml
from phase_diagram.parameters.figures import ColourMap

COMMITTED = Path(__file__).parents[2] / "params.yaml"


def test_a_valid_mapping_becomes_typed_parameters() -> None:
    loaded = params_yaml.parse(VALID)
    tiny = loaded.experiments["tiny"]
    assert tiny.gamma == (0.5, 1.0, 1.5)
    assert tiny.widths == (100, 1000)
    assert tiny.points() == [(gamma, row) for row in (-0.5, 0.5) for gamma in (0.5, 1.0, 1.5)]
    assert loaded.datasets.mnist_images == 10
    assert (loaded.figures.dpi, loaded.figures.colour_limit) == (100, 2.0)


def test_the_committed_file_has_the_promised_grid() -> None:
    loaded = params_yaml.load(COMMITTED)
    for name in ("four_points", "mnist"):
        experiment = loaded.experiments[name]
        assert len(experiment.gamma) >= 16
        assert (experiment.gamma[0], experiment.gamma[-1]) == (0.5, 2.0)
        assert len(experiment.gamma_prime) >= 20
        assert (experiment.gamma_prime[0], experiment.gamma_prime[-1]) == (-1.0, 1.0)
        assert experiment.seeds >= 3
    assert len(loaded.experiments["four_points"].widths) >= 4


def test_the_committed_file_means_the_same_to_every_reader() -> None:
    # Snakemake reads by YAML 1.1 (PyYAML), DVC by YAML 1.2 (ruamel).
    ruamel = pytest.importorskip("ruamel.yaml")
    text = COMMITTED.read_text(encoding="utf-8")
    ours = params_yaml.load(COMMITTED)
    assert params_yaml.parse(yaml.safe_load(text)) == ours
    assert params_yaml.parse(ruamel.YAML(typ="safe", pure=True).load(text)) == ours


def test_grid_values_are_the_decimals_that_were_meant() -> None:
    grid = {"start": -0.3, "stop": 0.3, "step": 0.1}
    values = params_yaml.parse(changed(gamma_prime=grid)).experiments["tiny"].gamma_prime
    assert values == (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)
    assert math.copysign(1.0, values[3]) == 1.0
    (zero,) = params_yaml.parse(changed(gamma=[-0.0])).experiments["tiny"].gamma
    assert math.copysign(1.0, zero) == 1.0


@pytest.mark.parametrize(
    ("start", "stop", "step", "values"),
    [
        (1, 0, -0.5, (1.0, 0.5, 0.0)),
        (0, 1, 0.4, (0.0, 0.4, 0.8)),  # never beyond stop
        (0.7, 0.7, 0.1, (0.7,)),
    ],
)
def test_ranges(start: float, stop: float, step: float, values: tuple[float, ...]) -> None:
    grid = {"start": start, "stop": stop, "step": step}
    assert params_yaml.parse(changed(gamma=grid)).experiments["tiny"].gamma == values


@given(st.integers(-100, 100), st.integers(1, 400), st.sampled_from([0.01, 0.05, 0.1, 0.25]))
def test_ranges_have_the_length_that_was_meant(start: int, steps: int, step: float) -> None:
    first, last = start * 0.01, start * 0.01 + steps * step
    if abs(last) > 10:
        return
    grid = {"start": first, "stop": last, "step": step}
    values = params_yaml.parse(changed(gamma=grid)).experiments["tiny"].gamma
    assert len(values) == steps + 1
    assert values[-1] == pytest.approx(last, abs=1e-9)


def test_a_dataset_file_must_exist_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mine.csv", "mine.npz", "mine.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.csv").mkdir()
    for name in ("mine.csv", "mine.npz"):
        assert params_yaml.parse(changed(dataset=name)).experiments["tiny"].dataset == name
    for name in ("mine.txt", "folder.csv"):
        assert refusals(changed(dataset=name))


def test_colour_maps_are_those_of_matplotlib() -> None:
    assert set(get_args(ColourMap)) <= set(matplotlib.colormaps)
