"""Links of Markdown that hold on a code host hold in the site."""

import re
from pathlib import Path

import pytest

from docs.extensions.links import PAGES, ROOT, relinked


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


def test_every_page_that_stands_for_a_file_shows_it():
    for file, page in PAGES.items():
        shown = re.search(r"\{(?:literal)?include\} (\S+)", (ROOT / page).read_text())
        assert shown is not None
        assert (Path(ROOT / page).parent / shown[1]).resolve() == ROOT / file
