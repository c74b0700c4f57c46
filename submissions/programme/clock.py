"""Times as people write them: by the clocks of the event's zone, which jump twice a year."""

import zoneinfo
from datetime import UTC, date, datetime, time

from django.utils.translation import gettext as _

from events.models import Event
from theme.refusal import Refused


def zone_of(event: Event) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(event.timezone)


def moment(event: Event, naive: datetime) -> datetime:
    """The instant at which the event's clocks show `naive`.

    Raises Refused for a time that the clocks skip, or show twice, when they are changed.
    """
    zone = zone_of(event)
    first, second = naive.replace(tzinfo=zone), naive.replace(tzinfo=zone, fold=1)
    told = {"time": f"{naive:%H:%M}", "day": f"{naive:%-d %B %Y}", "zone": event.timezone}
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise Refused(
            _(
                "%(time)s does not exist on %(day)s in %(zone)s: the clocks go forward then. "
                "Choose a time after the change."
            )
            % told,
            code="slot.no_such_time",
        )
    if first.utcoffset() != second.utcoffset():
        raise Refused(
            _(
                "%(time)s comes twice on %(day)s in %(zone)s: the clocks go back then. "
                "Choose a time before or after that hour."
            )
            % told,
            code="slot.time_twice",
        )
    return first.astimezone(UTC)


def on(event: Event, day: date, at: time) -> datetime:
    return moment(event, datetime.combine(day, at))


def wall(event: Event, instant: datetime) -> datetime:
    """What the event's clocks show, without a zone, as a form shows it."""
    return instant.astimezone(zone_of(event)).replace(tzinfo=None)
