"""CITATION.cff is what the Citation File Format 1.2.0 asks for, and of the version that this is."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]

# Of the schema of version 1.2.0: the keys a file must have, and those it may have besides.
REQUIRED = {"authors", "cff-version", "message", "title"}
OPTIONAL = {
    *("abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords"),
    *("license", "license-url", "preferred-citation", "references", "repository"),
    *("repository-artifact", "repository-code", "type", "url", "version"),
}
IDENTIFIERS = {"doi", "url", "swh", "other"}


@pytest.fixture(scope="module")
def citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_keys_are_those_of_the_format(citation):
    assert set(citation) >= REQUIRED
    assert set(citation) <= REQUIRED | OPTIONAL
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in ("software", "dataset")


@pytest.mark.parametrize("key", ["abstract", "license", "message", "title", "version"])
def test_texts_say_something(citation, key):
    assert isinstance(citation[key], str)
    assert citation[key].strip()


def test_keywords_are_different_texts(citation):
    keywords = citation["keywords"]
    assert keywords
    assert all(isinstance(word, str) for word in keywords)
    assert len(set(keywords)) == len(keywords)


def test_authors_are_persons_or_have_a_name(citation):
    lists = [citation["authors"], *(reference["authors"] for reference in citation["references"])]
    for author in (author for authors in lists for author in authors):
        assert set(author) <= {"name"} or {"family-names", "given-names"} <= set(author)


def test_references_can_be_found(citation):
    for reference in citation["references"]:
        assert set(reference) >= {"authors", "title", "type"}
        assert all(isinstance(reference[key], int) for key in ("year", "volume", "start", "end"))
        assert reference["start"] < reference["end"]
        for identifier in reference["identifiers"]:
            assert identifier["type"] in IDENTIFIERS
            assert re.fullmatch(r"arXiv:\d{4}\.\d{5}", identifier["value"])


def test_one_version_stands_everywhere(citation):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = re.search(r"^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert citation["version"] == project["version"] == newest[1]
    assert citation["license"] == project["license"]
