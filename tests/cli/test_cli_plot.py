"""`phase-diagram plot`: figures from tables, whole or not at all."""

import json
from pathlib import Path

import made_sweeps
import pytest
from commands import POINT, WIDTHS, Sweep, errors, run_interruptible
from matplotlib.image import imread

from phase_diagram.cli.main import main
from phase_diagram.files import tables
from phase_diagram.fits import boundary, slopes, wedges
from phase_diagram.sweeps import sweep


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give the folder of an experiment, below the working directory."""
    monkeypatch.chdir(tmp_path)
    points = [(gamma, gamma_prime) for gamma in (0.5, 1.0, 1.5) for gamma_prime in (-0.5, 0.0)]
    networks = made_sweeps.sweep(
        lambda gamma, gamma_prime, width, seed: width ** (gamma - 1.02) * (1 + 0.01 * seed),
        points,
        widths=(100, 1000),
    )
    fitted = slopes.fit_slopes(networks)
    made = {
        "slopes": fitted,
        "relative_distances": slopes.relative_distances(networks),
        "boundary": boundary.find_boundary(fitted, networks),
        "wedges": wedges.compare(fitted),
    }
    for name, table in made.items():
        tables.write_csv(table, Path(f"results/mine/{name}.csv"))
    return Path("results/mine")


@pytest.fixture
def point(tmp_path, monkeypatch, capsys):
    """Give what point printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sweep, "train", Sweep())
    assert main([*POINT, *WIDTHS, "--json"]) == 0
    Path("point.json").write_text(capsys.readouterr().out)
    return Path("point.json")


@pytest.mark.parametrize("kind", ["phase_diagram", "exponents", "condensation"])
def test_a_folder_is_drawn(capsys, folder, kind):
    assert main(["plot", str(folder), "--kind", kind, "--dpi", "50"]) == 0
    assert capsys.readouterr().out == f"mine_{kind}.png\n"
    assert imread(f"mine_{kind}.png").shape[1] == 300


def test_looks_come_from_params_yaml_but_for_options(folder):
    Path("params.yaml").write_text(
        "experiments:\n"
        "  a: {dataset: four_points, gamma: [1], gamma_prime: [0], widths: [9, 10]}\n"
        "figures: {dpi: 40, width_inches: 5}\n"
    )
    for options, width in (([], 200), (["--width-inches", "4"], 160), (["--dpi", "60"], 300)):
        assert main(["plot", str(folder), "--output", "a.png", *options]) == 0
        assert imread("a.png").shape[1] == width


def test_a_point_is_drawn(capsys, point):
    assert main(["plot", "point.json"]) == 0
    assert main(["plot", "point.json", "--output", "figure.pdf"]) == 0
    assert capsys.readouterr().out == "point.png\nfigure.pdf\n"
    assert imread("point.png").shape[1] == 660
    assert Path("figure.pdf").read_bytes().startswith(b"%PDF")


def test_the_line_of_a_point_is_its_fit(point):
    from phase_diagram.cli import saved_point

    read = saved_point.read(point)
    fit = read["fits"].iloc[0]
    # What Sweep stands in with: RD = 2 m^-0.25 times the mean of 1, 1.01 and 1.02.
    assert fit["slope"] == pytest.approx(-0.25)
    assert fit["prefactor"] == pytest.approx(2.02)
    assert list(read["distances"]["width"]) == [100, 1000]


def _left(*names):
    """See that nothing is there but these, no part of a figure either."""
    assert sorted(path.name for path in Path().iterdir()) == sorted(names)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["results/other"], "results/other: no such folder: must be an experiment's folder"),
        (["results/mine/slopes.csv"], "results/mine/slopes.csv: a file: must be an experiment's"),
        (["results/mine", "--kind", "x"], "--kind: 'x': must be one of phase_diagram, exponents"),
        (["results/mine", "--output", "a.jpg"], "--output: 'a.jpg': must end in .png or .pdf"),
        (["results/mine", "--output", "no/a.png"], "--output: 'no/a.png': the folder no does not"),
        (["results/mine", "--dpi", "5"], "--dpi: 5: must be an integer of at least 30"),
        (["results/mine", "--width-inches", "1"], "--width-inches: 1.0: must be a number from 3"),
        (["results"], "results/slopes.csv: no such file"),
        (["absent.json"], "absent.json: No such file"),
    ],
)
def test_refusals_of_options(capsys, folder, arguments, fault):
    assert errors(capsys, "plot", *arguments)[0].startswith(fault)
    _left("results")


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda text: text[:-5], "is cut off in its last line"),
        (lambda text: text.splitlines()[0] + "\n", "has no rows"),
    ],
)
def test_damaged_tables(capsys, folder, damage, fault):
    path = folder / "slopes.csv"
    path.write_text(damage(path.read_text()))
    (line,) = errors(capsys, "plot", str(folder))
    assert "slopes.csv" in line
    assert fault in line
    _left("results")


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda text: text[:50], "not JSON, or cut off"),
        (lambda text: "[" * 100_000, "not JSON, or cut off"),
        (lambda text: "[1]", "the whole"),
        (lambda text: json.dumps({**json.loads(text), "rows": []}), "rows"),
        (lambda text: text.replace('"rd": ', '"rd": -'), "rows.0.rd"),
        (lambda text: text.replace('"slope": ', '"slope": NaN, "s": '), "slope"),
    ],
)
def test_damaged_points(capsys, point, damage, fault):
    point.write_text(damage(point.read_text()))
    (line,) = errors(capsys, "plot", str(point))
    assert line.startswith(f"point.json: {fault}")
    _left("point.json")


def test_a_point_that_did_not_converge(capsys, point):
    content = json.loads(point.read_text())
    for row in content["rows"]:
        row["rd"] = row["rd_standard_error"] = None
    content["slope"] = None
    point.write_text(json.dumps(content))
    (line,) = errors(capsys, "plot", str(point))
    assert "no network converged" in line


def test_a_folder_in_which_no_file_can_be_made(capsys, folder):
    # For root as for anybody else.
    (line,) = errors(capsys, "plot", str(folder), "--output", "/proc/a.png")
    assert line.startswith("--output: '/proc/a.png': ")


def test_ctrl_c_while_a_figure_is_saved_leaves_nothing(folder):
    # The signal comes at the worst moment: the temporary file is there, its name is not final.
    code = (
        "import os, signal, sys; from phase_diagram.files import atomic;"
        "from phase_diagram.cli.main import main;"
        "atomic._flush = lambda path: os.kill(os.getpid(), signal.SIGINT);"
        f"sys.exit(main(['plot', {str(folder)!r}]))"
    )
    done = run_interruptible(code)
    assert done.returncode == 130
    assert done.stdout == ""
    assert done.stderr == "error: interrupted\n"
    _left("results")
