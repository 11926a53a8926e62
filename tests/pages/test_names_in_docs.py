"""Tests, files and modules that README, CONTRIBUTING and docs/*.md name exist."""

import re
from pkgutil import resolve_name

import pytest

from docs.extensions.links import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TESTS = {
    name
    for file in (ROOT / "tests").rglob("*.py")
    for name in [file.stem, *re.findall(r"^(?:def|class) (\w+)", file.read_text(), re.MULTILINE)]
}
FILE = re.compile(r"(?<![\w/.])(?:src|tests|workflow|examples|benchmarks)/[\w/]*\w(?:\.\w+)*")
MODULE = re.compile(r"(?<=from )phase_diagram[\w.]* import \w+|(?<![\w/])phase_diagram\.[\w.]*\w")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tests_files_and_modules_of_a_page_exist(page):
    text = page.read_text(encoding="utf-8")
    tests = re.findall(r"\btest_\w+|\bTest[A-Z]\w+", text)
    assert not [name for name in tests if name not in TESTS]
    assert not [name for name in FILE.findall(text) if not (ROOT / name).exists()]
    assert not [name for name in MODULE.findall(text) if not exists(name.replace(" import ", "."))]


def exists(name: str) -> bool:
    """Say whether a dotted name is a module, or an object in one."""
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True
