"""The report: all figures and tables with captions, from any whole run, in a browser by itself."""

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from report_page import opened, plain, read
from small_project import ROOT, Project

from phase_diagram.captions import find
from phase_diagram.parameters import params_yaml
from phase_diagram.workflow import checksums
from phase_diagram.workflow.plan import Plan
from phase_diagram.workflow.reporting import page as report
from phase_diagram.workflow.reporting.places import BULKY, in_report
from phase_diagram.workflow.stages import STAGES

REPORT = ("--report", "results/report.html")
FIGURES_AND_TABLES = (".png", ".csv", ".json")


@pytest.mark.parametrize("key", STAGES)
def test_every_figure_and_table_has_its_caption(key):
    stage = STAGES[key]
    outputs = [
        name
        for name, path in stage.outputs.items()
        if path.endswith(FIGURES_AND_TABLES) and stage.step != "prepare"
    ]
    shown = in_report(stage)
    assert len(shown) == len(outputs), "two of them are in one place of the report"
    for name in outputs:
        place = shown["made_from" if name in BULKY else name]
        text = (ROOT / "workflow/rules" / place["caption"]).read_text()
        assert len(text.split()) > 6
        assert text.count(f'{{{{ snakemake.config["captions"][snakemake.output.{name}] }}}}') == 1
        figure = name.endswith("_png")
        known = find.figures(stage.group) if figure else find.tables(stage.group)
        assert name.removesuffix("_png") in known


def test_no_caption_is_left_over():
    templates = set((ROOT / "workflow/report").glob("*/*.rst"))
    used = {
        (ROOT / "workflow/rules" / place["caption"]).resolve()
        for stage in STAGES.values()
        for place in in_report(stage).values()
    }
    assert templates == used


@pytest.fixture
def made(tmp_path, monkeypatch) -> list[str]:
    """Give the pages made in an empty folder, of which the last is there; it takes no Snakemake."""
    pages: list[str] = []

    def make(parameters_: str) -> None:
        pages.append(parameters_)
        report.PAGE.write_text(f"page {len(pages)}")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(report, "_make", make)
    Path("results").mkdir()
    for name in ("params.yaml", "results/table.csv", "other.yaml"):
        Path(name).write_text(name)
    return pages


def update(chosen: str = "params.yaml") -> str:
    sums = checksums.write(Path("results"), [Path("results/table.csv")])
    return report.update(chosen, sums, ROOT / "workflow")


def test_the_page_is_made_when_there_is_something_new(made):
    for times in (1, 1):
        assert update() == "results/report.html"
        assert len(made) == times
    Path("results/table.csv").write_text("other results")
    update()
    assert len(made) == 2
    report.PAGE.write_text("another page")
    update()
    assert report.PAGE.read_text() == "page 3"
    update("other.yaml")
    assert made[3:] == ["other.yaml"]


def test_a_page_that_cannot_be_made_is_taken_away(made, monkeypatch):
    def fail(_: str) -> None:
        raise report.NotMade("no such caption")

    update()
    Path("results/table.csv").write_text("other results")
    monkeypatch.setattr(report, "_make", fail)
    line = "warning: results/report.html was not made (no such caption); the results are complete "
    assert update() == f"{line}without it"
    # An old page would be taken for that of these results.
    assert not report.PAGE.exists()


def results(project: Project) -> set[str]:
    """List the figures (as pictures) and tables that a whole run makes."""
    made = Plan(params_yaml.load(project.path("params.yaml"))).final_results()
    return {path for path in made if path.endswith(FIGURES_AND_TABLES)}


@pytest.fixture
def plan_here(monkeypatch, studied):
    monkeypatch.chdir(studied.folder)  # data files of experiments are relative to it


@pytest.fixture(scope="module")
def reported(studied, tmp_path_factory) -> Project:
    """Give a project with a study of each kind, and its report; not to be changed."""
    project = studied.copy(tmp_path_factory.mktemp("reported") / "with space")
    project.complete(*REPORT)
    return project


@pytest.mark.slow
@pytest.mark.usefixtures("plan_here")
def test_all_figures_and_tables_are_in_the_report(reported):
    shown = read(reported.path("results/report.html"), "results")
    expected = set()
    for path in results(reported):
        bulky = Path(path).stem in BULKY and path.endswith(".csv")
        step = {"sweep": "train", "relative_distances": "fit", "neurons": "measure"}
        made_from = Path(path).parent / "made_from" / f"{step.get(Path(path).stem)}.json"
        expected.add(str(made_from) if bulky else path)
    assert set(shown) == expected
    categories = read(reported.path("results/report.html"), "categories")
    assert set(categories) == {"Phase diagrams", "Studies", "Tables"}
    assert set(categories["Tables"]) == {"four_points", "wave", "limit", "descent"}
    listed = [path for one in categories.values() for paths in one.values() for path in paths]
    assert sorted(listed) == sorted(shown)
    for path, result in shown.items():
        caption = plain(result["caption"])
        assert "system-message" not in result["caption"], path
        assert "problematic" not in result["caption"], path
        assert re.search(r"Found\. .+ Parameters\. .+ Made from\. .+this is the file", caption), (
            path
        )
        assert result["labels"]


@pytest.mark.slow
def test_captions_tell_parameters_and_numbers_of_the_results(reported):
    shown = read(reported.path("results/report.html"), "results")
    caption = unescape(plain(shown["results/figures/four_points_phase_diagram.png"]["caption"]))
    metrics = json.loads(reported.path("results/four_points/metrics.json").read_text())
    rows, crossing = metrics["rows"], metrics["rows_with_crossing"]
    assert f"in {crossing} of {rows} rows of gamma'" in caption
    assert f"by {metrics['boundary_error_mean']:.3g} in gamma on average" in caption
    assert "gamma = 0.75, 1 and 1.5; gamma' = -0.5, 0 and 0.25; m = 50 and 100; 2 seeds" in caption
    assert "until the mean squared error is 0.0001" in caption
    wave = plain(shown["results/figures/wave_phase_diagram.png"]["caption"])
    assert "Data: data/user/wave.csv" in wave
    limit = plain(shown["results/figures/limit_exponents.png"]["caption"])
    assert "64 quadrature neurons" in limit
    descent = plain(shown["results/figures/four_points_descent.png"]["caption"])
    assert "given up after 2,000 steps" in descent


@pytest.mark.slow
def test_the_overview_tells_results_times_and_origin(reported):
    html = read(reported.path("results/report.html"), "workflow_desc")
    assert "system-message" not in html
    text = unescape(plain(html))
    assert "four_points 36 of 36" in text
    assert "train_batch" in text
    assert re.search(r"Together .+ of \d+ jobs", text)
    assert "there is no time" not in text
    assert "params.yaml, sha256" in text
    assert re.search(r"records (\d+) of \1 files are those that the records tell of", text)
    assert "in no git repository" in text


@pytest.mark.slow
def test_results_from_elsewhere_have_a_report_that_says_what_is_missing(reported, tmp_path):
    # As after dvc pull: no records of Snakemake's, no single networks.
    project = reported.copy(tmp_path / "with space")
    for name in (".snakemake", "results/runs", "results/report.html"):
        shutil.rmtree(path) if (path := project.path(name)).is_dir() else path.unlink()
    project.path("results/wave/made_from/figures.json").write_text("damaged")
    # And changed by hand.
    changed = project.path("results/figures/four_points_exponents.png")
    shutil.copyfile(project.path("results/figures/four_points_condensation.png"), changed)
    project.complete(*REPORT)
    page = project.path("results/report.html")
    text = plain(read(page, "workflow_desc"))
    assert re.search(r"Of \d+ jobs there is no time", text)
    assert "1 record is missing" in text
    shown = {path: plain(result["caption"]) for path, result in read(page, "results").items()}
    missing = "The record of it, results/wave/made_from/figures.json, is missing"
    assert missing in shown["results/figures/wave_exponents.png"]
    assert "this is the file" in shown["results/wave/slopes.csv"]
    assert "this is not the file" in shown["results/figures/four_points_exponents.png"]


@pytest.mark.slow
def test_reproduce_makes_the_report_of_its_parameters(project):
    parameters_ = project.parameters()
    del parameters_["experiments"]["wave"]
    project.write_parameters(parameters_)
    project.path("params.yaml").rename(project.path("other.yaml"))
    command = ("python", "workflow/reproduce.py", "--cores", "2", "--config", "params=other.yaml")
    ended = project.run(*command)
    assert ended.code == 0, ended.text
    lines = ended.text.splitlines()
    sums, page, *figures, explorer = lines[lines.index("results/SHA256SUMS") :]
    assert (page, explorer) == ("results/report.html", "results/explorer.html")
    assert len(figures) == 3 and all(line.startswith("results/figures/four_") for line in figures)
    assert "report.html" not in project.path(sums).read_text()
    shown = read(project.path(page), "results")
    assert not [path for path in shown if "wave" in path or "studies" in path]
    words = plain(read(project.path(page), "workflow_desc"))
    assert "other.yaml, sha256" in words and "There are no studies." in words
    assert "system-message" not in read(project.path(page), "workflow_desc")


@pytest.mark.slow
def test_a_part_of_the_results_has_no_report(tmp_path):
    project = Project.create(tmp_path / "with space")
    ended = project.run("python", "workflow/reproduce.py", "data", "--cores", "2")
    assert ended.code == 0, ended.text
    assert not project.path("results/report.html").exists()


@pytest.mark.slow
def test_the_page_opens_by_itself(reported):
    page = reported.path("results/report.html")
    with opened(page) as seen:
        seen.page.wait_for_selector("#rulegraph svg, #rulegraph canvas")
        menu = seen.page.inner_text("nav")
        assert all(name in menu for name in ("Phase diagrams", "Studies", "Tables"))
        top = seen.page.locator("h1", has_text="The phase diagram").bounding_box()
        assert top["y"] >= 0, "the beginning of the overview cannot be reached"
        seen.page.locator(".prose a", has_text="Phase diagrams").click()
        row = seen.page.locator("nav tr", has_text="wave").filter(has_text="exponents")
        row.locator("a").first.click()
        picture = seen.page.locator(".h-screen img[src^='data:image/png']")
        picture.wait_for()
        assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
        row.locator("a").last.click()
        seen.page.get_by_text("Made from.").wait_for()
        seen.page.evaluate("app.setView({navbarMode: 'menu'})")
        seen.page.get_by_role("link", name="Statistics").click()
        seen.page.wait_for_selector("#runtimes svg, #runtimes canvas")
    assert not seen.errors
    assert {url for url in seen.requests if not url.startswith("data:")} == {page.as_uri()}
