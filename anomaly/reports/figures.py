"""The two figures of a report: an SVG histogram, and a scatter that Bokeh draws in the browser."""

from typing import Any

from django.utils.translation import gettext as _

WIDTH, HEIGHT, FOOT, HEAD = 640, 200, 34, 18  # of the histogram's drawing, in its own units

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
    room = HEIGHT - FOOT - HEAD

    def bar(i: int, count: int) -> dict[str, float]:
        height = room * count / tallest
        return {
            "x": round(i * width + 0.5, 2),
            "y": round(HEAD + room - height, 2),
            "width": round(max(1.0, width - 1), 2),
            "height": round(height, 2),
        }

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "base": HEAD + room,
        "bars": [bar(i, count) for i, count in enumerate(counts) if count],
        "flagged": [bar(i, count) for i, count in enumerate(flagged) if count],
        "ticks": ticks(edges),
        "tallest": tallest,
    }


def ticks(edges: list[float]) -> list[dict[str, Any]]:
    """Five values along the axis; the outer ones are set inside the drawing."""
    if len(edges) < 2:
        return []
    low, high = edges[0], edges[-1]
    parts = [0.0, 0.25, 0.5, 0.75, 1.0]
    anchors = ["start", "middle", "middle", "middle", "end"]
    return [
        {"x": round(part * WIDTH, 1), "value": f"{low + part * (high - low):.3g}", "anchor": anchor}
        for part, anchor in zip(parts, anchors, strict=True)
    ]


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
        source = ColumnDataSource({k: [p[k] for p in points] for k in ("row", "score", "error")})
        plot.scatter(
            "score",
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
        (_("log-probability"), "@score{0.00}"),
        (_("error"), "@error{0.000}"),
    ]
    plot.add_tools(HoverTool(tooltips=tips))
    if plot.legend:
        plot.add_layout(plot.legend[0], "above")
        plot.legend.orientation = "horizontal"
        plot.legend.click_policy = "hide"
    plot.toolbar.logo = None
    return plot
