"""Who registers: by day, country and category, as numbers and as Bokeh figures."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from events.asking import country_name
from events.models import Answer, Event, Question, Registration

BLUE = "#4a7fc9"
MOST = 25  # bars in one figure


def by_day(event: Event) -> list[tuple[Any, int]]:
    """(day on the event's clock, how many registered), days without anybody included."""
    grouped = (
        event.registrations.order_by()
        .values(day=TruncDate("created_at", tzinfo=event.zone))
        .annotate(n=Count("id"))
    )
    found = {row["day"]: row["n"] for row in grouped}
    if not found:
        return []
    first, last = min(found), max(found)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [(day, found.get(day, 0)) for day in days]


def by_country(event: Event) -> list[tuple[str, int]]:
    """(country, people), the most first: by the answers to a question for a country, or, where the
    event asks none, by people's profiles."""
    if not event.questions.filter(kind=Question.Kind.COUNTRY).exists():
        return _by_profile(event)
    answers = Answer.objects.filter(
        question__event=event, question__kind=Question.Kind.COUNTRY, registration__event=event
    )
    grouped = answers.order_by().values("value").annotate(n=Count("registration", distinct=True))
    pairs = [(country_name(row["value"]), row["n"]) for row in grouped]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _by_profile(event: Event) -> list[tuple[str, int]]:
    told = event.registrations.exclude(user__country="").order_by()
    grouped = told.values("user__country").annotate(n=Count("id"))
    pairs = [(country_name(row["user__country"]), row["n"]) for row in grouped]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def by_track(event: Event) -> list[tuple[str, int]]:
    grouped = event.registrations.order_by().values("track__name").annotate(n=Count("id"))
    pairs = [(row["track__name"] or str(_("none")), row["n"]) for row in grouped]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def by_state(event: Event) -> list[tuple[str, int]]:
    grouped = event.registrations.order_by().values("state").annotate(n=Count("id"))
    found = {row["state"]: row["n"] for row in grouped}
    return [(str(s.label), found[s.value]) for s in Registration.State if s.value in found]


TABLES = {"day": by_day, "country": by_country, "track": by_track, "state": by_state}


def titles() -> dict[str, str]:
    return {
        "day": _("Registrations by day"),
        "country": _("People by country"),
        "track": _("People by category"),
        "state": _("Where they stand"),
    }


def item(event: Event, by: str) -> Any:
    """The JSON item that the page's script draws. Bokeh is imported where it draws: it takes a
    second, and most web processes never need it."""
    from bokeh.embed import json_item

    return json_item(drawn_days(event) if by == "day" else drawn_bars(TABLES[by](event)))


def drawn_days(event: Event) -> Any:
    from bokeh.models import ColumnDataSource
    from bokeh.plotting import figure

    pairs = by_day(event)
    total, sums = 0, []
    for _day, n in pairs:
        total += n
        sums.append(total)
    # Midnights: BokehJS draws no axis of dates, which reach it as text.
    days = [datetime.combine(day, time.min, UTC) for day, _n in pairs]
    source = ColumnDataSource({"day": days, "n": [n for _day, n in pairs], "sum": sums})
    ends = (days[0] - timedelta(days=1), days[-1] + timedelta(days=1)) if days else None
    plot = figure(
        x_axis_type="datetime",
        x_range=ends,  # type: ignore[arg-type]
        height=280,
        sizing_mode="stretch_width",
        tooltips=[(_("day"), "@day{%F}"), (_("new"), "@n"), (_("all"), "@sum")],
        tools="hover",
        toolbar_location=None,
    )
    plot.hover.formatters = {"@day": "datetime"}
    # On a telephone more would run into each other.
    plot.xaxis.ticker.desired_num_ticks = 4  # type: ignore[union-attr]
    plot.vbar(x="day", top="n", width=timedelta(hours=20), source=source, color=BLUE)
    plot.y_range.start = 0  # type: ignore[attr-defined]
    return plot


def drawn_bars(pairs: list[tuple[str, int]]) -> Any:
    from bokeh.models import ColumnDataSource
    from bokeh.plotting import figure

    shown = pairs[:MOST]
    names = [name for name, _n in reversed(shown)]
    source = ColumnDataSource({"name": names, "n": [n for _name, n in reversed(shown)]})
    plot = figure(
        y_range=names or [""],  # type: ignore[arg-type]
        height=80 + 22 * len(names),
        sizing_mode="stretch_width",
        tooltips=[("", "@name: @n")],
        tools="hover",
        toolbar_location=None,
    )
    plot.hbar(y="name", right="n", height=0.7, source=source, color=BLUE)
    plot.x_range.start = 0  # type: ignore[attr-defined]
    return plot
