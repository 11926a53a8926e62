"""Chromium, headless, with the page in it and no network."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
GREEK = "\N{GREEK SMALL LETTER GAMMA}"
# Where pictures of the page are kept, if anywhere.
SCREENSHOTS = "EXPLORER_SCREENSHOTS"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium of the system; without one, skip."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip(f"needs one of {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        # A container has neither the rights for its sandbox nor much shared memory.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, file: Path, fragment: str = "", *, width: int = 1600, scheme: str = "light"
) -> Iterator[Page]:
    """Open the page; in the end, see that it complained of nothing and asked nothing of a network.

    Yields
    ------
    Page
        Ready for use.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        has_touch=width < 600,
        reduced_motion="reduce",
    )
    asked: list[str] = []
    complaints: list[str] = []

    def refuse(route) -> None:
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    context.route("**/*", refuse)
    page = context.new_page()
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri() + fragment)
    page.wait_for_selector("body[data-ready=true]", timeout=60_000)
    yield page
    keep(page)
    assert complaints == []
    assert asked == []
    context.close()


def keep(page: Page, name: str = "") -> None:
    """Keep a picture of the page, named after the test, if an environment variable says where."""
    folder = os.environ.get(SCREENSHOTS)
    if not folder:
        return
    test = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
    plain = "".join(letter if letter.isalnum() else "_" for letter in f"{test}_{name}").strip("_")
    page.screenshot(path=Path(folder) / f"{plain}.png", full_page=True)


def fragment(page) -> str:
    return page.evaluate("location.hash")


def words(gamma: float, gamma_prime: float) -> str:
    """Write a point as the page does."""
    text = f"{GREEK} = {gamma:g}, {GREEK}\N{PRIME} = {gamma_prime:g}"
    return text.replace("-", "\N{MINUS SIGN}")


def place(page) -> str:
    return page.locator("#place").inner_text()


def shown(page, plot: str, renderer: str) -> dict:
    """Give the data that a renderer of a plot has, as Bokeh has it."""
    return page.evaluate(
        """([plot, name]) => {
          const model = Bokeh.documents[0].get_model_by_name(plot);
          const found = model.renderers.find((one) => one.name === name);
          const lists = Object.entries(found.data_source.data);
          return Object.fromEntries(lists.map(([key, list]) => [key, Array.from(list)]));
        }""",
        [plot, renderer],
    )
