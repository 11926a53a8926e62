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
from phase_diagram.workflow.plan import Plan
from phase_diagram.workflow.stages import BULKY, STAGES, in_report

REPORT = ("--report", "results/report.html")
FIGURES_AND_TABLES = (".png", ".csv", ".json")


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
    ended = project.snakemake(*REPORT)
    assert ended.code == 0, ended.text
    return project


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


def test_changed_results_change_their_captions(reported, tmp_path):
    project = reported.copy(tmp_path / "changed")
    project.change("experiments.four_points.gamma", [0.75, 1.5])
    # What the study of relative distances shows is on this grid too.
    parameters_ = project.parameters()
    del parameters_["studies"], parameters_["experiments"]["limit"]
    del parameters_["experiments"]["descent"], parameters_["experiments"]["wave"]
    project.write_parameters(parameters_)
    project.path("params.yaml").rename(project.path("other.yaml"))
    told = ("--config", "params=other.yaml")
    assert project.snakemake(*told).code == 0
    page = project.path("results/report.html")
    before = read(page, "results")["results/figures/four_points_phase_diagram.png"]["caption"]
    assert project.snakemake(*REPORT, *told).code == 0
    shown = read(page, "results")
    after = shown["results/figures/four_points_phase_diagram.png"]["caption"]
    assert plain(before) != plain(after)
    assert "24 networks, all trained" in plain(after)
    assert not [path for path in shown if "wave" in path or "studies" in path]
    assert "There are no studies." in read(page, "workflow_desc")
    assert "system-message" not in read(page, "workflow_desc")


def test_results_from_elsewhere_have_a_report_that_says_what_is_missing(reported, tmp_path):
    # As after dvc pull: no records of Snakemake's, no single networks.
    project = reported.copy(tmp_path / "with space")
    for name in (".snakemake", "results/runs", "results/report.html"):
        project.run("rm", "-r", name)
    project.path("results/wave/made_from/figures.json").write_text("damaged")
    ended = project.snakemake(*REPORT)
    assert ended.code == 0, ended.text
    page = project.path("results/report.html")
    text = plain(read(page, "workflow_desc"))
    assert re.search(r"Of \d+ jobs there is no time", text)
    assert "1 record is missing" in text
    shown = read(page, "results")
    drawn = plain(shown["results/figures/wave_exponents.png"]["caption"])
    assert "The record of it, results/wave/made_from/figures.json, is missing" in drawn
    assert "this is the file" in plain(shown["results/wave/slopes.csv"]["caption"])

    project.path("results/wave/slopes.csv").unlink()
    ended = project.snakemake(*REPORT)
    assert ended.code == 1
    last = ended.text.splitlines()[-1]
    assert last == "File results/wave/slopes.csv marked for report but does not exist."


def test_a_result_that_was_changed_by_hand_is_told(reported, tmp_path):
    project = reported.copy(tmp_path / "with space")
    path = project.path("results/figures/wave_exponents.png")
    shutil.copyfile(project.path("results/figures/wave_condensation.png"), path)
    assert project.snakemake(*REPORT).code == 0
    shown = read(project.path("results/report.html"), "results")
    assert "this is not the file" in plain(shown["results/figures/wave_exponents.png"]["caption"])


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


def reproduce(project: Project, *arguments: str) -> list[str]:
    ended = project.run("python", "workflow/reproduce.py", *(arguments or ("--cores", "2")))
    assert ended.code == 0, ended.text
    lines = ended.text.splitlines()
    return lines[lines.index("results/SHA256SUMS") + 1 :]


def test_reproduce_makes_the_report_when_there_is_something_new(project):
    page = project.path("results/report.html")
    line, *figures, explorer = reproduce(project)
    assert line == "results/report.html"
    assert all(figure.startswith("results/figures/") for figure in figures)
    assert explorer == "results/explorer.html"
    first = page.stat().st_mtime_ns
    assert "report.html" not in project.path("results/SHA256SUMS").read_text()
    assert reproduce(project)[0] == line
    assert page.stat().st_mtime_ns == first
    project.change("figures.dpi", 70)
    reproduce(project)
    assert page.stat().st_mtime_ns > first
    page.write_text("another page")
    reproduce(project)
    assert "another page" not in page.read_text()
    project.path("params.yaml").rename(project.path("other.yaml"))
    reproduce(project, "--cores", "2", "--config", "params=other.yaml")
    assert "other.yaml, sha256" in plain(read(page, "workflow_desc"))


def test_a_report_that_cannot_be_made_does_not_hide_the_results(project):
    reproduce(project)
    project.path("workflow/report/experiments/slopes.rst").write_text("{{ nothing.at.all }}")
    line, *figures, explorer = reproduce(project)
    assert line.startswith("warning: results/report.html was not made (")
    assert line.endswith("; the results are complete without it")
    assert len(figures) == 6
    assert explorer == "results/explorer.html"
    # An old page would be taken for that of these results.
    assert not project.path("results/report.html").exists()
    assert not list(project.path("results").glob(".*partial*"))


def test_a_part_of_the_results_makes_no_report(tmp_path):
    project = Project.create(tmp_path / "part")
    ended = project.run("python", "workflow/reproduce.py", "--cores", "2", "data")
    assert ended.code == 0, ended.text
    assert not project.path("results/report.html").exists()
