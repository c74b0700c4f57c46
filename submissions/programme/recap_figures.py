"""The recap's figures, drawn by Bokeh in the reader's browser.

Bokeh is imported where it draws: it takes a second, and most web processes never need it.
"""

from typing import Any

BAR = "#4a7fc9"  # the stylesheet's --data


def draw(name: str, told: dict[str, Any]) -> Any:
    """The figure of this name, or None: "posters", "questions", "ratings"."""
    if name == "posters":
        return _bars(told["posters_by_category"], flat=True)
    if name == "questions":
        return _bars(told["questions_by_day"])
    if name == "ratings":
        return _bars({str(mark): n for mark, n in enumerate(told["ratings"], start=1)})
    return None


def _bars(counted: dict[str, int], *, flat: bool = False) -> Any:
    from bokeh.models import ColumnDataSource, FactorRange, Range1d
    from bokeh.plotting import figure

    labels, values = list(counted), list(counted.values())
    source = ColumnDataSource({"label": labels, "value": values})
    options: dict[str, Any] = {
        "height": max(320, 80 + 44 * len(labels)) if flat else 320,
        "sizing_mode": "stretch_width",
        "toolbar_location": None,
        "tooltips": [("", "@label: @value")],
    }
    if flat:
        drawn = figure(y_range=FactorRange(factors=labels[::-1]), **options)
        drawn.hbar(y="label", right="value", height=0.7, color=BAR, source=source)
        drawn.x_range = Range1d(start=0, end=max([*values, 1]) * 1.05)
    else:
        drawn = figure(x_range=FactorRange(factors=labels), **options)
        drawn.vbar(x="label", top="value", width=0.7, color=BAR, source=source)
        drawn.y_range = Range1d(start=0, end=max([*values, 1]) * 1.05)
    drawn.grid.visible = False
    return drawn
