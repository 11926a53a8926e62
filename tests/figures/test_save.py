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


def test_another_process_with_its_own_settings_and_date_gives_the_same_bytes(
    slopes, plane, tmp_path
):
    here, again, there = (
        [tmp_path / f"{name}{suffix}" for suffix in (".png", ".pdf")]
        for name in ("here", "again", "there")
    )
    figure = plane(slopes, "Title", boundary=find_boundary(slopes))
    for path in here + again:
        save(figure, path)
    settings = tmp_path / "matplotlibrc"
    settings.write_text("font.size: 25\nsavefig.dpi: 40\npdf.fonttype: 3\nsavefig.bbox: tight\n")
    table = Path(__file__).parent / "data" / "slopes.csv"
    subprocess.run(
        [sys.executable, "-c", ELSEWHERE, table, *there],
        check=True,
        env={
            **os.environ,
            "MATPLOTLIBRC": str(settings),
            "PYTHONHASHSEED": "7",
            # matplotlib dates a PDF by this clock, if it dates it.
            "SOURCE_DATE_EPOCH": "1000000000",
        },
    )
    for one, *others in zip(here, again, there, strict=True):
        assert all(one.read_bytes() == other.read_bytes() for other in others)
        assert b"atplotlib" not in one.read_bytes()


def test_files_are_what_their_names_say(slopes, plane, tmp_path):
    figure, folder = plane(slopes, dpi=80), tmp_path / "new folder"
    save(figure, folder / "plane.png")
    save(figure, folder / "plane.pdf")
    height, width = matplotlib.image.imread(folder / "plane.png").shape[:2]
    assert (width, height) == (264, int(80 * figure.get_figheight()))
    assert (folder / "plane.pdf").read_bytes().startswith(b"%PDF-")
    assert len(list(folder.iterdir())) == 2


def test_fonts_of_a_pdf_are_truetype_glyphs_without_layout(slopes, plane, tmp_path):
    """And fontTools is left as it was."""
    load = subset.load_font
    save(plane(slopes), tmp_path / "plane.pdf")
    assert subset.load_font is load
    content = (tmp_path / "plane.pdf").read_bytes()
    assert b"/Subtype /Type3" not in content
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
