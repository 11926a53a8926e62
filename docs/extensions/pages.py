"""What must hold for the pages once built: nothing comes from a network, no link leads nowhere.

Sphinx checks the references that it makes itself, not what a theme loads or where a link with an
anchor arrives.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

# What a browser fetches by itself; `a` is followed by the reader.
LOADED = {"src", "srcset", "data", "poster", "action"}
STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Page(HTMLParser):
    """The targets and anchors of a page.

    Attributes
    ----------
    loaded, followed : list of str
        What a browser loads by itself, and where links lead.
    anchors : set of str
        The names that links may end in.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.followed: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what an element refers to and what it is called."""
        for name, value in attrs:
            if value is None:
                continue
            if name == "href":
                (self.followed if tag == "a" else self.loaded).append(value)
            elif name in LOADED:
                self.loaded.append(value)
            elif name == "style":
                self.loaded += styled(value)
            elif name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)

    def handle_data(self, data: str) -> None:
        """Take down what a style sheet inside the page loads."""
        if self.lasttag == "style":
            self.loaded += styled(data)


def styled(text: str) -> list[str]:
    """Give what a style sheet loads."""
    return [url or imported for url, imported in STYLE.findall(text)]


def is_remote(target: str) -> bool:
    """Say whether a target lies in a network."""
    parts = urlsplit(target)
    return bool(parts.netloc) or parts.scheme not in ("", "data", "mailto")


def faults(folder: Path) -> list[str]:
    """Look through a built site.

    Parameters
    ----------
    folder : path
        Of the HTML.

    Returns
    -------
    list of str
        A line for each target that a page loads from a network, or that is not there.
    """
    pages = {
        file.resolve(): Page(file.read_text(encoding="utf-8"))
        for file in sorted(folder.rglob("*.html"))
    }
    found = []
    for file, page in pages.items():
        shown = file.relative_to(folder.resolve())
        found += [f"{shown}: loads {target}" for target in page.loaded if is_remote(target)]
        for target in [*page.loaded, *page.followed]:
            parts = urlsplit(target)
            if is_remote(target) or parts.scheme:
                continue
            there = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            if not there.is_file():
                found.append(f"{shown}: {target}: there is no such file")
                continue
            anchor = unquote(parts.fragment)
            if there in pages and anchor and anchor not in pages[there].anchors:
                found.append(f"{shown}: {target}: the page has no such anchor")
    for file in sorted(folder.rglob("*.css")):
        targets = styled(file.read_text(encoding="utf-8"))
        found += [f"{file.relative_to(folder)}: loads {t}" for t in targets if is_remote(t)]
    return found


def _check(app: Sphinx, failure: Exception | None) -> None:
    if failure is None and app.builder.format == "html":
        found = faults(Path(app.outdir))
        if found:
            raise ExtensionError("\n".join(["the site is not sound:", *found]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Look through the pages once they are written."""
    app.connect("build-finished", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
