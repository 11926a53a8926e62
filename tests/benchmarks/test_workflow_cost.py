"""The three runs of the workflow on tiny parameters; no time is asserted."""

import pytest
import yaml

from benchmarks import workflow
from benchmarks.rows import runs

PARAMETERS = {
    "experiments": {
        "four_points": {
            "dataset": "four_points",
            "gamma": [0.75, 1.5],
            "gamma_prime": [0.0],
            "widths": [20, 40],
            "seeds": 1,
        }
    },
    "studies": {
        "portraits": {
            "line": {"experiment": "four_points", "points": [[1.0, 0.0]], "width": 20, "seed": 0}
        }
    },
    "figures": {"dpi": 40},
}


@pytest.mark.slow
def test_the_seconds_of_every_network_are_counted(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(PARAMETERS))
    rows = workflow.measure(path)
    found = {key.method: values for key, values in runs(rows, "workflow").items()}
    whole, training = found[workflow.WHOLE], found[workflow.TRAINING]
    assert training["networks"] == 2 * 2 + 1
    assert whole["ratio"] == pytest.approx(workflow.CORES * whole["seconds"] / training["seconds"])
    assert 10**7 < whole["peak_memory"] < 10**10
    assert set(found) == {workflow.WHOLE, workflow.TRAINING, *workflow.TARGETS}
    assert "times the seconds of training" in workflow.section(rows)


def test_a_section_of_nothing_says_so():
    assert workflow.section([]) == "Not measured yet."


def test_a_run_that_fails_says_why(tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("experiments: {}\n")
    folder = tmp_path / "copy"
    folder.mkdir()
    workflow.copy(folder, wrong)
    with pytest.raises(RuntimeError, match="error: experiments"):
        workflow.run(folder)
