"""The five plots of the page, as Bokeh models whose data the page's script fills in."""

import re
from typing import Any

import bokeh
from bokeh.core.properties import value
from bokeh.document import Document
from bokeh.models import (
    AdaptiveTicker,
    ColumnDataSource,
    CustomJSTickFormatter,
    FixedTicker,
    Range1d,
)
from bokeh.plotting import figure

FONT = "system-ui, sans-serif"
NAMES = ("plane", "distances", "learned", "neurons", "losses")

GAMMA, PRIME = "\N{GREEK SMALL LETTER GAMMA}", "\N{PRIME}"
# Functions of ticks.js.
POWERS, QUARTERS, MINUS = (
    f"return explorerTicks.{name}(tick);" for name in ("power", "quarter", "number")
)


def models() -> dict[str, figure]:
    """Make the plots, by name; the renderers in them are named by what they show."""
    return {
        "plane": _plane(),
        "distances": _distances(),
        "learned": _learned(),
        "neurons": _neurons(),
        "losses": _losses(),
    }


def as_json(plots: dict[str, figure]) -> dict[str, Any]:
    """Return a document of the plots for BokehJS, reproducible to the byte.

    Returns
    -------
    dict
        `document`; `roots`, the identifier of each plot in it.
    """
    document = Document()
    for plot in plots.values():
        document.add_root(plot)
    ids: dict[str, str] = {}
    # Bokeh numbers all models of a process; here the numbers start from one.
    content = _renamed(document.to_json(deferred=False), ids)
    content["version"] = bokeh.__version__
    return {"document": content, "roots": {name: ids[plot.id] for name, plot in plots.items()}}


def _renamed(content: Any, ids: dict[str, str]) -> Any:
    if isinstance(content, dict):
        return {
            key: ids.setdefault(entry, f"m{len(ids) + 1}")
            if key == "id" and isinstance(entry, str) and re.fullmatch(r"p\d+", entry)
            else _renamed(entry, ids)
            for key, entry in content.items()
        }
    return [_renamed(entry, ids) for entry in content] if isinstance(content, list) else content


def _figure(name: str, x: str, y: str, **more: Any) -> figure:
    plot = figure(
        name=name,
        tools="",
        toolbar_location=None,
        sizing_mode="stretch_both",
        min_border=4,
        x_range=Range1d(start=0, end=1),
        y_range=Range1d(start=0, end=1),
        x_axis_label=x,
        y_axis_label=y,
        output_backend="canvas",
        **more,
    )
    plot.toolbar.logo = None
    plot.background_fill_color = plot.border_line_color = None
    for axis in plot.axis:
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_text_font_size = "13px"
        axis.major_label_text_font_size = "12px"
        axis.axis_label_text_font = axis.major_label_text_font = FONT
        axis.minor_tick_line_color = None
        axis.major_tick_in = 0
        axis.axis_label_standoff = 4
        axis.formatter = CustomJSTickFormatter(code=MINUS)
    plot.grid.grid_line_alpha = 0.6
    return plot


def _source(*columns: str) -> ColumnDataSource:
    return ColumnDataSource({column: [] for column in columns})


def _plane() -> figure:
    plot = _figure("plane", GAMMA, GAMMA + PRIME)
    plot.grid.visible = False
    plot.yaxis.axis_label_text_font_size = plot.xaxis.axis_label_text_font_size = "16px"
    plot.yaxis.axis_label_orientation = "horizontal"
    boxes: dict[str, Any] = {"left": "left", "right": "right", "bottom": "bottom", "top": "top"}
    cells = _source(*boxes, "colour")
    plot.quad(
        **boxes,
        source=cells,
        name="cells",
        fill_color="colour",
        line_color="colour",
        line_width=1,
    )
    for name, pattern in (("no_slope", "cross"), ("not_converged", "right_diagonal_line")):
        plot.quad(
            **boxes,
            source=_source(*boxes),
            name=name,
            fill_alpha=0,
            line_alpha=0,
            hatch_pattern=pattern,
            hatch_scale=8,
            hatch_weight=0.8,
        )
    # The marks of the selection are on a separate layer, so the cells need not be redrawn.
    for name, width in (("chosen_halo", 6), ("chosen", 2.5)):
        plot.quad(
            **boxes,
            source=_source(*boxes),
            name=name,
            fill_alpha=0,
            line_width=width,
            level="overlay",
        )
    plot.multi_line("x", "y", source=_source("x", "y"), name="kinks", line_dash=[2, 4])
    plot.line("x", "y", source=_source("x", "y"), name="theory_halo", line_width=4.5)
    plot.line("x", "y", source=_source("x", "y"), name="theory", line_width=2)
    plot.segment(
        "x0",
        "y",
        "x1",
        "y",
        source=_source("x0", "x1", "y"),
        name="crossing_errors",
        line_width=1.5,
    )
    plot.scatter(
        "x", "y", source=_source("x", "y"), name="crossings", marker="star", size=11, line_width=0.8
    )
    plot.scatter(
        "x",
        "y",
        source=_source("x", "y"),
        name="named",
        marker="diamond",
        size=13,
        line_width=1.4,
        level="overlay",
    )
    words: dict[str, Any] = {"text": "text", "text_font": value(FONT), "text_baseline": "middle"}
    names: dict[str, Any] = {"text_font_size": "12px", "x_offset": 9, "y_offset": -11}
    regimes: dict[str, Any] = {
        "text_font_size": "16px",
        "text_font_style": "italic",
        "text_align": "center",
    }
    for name, look in (("names", names), ("regimes", regimes)):
        # Bokeh strokes an outline over the letters: the letters come once more.
        for layer, width in ((f"{name}_halo", 4), (name, 0)):
            outline: dict[str, Any] = {"text_outline_width": width}
            plot.text(
                "x",
                "y",
                source=_source("x", "y", "text"),
                name=layer,
                level="overlay",
                **look,
                **words,
                **outline,
            )
    return plot


def _distances() -> figure:
    plot = _figure("distances", "width m", "RD")
    for axis in plot.axis:
        axis.ticker = FixedTicker(ticks=[])
        axis.formatter = CustomJSTickFormatter(code=POWERS)
    plot.line(
        "x", "y", source=_source("x", "y"), name="closed_form", line_dash=[5, 4], line_width=1.6
    )
    plot.line("x", "y", source=_source("x", "y"), name="fit", line_width=2)
    plot.segment(
        "x", "y0", "x", "y1", source=_source("x", "y0", "y1"), name="rd_errors", line_width=1.5
    )
    plot.scatter("x", "y", source=_source("x", "y"), name="rd", size=8, line_width=1.5)
    return plot


def _learned() -> figure:
    plot = _figure("learned", "x", "f(x)")
    plot.line("x", "y", source=_source("x", "y"), name="identity", line_dash=[5, 4], line_width=1.2)
    plot.line("x", "y", source=_source("x", "y"), name="f_before", line_width=1.5)
    plot.line("x", "y", source=_source("x", "y"), name="f_after", line_width=2.2)
    plot.scatter("x", "y", source=_source("x", "y"), name="data", size=9, line_width=1.6)
    plot.scatter("x", "y", source=_source("x", "y"), name="predicted_before", size=5, line_width=1)
    plot.scatter("x", "y", source=_source("x", "y"), name="predicted_after", size=6, line_width=0)
    return plot


def _neurons() -> figure:
    plot = _figure("neurons", "orientation", "amplitude / largest")
    plot.xaxis.ticker = FixedTicker(ticks=[])
    plot.xaxis.formatter = CustomJSTickFormatter(code=QUARTERS)
    plot.yaxis.ticker = FixedTicker(ticks=[0, 0.5, 1])
    plot.y_range = Range1d(start=-0.05, end=1.08)
    plot.segment("x", -0.05, "x", 1.08, source=_source("x"), name="kinks_at_data", line_width=1)
    plot.scatter("x", "y", source=_source("x", "y"), name="neurons_before", size=6, line_width=0)
    plot.scatter(
        "x",
        "y",
        source=_source("x", "y"),
        name="neurons_after",
        size=6,
        line_width=0,
        fill_alpha=0.85,
    )
    return plot


def _losses() -> figure:
    plot = _figure("losses", "normalised time t / t*", "loss R")
    plot.x_range = Range1d(start=-0.02, end=1.02)
    plot.xaxis.ticker = FixedTicker(ticks=[0, 0.25, 0.5, 0.75, 1])
    _powers(plot.yaxis[0], minimum=1.0)
    plot.line("x", "y", source=_source("x", "y"), name="goal", line_dash=[5, 4], line_width=1.2)
    plot.line("x", "y", source=_source("x", "y"), name="loss", line_width=2)
    plot.scatter("x", "y", source=_source("x", "y"), name="loss_points", size=5, line_width=0)
    return plot


def _powers(axis: Any, minimum: float) -> None:
    axis.ticker = AdaptiveTicker(
        base=10, mantissas=[1, 2, 5], min_interval=minimum, desired_num_ticks=5
    )
    axis.formatter = CustomJSTickFormatter(code=POWERS)
