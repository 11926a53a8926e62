import pytest
from browser import chromium
from small_experiments import LOOKS, packs

from phase_diagram.explorer.page import build


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "explorer.html"
    build.write(path, packs(), LOOKS)
    return path
