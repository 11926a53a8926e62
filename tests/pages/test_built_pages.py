"""What the build of the site refuses in its pages: anything from a network, links to nowhere."""

import pytest

from docs.extensions.pages import faults

SOUND = """<!doctype html><link rel="stylesheet" href="style.css">
<script src="a.js"></script><img src="data:image/png;base64,AAAA">
<a href="https://example.org">elsewhere</a> <a href="other.html#there">there</a> <h1 id="top">T</h1>
<a href="#top">up</a> <a href="mailto:someone@example.org">write</a>"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "index.html").write_text(SOUND, encoding="utf-8")
    (tmp_path / "other.html").write_text('<p id="there">', encoding="utf-8")
    (tmp_path / "style.css").write_text("a { background: url(a.js) }", encoding="utf-8")
    (tmp_path / "a.js").write_text("", encoding="utf-8")
    return tmp_path


def test_a_sound_site_has_no_faults(site):
    assert faults(site) == []


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://example.org/a.js"></script>',
        '<script src="//example.org/a.js"></script>',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<link rel="preconnect" href="https://example.org">',
        '<img src="http://example.org/a.png">',
        '<p style="background: url(https://example.org/a.png)">',
        '<iframe src="https://example.org"></iframe>',
        "<style>@import 'https://example.org/a.css';</style>",
    ],
)
def test_what_is_loaded_from_a_network_is_named(site, element):
    (site / "index.html").write_text(SOUND + element, encoding="utf-8")
    (fault,) = faults(site)
    assert fault.startswith("index.html: loads ")
    assert "example.org" in fault


@pytest.mark.parametrize(
    "rule", ["@import 'https://example.org/a.css';", "a { background: url('//example.org/a') }"]
)
def test_style_sheets_load_nothing_from_a_network_either(site, rule):
    (site / "style.css").write_text(rule, encoding="utf-8")
    (fault,) = faults(site)
    assert fault.startswith("style.css: loads ")


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        ('<a href="nowhere.html">', "no such file"),
        ('<a href="other.html#nowhere">', "no such anchor"),
        ('<a href="#nowhere">', "no such anchor"),
        ('<img src="nowhere.png">', "no such file"),
    ],
)
def test_links_to_nowhere_are_named(site, element, reason):
    (site / "index.html").write_text(SOUND + element, encoding="utf-8")
    (fault,) = faults(site)
    assert reason in fault
    assert "nowhere" in fault
