"""A day of the draft as a table: a row for each step of time, a column for each room."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import gcd

from events.models import Event
from submissions.programme.clock import on, zone_of
from submissions.programme.models import Day, Room, Slot
from theme.refusal import Refused

USUAL_STEP = 15
MOST_ROWS = 300


@dataclass
class Cell:
    """Where a session begins (with its rows), or where one may be dropped."""

    room: Room | None
    start: datetime
    slot: Slot | None = None
    rows: int = 1


@dataclass
class Row:
    start: datetime
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Table:
    date: date
    day: Day | None
    columns: list[Room | None]
    rows: list[Row]
    minutes: int


def tables(event: Event, slots: Sequence[Slot]) -> list[Table]:
    """One for each day of the programme, and for other days on which something is placed."""
    zone = zone_of(event)
    days = {day.date: day for day in event.days.all()}
    rooms = list(event.rooms.filter(retired=False))
    on_day: dict[date, list[Slot]] = {day: [] for day in days}
    for slot in slots:
        on_day.setdefault(slot.starts_at.astimezone(zone).date(), []).append(slot)
    return [_table(event, d, days.get(d), found, rooms) for d, found in sorted(on_day.items())]


def _table(
    event: Event, date: date, day: Day | None, slots: list[Slot], rooms: list[Room]
) -> Table:
    start, end = _bounds(event, day, slots)
    minutes = _step(start, slots)
    while (end - start) / timedelta(minutes=minutes) > MOST_ROWS:
        minutes *= 2
    everywhere = [None] if any(slot.room_id is None for slot in slots) or not rooms else []
    columns: list[Room | None] = [*everywhere, *rooms]
    return Table(date, day, columns, _rows(event, start, end, minutes, columns, slots), minutes)


def _bounds(event: Event, day: Day | None, slots: list[Slot]) -> tuple[datetime, datetime]:
    starts, ends = [slot.starts_at for slot in slots], [slot.ends_at for slot in slots]
    if day is not None:
        try:
            starts.append(on(event, day.date, day.opens))
            ends.append(on(event, day.date, day.closes))
        except Refused:  # the day opens in an hour that the clocks skip
            pass
    return (min(starts), max(ends)) if starts else (datetime.max, datetime.max)


def _step(start: datetime, slots: list[Slot]) -> int:
    minutes = USUAL_STEP
    for slot in slots:
        for moment in (slot.starts_at, slot.ends_at):
            minutes = gcd(minutes, int((moment - start).total_seconds()) // 60)
    return max(1, minutes)


def _rows(
    event: Event,
    start: datetime,
    end: datetime,
    minutes: int,
    columns: list[Room | None],
    slots: list[Slot],
) -> list[Row]:
    zone, step = zone_of(event), timedelta(minutes=minutes)
    waiting = {(slot.room_id, slot.starts_at): slot for slot in reversed(slots)}
    busy: dict[int | None, datetime] = {}
    rows: list[Row] = []
    while start < end and len(rows) < MOST_ROWS:
        row = Row(start.astimezone(zone))
        for room in columns:
            key = room.pk if room else None
            if busy.get(key, start) > start:
                continue
            cell = Cell(room, start.astimezone(zone), waiting.get((key, start)))
            if cell.slot is not None:
                busy[key] = min(cell.slot.ends_at, end)
                cell.rows = max(1, -(-(busy[key] - start) // step))
            row.cells.append(cell)
        rows.append(row)
        start += step
    return rows
