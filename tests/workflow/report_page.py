"""The page of a report, as data and in a browser."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest


def read(page: Path, name: str) -> Any:
    """Read what a page assigns to one of its variables: `results`, `categories`, ..."""
    text = page.read_text(encoding="utf-8")
    (found,) = re.findall(rf"^    var {name} = (.+);$", text, re.MULTILINE)
    return json.loads(found)


def plain(html: str) -> str:
    """Take the tags and line breaks out of a caption."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@dataclass
class Seen:
    """A page that is open in a browser, its errors and what it has asked for."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def opened(path: Path) -> Iterator[Seen]:
    """Open a page in Chromium without network; skips the test where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(offline=True)
        seen = Seen(context.new_page())
        seen.page.on(
            "console",
            lambda said: seen.errors.append(said.text) if said.type == "error" else None,
        )
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.goto(path.as_uri())
        yield seen
        browser.close()
