"""The explorer through Snakemake: what its page is made from, and what is made anew for it."""

import re

from small_parameters import PARAMETERS

from phase_diagram.explorer import pack
from phase_diagram.explorer.stored_views import Views


def test_the_page_has_the_packs_of_all_experiments(finished):
    page = finished.path("results/explorer.html").read_text(encoding="utf-8")
    offered = re.findall(r'id="pack-(\w+)"', page)
    assert offered == list(PARAMETERS["experiments"])
    for name in offered:
        header, arrays = pack.unpack(finished.path(f"results/explorer/{name}.pack").read_bytes())
        chosen = PARAMETERS["experiments"][name]
        assert header["width"] == min(chosen["widths"])
        assert header["line"] == (name == "four_points")
        assert len(arrays["gamma"]) == len(chosen["gamma"]) * len(chosen["gamma_prime"])


def test_looks_train_nothing(project):
    page = project.path("results/explorer.html").read_text(encoding="utf-8")
    style = "src/phase_diagram/explorer/page/page.css"
    text = project.path(style).read_text()
    project.path(style).write_text(text.replace("--page: #f5f5f3", "--page: #eeeeee"))
    ended = project.snakemake()
    assert (ended.code, ended.jobs) == (0, {"page": 1})
    assert project.path("results/explorer.html").read_text(encoding="utf-8") == page.replace(
        "--page: #f5f5f3", "--page: #eeeeee"
    )


def test_more_seeds_and_wider_networks_leave_the_views(project):
    project.change("experiments.wave.seeds", 3)
    project.change("experiments.wave.widths", [50, 70, 100])
    found = project.snakemake("--dry-run").jobs
    assert "views" not in found and found["pack"] == found["page"] == 1
    project.change("experiments.wave.widths", [40, 100])
    assert project.snakemake("--dry-run").jobs["views"] == 1


def test_a_page_without_an_experiment_offers_it_no_more(project):
    parameters = project.parameters()
    del parameters["experiments"]["wave"]
    project.write_parameters(parameters)
    ended = project.snakemake()
    assert (ended.code, ended.jobs) == (0, {"page": 1})
    page = project.path("results/explorer.html").read_text(encoding="utf-8")
    assert re.findall(r'id="pack-(\w+)"', page) == ["four_points"]


def test_a_page_with_a_new_experiment_is_made_anew(project):
    parameters = project.parameters()
    parameters["experiments"]["more"] = parameters["experiments"]["wave"]
    project.write_parameters(parameters)
    ended = project.snakemake()
    assert ended.code == 0, ended.text
    each = ("prepare", "train_batch", "collect", "fit", "draw_experiment", "views", "pack", "page")
    assert ended.jobs == dict.fromkeys(each, 1)
    page = project.path("results/explorer.html").read_text(encoding="utf-8")
    assert 'id="pack-more"' in page


def test_damaged_views_are_made_again(project):
    before = project.results()
    path = project.path("results/wave/views.npz")
    path.write_bytes(path.read_bytes()[:-100])
    ended = project.snakemake()
    assert (ended.code, ended.jobs) == (0, {"views": 1, "pack": 1, "page": 1})
    assert len(Views.read(path).gamma) == 4
    assert project.results() == before
