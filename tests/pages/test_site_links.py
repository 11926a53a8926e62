"""Links of Markdown that hold on a code host hold in the site."""

import re
from pathlib import Path

import pytest

from docs.extensions.links import LINK, PAGES, ROOT, relinked

SOURCES = [
    *sorted(path for path in ROOT.glob("docs/*.md")),
    *(ROOT / name for name in PAGES if name.endswith(".md")),
]


@pytest.mark.parametrize(
    ("written", "written_in", "shown_in", "expected"),
    [
        ("](../params.yaml)", "docs/index.md", "docs/index.md", "](project/parameters.md)"),
        ("](../Makefile)", "docs/index.md", "docs/index.md", "](../Makefile)"),
        ("](docs/theory.md)", "README.md", "docs/project/readme.md", "](../theory.md)"),
        (
            "](docs/theory.md#9-reference-values)",
            "README.md",
            "docs/project/readme.md",
            "](../theory.md#9-reference-values)",
        ),
        ("](CHANGELOG.md)", "README.md", "docs/project/readme.md", "](changelog.md)"),
        (
            "](results.csv)",
            "benchmarks/results.md",
            "docs/project/benchmarks.md",
            "](../../benchmarks/results.csv)",
        ),
    ],
)
def test_targets_are_given_from_where_they_are_shown(written, written_in, shown_in, expected):
    assert relinked(written, written_in, shown_in) == expected


@pytest.mark.parametrize(
    "written", ["](https://example.org/README.md)", "](#section)", "](no_such_file.md)", "](docs)"]
)
def test_other_targets_are_left_as_they_are(written):
    assert relinked(written, "README.md", "docs/project/readme.md") == written


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_relative_link_of_a_page_leads_to_a_file(path):
    text = path.read_text(encoding="utf-8")
    missing = [link for link in LINK.findall(text) if not (path.parent / link).exists()]
    assert not missing


def test_there_are_links_to_be_followed():
    found = [link for path in SOURCES for link in LINK.findall(path.read_text(encoding="utf-8"))]
    assert len(found) > 20


def test_every_page_that_stands_for_a_file_shows_it():
    for file, page in PAGES.items():
        shown = re.search(r"\{(?:literal)?include\} (\S+)", (ROOT / page).read_text())
        assert shown is not None
        assert (Path(ROOT / page).parent / shown[1]).resolve() == ROOT / file
