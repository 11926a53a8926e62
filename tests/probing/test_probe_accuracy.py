"""RD of the two-layer network by the flow of any module, where it is known otherwise."""

import numpy as np
import pandas as pd
import pytest
import torch
from probed import DATA, FOUR_POINTS, TwoLayers, two_layers
from training import REFERENCE

from phase_diagram import probe
from phase_diagram.fits.slopes import fit_slopes
from phase_diagram.plane import theory
from phase_diagram.probing import flow
from phase_diagram.probing.model import Model
from phase_diagram.sweeps import sweep
from phase_diagram.training import Training

X, Y = (torch.tensor(values) for values in DATA)
WIDTHS, SEEDS = (60, 250, 1000), 2


@pytest.mark.parametrize("point", REFERENCE)
def test_reference_values_within_their_error(point: tuple[float, float]) -> None:
    model = Model(TwoLayers(*point, 1000, 0), X, Y)
    trained = flow.train(model, tolerance=2e-6)
    moved, start = model.split(trained.increment)["w"], model.split(model.start)["w"]
    assert float(moved.norm() / start.norm()) == pytest.approx(REFERENCE[point], rel=0.012)
    assert trained.steps < 400


@pytest.mark.parametrize("point", [(0.5, 0.0), (1.0, 0.0), (1.75, 0.0)])
def test_a_probe_agrees_with_the_main_pipeline(point: tuple[float, float]) -> None:
    """Each network of a regime, its slope with its error, and the regime itself."""
    found = probe(two_layers(*point), *DATA, WIDTHS, seeds=SEEDS, tolerance=1e-4)
    networks = [sweep.Network(*point, m, seed) for m in WIDTHS for seed in range(SEEDS)]
    results = list(sweep.train(FOUR_POINTS, networks, Training(tolerance=1e-4), device="cpu"))
    expected = {(result.network.width, result.network.seed): result.rd for result in results}
    of_w = found.networks[found.networks["parameter"] == "w"]
    for row in of_w.itertuples():
        assert row.rd == pytest.approx(expected[row.width, row.seed], rel=0.02)
    frame = pd.DataFrame([{**r.network._asdict(), "rd": r.rd, "status": r.status} for r in results])
    main = fit_slopes(frame).iloc[0]
    fit = found.summary.set_index("parameter").loc["w"]
    assert fit["slope"] == pytest.approx(main["slope"], abs=main["slope_standard_error"])
    errors = fit["slope_standard_error"], main["slope_standard_error"]
    assert np.isclose(*errors, rtol=0.3)
    assert fit["regime"] == theory.regime(*point)


def test_in_the_upper_linear_wedge_output_weights_alone_grow() -> None:
    """A random-feature model: the regime of the paper, of the input weights, is linear."""
    found = probe(two_layers(1.75, 1.25), *DATA, (60, 250, 1000), seeds=2, tolerance=1e-4)
    fits = found.summary.set_index("parameter")
    assert fits.loc["a", "regime"] == "condensed"
    assert fits.loc["w", "regime"] == "linear"
