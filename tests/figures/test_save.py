import io
import os
import subprocess
import sys
import zlib
from contextlib import suppress
from pathlib import Path

import matplotlib.image
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from phase_diagram.figures.drawing.save import LAYOUT, save
from phase_diagram.fits.boundary import find_boundary

SUFFIXES = (".png", ".pdf")

ELSEWHERE = """
import sys
from phase_diagram.fits.boundary import find_boundary
from phase_diagram.figures.phase_plane import draw
from phase_diagram.figures.drawing.save import save
from phase_diagram.parameters.figures import FigureSettings
from phase_diagram.fits.slopes import COLUMNS
from phase_diagram.files.tables import read_csv

slopes = read_csv(sys.argv[1], COLUMNS)
settings = FigureSettings(width_inches=3.3, dpi=100)
figure = draw(slopes, find_boundary(slopes), settings, "Title")
for path in sys.argv[2:]:
    save(figure, path)
"""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_figure_gives_the_same_bytes(slopes_with_gaps, plane, tmp_path, monkeypatch, suffix):
    first, second, third = (tmp_path / f"{name}{suffix}" for name in ("first", "second", "third"))
    figure = plane(slopes_with_gaps, "Title")
    # matplotlib dates a PDF by this clock, if it dates it.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    save(figure, first)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1500000000")
    save(figure, second)
    save(plane(slopes_with_gaps, "Title"), third)
    assert first.read_bytes() == second.read_bytes() == third.read_bytes()
    assert b"atplotlib" not in first.read_bytes()


def test_another_process_with_its_own_matplotlibrc_gives_the_same_bytes(slopes, plane, tmp_path):
    here = [tmp_path / f"here{suffix}" for suffix in SUFFIXES]
    there = [tmp_path / f"there{suffix}" for suffix in SUFFIXES]
    figure = plane(slopes, "Title", boundary=find_boundary(slopes))
    for path in here:
        save(figure, path)
    settings = tmp_path / "matplotlibrc"
    settings.write_text("font.size: 25\nsavefig.dpi: 40\npdf.fonttype: 3\nsavefig.bbox: tight\n")
    table = Path(__file__).parent / "data" / "slopes.csv"
    subprocess.run(
        [sys.executable, "-c", ELSEWHERE, table, *there],
        check=True,
        env={**os.environ, "MATPLOTLIBRC": str(settings), "PYTHONHASHSEED": "7"},
    )
    assert [path.read_bytes() for path in there] == [path.read_bytes() for path in here]


def test_files_are_what_their_names_say(slopes, plane, tmp_path):
    figure = plane(slopes, dpi=80)
    save(figure, tmp_path / "new folder" / "plane.png")
    save(figure, tmp_path / "new folder" / "plane.pdf")
    picture = matplotlib.image.imread(tmp_path / "new folder" / "plane.png")
    height, width = picture.shape[:2]
    assert (width, height) == (264, int(80 * figure.get_figheight()))
    assert (tmp_path / "new folder" / "plane.pdf").read_bytes().startswith(b"%PDF-")
    assert len(list((tmp_path / "new folder").iterdir())) == 2


def test_pdf_embeds_truetype_fonts(slopes, plane, tmp_path):
    save(plane(slopes), tmp_path / "plane.pdf")
    content = (tmp_path / "plane.pdf").read_bytes()
    assert b"/FontFile2" in content and b"/Subtype /Type3" not in content


def test_fonts_of_a_pdf_are_glyphs_without_layout(slopes, plane, tmp_path):
    """And fontTools is left as it was."""
    load = subset.load_font
    save(plane(slopes), tmp_path / "plane.pdf")
    assert subset.load_font is load
    content = (tmp_path / "plane.pdf").read_bytes()
    streams = [part.split(b"endstream")[0] for part in content.split(b"stream\n")[1::2]]
    found = []
    for stream in streams:
        with suppress(zlib.error):
            data = zlib.decompress(stream)
            if data[:4] == b"\0\1\0\0":  # TrueType
                found.append(set(TTFont(io.BytesIO(data)).keys()))
    assert found and all("glyf" in tables and not tables & set(LAYOUT) for tables in found)


def test_failed_save_keeps_the_old_file(slopes, plane, tmp_path, monkeypatch):
    path = tmp_path / "plane.png"
    path.write_bytes(b"old")
    figure = plane(slopes)

    def fail(*_, **__):
        raise RuntimeError("interrupted")

    monkeypatch.setattr(figure.axes[0], "draw", fail)
    with pytest.raises(RuntimeError, match="interrupted"):
        save(figure, path)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["plane.png"]


def test_other_formats_are_refused(slopes, plane, tmp_path):
    with pytest.raises(ValueError, match=r"\.png or \.pdf"):
        save(plane(slopes), tmp_path / "plane.svg")
    assert list(tmp_path.iterdir()) == []
