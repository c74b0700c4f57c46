"""The summary of a scoring run as one HTML page that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bokeh.embed import components
from bokeh.models import ColumnDataSource, HoverTool
from bokeh.plotting import figure
from bokeh.resources import INLINE
from jinja2 import Environment, FileSystemLoader

COLOURS = {
    "both": "#b3261e",
    "only_probability": "#7b3fa0",
    "only_error": "#c77700",
    "neither": "#8a94a6",
}
MEANING = {
    "both": "found by both",
    "only_probability": "by reconstruction probability alone",
    "only_error": "by reconstruction error alone",
    "neither": "by neither",
}


def render(summary: dict[str, Any]) -> str:
    """A page with the figures of `summary` inside it, scripts included."""
    loader = FileSystemLoader(Path(__file__).parent)
    page = Environment(loader=loader, autoescape=True).get_template("report.html.jinja")
    script, figures = components({"histogram": _histogram(summary), "scatter": _scatter(summary)})
    return page.render(summary=summary, script=script, figures=figures, bokeh=INLINE.render())


def _histogram(summary: dict[str, Any]) -> figure:
    bins = summary["histogram"]
    plot = figure(
        height=280,
        sizing_mode="stretch_width",
        x_axis_label="score (0: the middle of the table; left: anomalous)",
        y_axis_label="rows",
        tools="",
        toolbar_location=None,
    )
    edges = {"left": bins["edges"][:-1], "right": bins["edges"][1:], "bottom": 0}
    plot.quad(top=bins["counts"], **edges, fill_color="#8a94a6", line_color="white")
    plot.quad(top=bins["flagged"], **edges, fill_color="#b3261e", line_color="white")
    return plot


def _scatter(summary: dict[str, Any]) -> figure:
    plot = figure(
        height=380,
        sizing_mode="stretch_width",
        x_axis_label="reconstruction log-probability (left: anomalous)",
        y_axis_label="reconstruction error (up: anomalous)",
        tools="pan,wheel_zoom,box_zoom,reset",
    )
    for where, colour in COLOURS.items():
        points = [p for p in summary["comparison"]["points"] if p["where"] == where]
        source = ColumnDataSource(
            {key: [p[key] for p in points] for key in ("row", "log_probability", "error")}
        )
        plot.scatter(
            "log_probability",
            "error",
            source=source,
            color=colour,
            alpha=0.7,
            legend_label=MEANING[where],
        )
    tips = [("row", "@row"), ("log-probability", "@log_probability"), ("error", "@error")]
    plot.add_tools(HoverTool(tooltips=tips))
    plot.legend.click_policy = "hide"
    return plot
