"""A first draft of a schedule as a small integer programme, solved by CP-SAT (OR-tools).

Time is cut into cells of STEP minutes. x[t, r, s] says that session t begins in room r with cell s:

    each session begins at most once; a room holds one session in a cell; a person is in one place;
    sessions of a track in the same cell cost, so do popular ones, and seats that are missing; a
    little costs what is parallel at all; placing a session is worth more than all that together.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ortools.sat.python import cp_model

STEP = timedelta(minutes=15)
PLACED, TRACK, POPULAR, SEATS = 100_000, 300, 300, 500
PARALLEL, LATE, REMOTE = 40, 1, 3  # preferences: one after another, early, in the first rooms

Span = tuple[datetime, datetime]
Alike = tuple[str, Hashable, datetime]  # "track", "popular" or "any"; which; in what cell


@dataclass(frozen=True)
class Task:
    key: Hashable
    length: timedelta
    people: frozenset[Hashable] = frozenset()
    track: Hashable = None
    expected: int = 0
    popular: bool = False


@dataclass(frozen=True)
class Place:
    key: Hashable
    seats: int | None = None


@dataclass(frozen=True)
class Fixed:
    """What stands in the draft already and stays there. Without a room: everywhere."""

    span: Span
    room: Hashable = None
    people: frozenset[Hashable] = frozenset()
    track: Hashable = None
    popular: bool = False


@dataclass
class Plan:
    placed: dict[Hashable, tuple[Hashable, datetime]] = field(default_factory=dict)
    left: dict[Hashable, str] = field(default_factory=dict)  # why: a code, see `plan`


Free = Mapping[Hashable, Sequence[Span]]


def cells(windows: Iterable[Span]) -> list[datetime]:
    found = []
    for start, end in sorted(windows):
        while start + STEP <= end:
            found.append(start)
            start += STEP
    return found


def plan(
    tasks: Sequence[Task],
    rooms: Sequence[Place],
    windows: Sequence[Span],
    *,
    fixed: Sequence[Fixed] = (),
    free: Free | None = None,
    seconds: float = 5.0,
) -> Plan:
    """Places as many tasks as possible. What is left has one of the reasons "no_room", "too_long"
    (than any day), "nobody_free" (its people never are), "full"."""
    found = Plan()
    starts = {task.key: _starts(task, windows, fixed, free or {}) for task in tasks}
    possible = []
    for task in tasks:
        if reason := _why_not(task, rooms, windows, starts[task.key]):
            found.left[task.key] = reason
        else:
            possible.append(task)
    if possible:
        model = _Model(possible, rooms, windows, fixed, starts)
        found.placed = model.solve(seconds)
        found.left |= {t.key: "full" for t in possible if t.key not in found.placed}
    return found


def _inside(span: Span, spans: Iterable[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _starts(
    task: Task, windows: Sequence[Span], fixed: Sequence[Fixed], free: Free
) -> list[datetime]:
    """When a task could begin, whichever the room."""
    away = [f.span for f in fixed if f.room is None or f.people & task.people]
    found = []
    for start in cells(windows):
        span = (start, start + task.length)
        able = all(_inside(span, free[p]) for p in task.people if free.get(p))
        if able and _inside(span, windows) and not any(_meet(span, other) for other in away):
            found.append(start)
    return found


def _why_not(
    task: Task, rooms: Sequence[Place], windows: Sequence[Span], starts: list[datetime]
) -> str:
    if not rooms:
        return "no_room"
    if not any(end - start >= task.length for start, end in windows):
        return "too_long"
    return "" if starts else "nobody_free"


class _Model:
    def __init__(
        self,
        tasks: Sequence[Task],
        rooms: Sequence[Place],
        windows: Sequence[Span],
        fixed: Sequence[Fixed],
        starts: Mapping[Hashable, list[datetime]],
    ) -> None:
        self.model = cp_model.CpModel()
        self.grid = cells(windows)
        self.begins: dict[tuple[Hashable, Hashable, datetime], cp_model.IntVar] = {}
        self.worth: list[cp_model.LinearExpr] = []
        self.in_room: dict[Hashable, list[cp_model.IntVar]] = defaultdict(list)
        self.with_person: dict[Hashable, list[cp_model.IntVar]] = defaultdict(list)
        self.alike: dict[Alike, list[cp_model.IntVar]] = defaultdict(list)
        self.fixed = fixed
        for task in tasks:
            self._add(task, rooms, starts[task.key])
        self._keep_apart()

    def _add(self, task: Task, rooms: Sequence[Place], starts: list[datetime]) -> None:
        own = []
        for far, room in enumerate(rooms):
            missing = room.seats is not None and task.expected > room.seats
            for start in starts:
                span = (start, start + task.length)
                if any(f.room == room.key and _meet(span, f.span) for f in self.fixed):
                    continue
                x = self.model.new_bool_var(f"{task.key}|{room.key}|{start}")
                self.begins[task.key, room.key, start] = x
                own.append(x)
                late = LATE * self.grid.index(start)
                self.worth.append((PLACED - late - REMOTE * far - SEATS * missing) * x)
                self._occupy(task, room, span, x)
        self.model.add_at_most_one(own)

    def _occupy(self, task: Task, room: Place, span: Span, x: cp_model.IntVar) -> None:
        for cell in self.grid:
            if not _meet(span, (cell, cell + STEP)):
                continue
            self.in_room[room.key, cell].append(x)
            for person in task.people:
                self.with_person[person, cell].append(x)
            self.alike["any", None, cell].append(x)
            if task.track is not None:
                self.alike["track", task.track, cell].append(x)
            if task.popular:
                self.alike["popular", None, cell].append(x)

    def _keep_apart(self) -> None:
        for together in (*self.in_room.values(), *self.with_person.values()):
            if len(together) > 1:
                self.model.add_at_most_one(together)
        for key, together in self.alike.items():
            kind, which, cell = key
            there = self._standing(kind, which, cell)
            excess = self.model.new_int_var(0, len(together) + there, f"excess {key}")
            self.model.add(excess >= sum(together) + there - 1)
            cost = {"track": TRACK, "popular": POPULAR, "any": PARALLEL}[kind]
            self.worth.append(-cost * excess)

    def _standing(self, kind: str, which: Hashable, cell: datetime) -> int:
        """How many fixed sessions of this track (or popular ones) are on in this cell."""
        kinds: dict[str, Callable[[Fixed], bool]] = {
            "track": lambda f: f.track == which,
            "popular": lambda f: f.popular,
            "any": lambda f: True,
        }
        alike = kinds[kind]
        return sum(alike(f) and _meet(f.span, (cell, cell + STEP)) for f in self.fixed)

    def solve(self, seconds: float) -> dict[Hashable, tuple[Hashable, datetime]]:
        self.model.maximize(sum(self.worth))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 1
        solver.parameters.relative_gap_limit = 1e-5
        solver.parameters.random_seed = 0
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return {}
        return {
            task: (room, start)
            for (task, room, start), x in self.begins.items()
            if solver.boolean_value(x)
        }
