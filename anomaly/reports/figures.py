"""The two figures of a report: an SVG histogram, and a scatter that Bokeh draws in the browser."""

from typing import Any

from django.utils.translation import gettext as _

WIDTH, HEIGHT = 640, 200  # of the histogram's drawing, in its own units

WHERE = ("both", "only_probability", "only_error", "neither")
COLOURS = {
    "both": "#d1495b",
    "only_probability": "#8f6bc7",
    "only_error": "#d98a1f",
    "neither": "#8a94a6",
}
MARKERS = {
    "both": "circle",
    "only_probability": "triangle",
    "only_error": "square",
    "neither": "circle",
}


def meaning(where: str) -> str:
    return {
        "both": _("among the most unusual by both"),
        "only_probability": _("by probability alone"),
        "only_error": _("by error alone"),
        "neither": _("by neither"),
    }[where]


def histogram(summary: dict[str, Any]) -> dict[str, Any]:
    """Bars and ticks in the drawing's units, ready for a template."""
    bins = summary["histogram"]
    counts, flagged, edges = bins["counts"], bins["flagged"], bins["edges"]
    tallest = max([*counts, 1])
    width = WIDTH / max(1, len(counts))
    room = HEIGHT - 2  # the axis takes the rest

    def bar(i: int, count: int) -> dict[str, float]:
        height = room * count / tallest
        return {
            "x": round(i * width + 0.5, 2),
            "y": round(room - height, 2),
            "width": round(max(1.0, width - 1), 2),
            "height": round(height, 2),
        }

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "base": room,
        "bars": [bar(i, count) for i, count in enumerate(counts) if count],
        "flagged": [bar(i, count) for i, count in enumerate(flagged) if count],
        "ticks": ticks(edges),
        "tallest": tallest,
    }


def ticks(edges: list[float]) -> list[float]:
    """Both ends of the axis and three values between them, evenly spaced."""
    low, high = edges[0], edges[-1]
    return [low + part / 4 * (high - low) for part in range(5)]


def scatter(summary: dict[str, Any]) -> Any:
    """A Bokeh figure of both methods' scores. Bokeh is imported here only: it takes a second."""
    from bokeh.models import ColumnDataSource, HoverTool
    from bokeh.plotting import figure

    plot = figure(
        height=420,
        sizing_mode="stretch_width",
        x_axis_label=_("reconstruction log-probability (left: anomalous)"),
        y_axis_label=_("reconstruction error (up: anomalous)"),
        tools="pan,wheel_zoom,box_zoom,reset,save",
        active_scroll=None,
    )
    for where in reversed(WHERE):  # the rare ones on top
        points = [p for p in summary["comparison"]["points"] if p["where"] == where]
        if not points:
            continue
        source = ColumnDataSource(
            {k: [p[k] for p in points] for k in ("row", "log_probability", "error")}
        )
        plot.scatter(
            "log_probability",
            "error",
            source=source,
            marker=MARKERS[where],
            size=5 if where == "neither" else 8,
            color=COLOURS[where],
            alpha=0.5 if where == "neither" else 0.85,
            legend_label=meaning(where),
        )
    tips = [
        (_("row"), "@row"),
        (_("log-probability"), "@log_probability{0.00}"),
        (_("error"), "@error{0.000}"),
    ]
    plot.add_tools(HoverTool(tooltips=tips))
    if plot.legend:
        plot.add_layout(plot.legend[0], "above")
        plot.legend.ncols = 2  # fits a phone
        plot.legend.click_policy = "hide"
    plot.toolbar.logo = None
    return plot
