"""The hall as a visitor walks it: boards by category, in an order that favours nobody."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Viewer
from events.models import Event
from submissions.programme.models import Board, Contributor, Poster, Presence, Session

DEFAULT_MINUTES = 5


def boards_of(
    event: Event, *, session: Session | None = None, category: str = "", words: str = ""
) -> "QuerySet[Board]":
    """Boards with their poster, category and authors: two queries however many there are."""
    authors = Prefetch("poster__contributors", Contributor.objects.active(), to_attr="authors")
    found = Board.objects.filter(session__event=event).select_related("poster__track", "session")
    found = found.prefetch_related(authors).order_by("number", "pk")
    if session is not None:
        found = found.filter(session=session)
    if category:
        found = found.filter(poster__track__slug=category)
    if words:
        named = Q(poster__contributors__name__icontains=words)
        found = found.filter(Q(poster__title__icontains=words) | named).distinct()
    return found


def shuffled(boards: Sequence[Board], seed: str) -> list[Board]:
    """The same order for the same seed, so that a visitor finds a board again."""
    order = list(boards)
    random.Random(seed).shuffle(order)  # noqa: S311 - a walk, not a secret
    return order


def seed_of(viewer: Viewer, event: Event) -> str:
    """A person's own order; all visitors without an account share the day's."""
    return f"{event.pk}:{viewer.pk or timezone.now().date()}"


@dataclass(frozen=True)
class Walk:
    """A guided walk: one board every few minutes, in a shuffled order that its address keeps."""

    event: Event
    category: str
    minutes: int
    began: int  # seconds since 1970
    seed: str
    boards: list[Board]

    @property
    def query(self) -> str:
        return urlencode({"category": self.category, "minutes": self.minutes, "began": self.began})

    @property
    def step(self) -> int:
        """The stop that is due now, counted from 0; the number of boards when the walk is over."""
        gone = timezone.now().timestamp() - self.began
        return min(max(0, int(gone // (self.minutes * 60))), len(self.boards))

    @property
    def here(self) -> Board | None:
        return self.boards[self.step] if self.step < len(self.boards) else None

    @property
    def following(self) -> Board | None:
        return self.boards[self.step + 1] if self.step + 1 < len(self.boards) else None

    @property
    def moves_on_at(self) -> datetime:
        due = self.began + (self.step + 1) * self.minutes * 60
        return datetime.fromtimestamp(due, tz=timezone.get_current_timezone())


def walk_of(event: Event, viewer: Viewer, asked: dict[str, str]) -> Walk | None:
    """The walk that an address tells of; None without one."""
    if not asked.get("began", "").isdigit():
        return None
    minutes = asked.get("minutes", "")
    length = min(60, max(1, int(minutes))) if minutes.isdigit() else DEFAULT_MINUTES
    category, seed = asked.get("category", ""), seed_of(viewer, event)
    began = min(int(asked["began"][:12]), int(timezone.now().timestamp()))
    once = {board.poster_id: board for board in boards_of(event, category=category)}
    boards = shuffled(list(once.values()), f"{seed}:{began}")
    return Walk(event, category, length, began, seed, boards)


@dataclass(frozen=True)
class There:
    """Who stands at a poster now."""

    presenting: list[str]
    visitors: list[str]


def who_is_there(poster: Poster) -> There:
    found = list(poster.presences.now().select_related("user").order_by("seen_at")[:60])
    soon = timezone.now()
    authors = [p for p in found if p.presenting_until and p.presenting_until >= soon]
    return There(
        [str(p.user) for p in authors], [str(p.user) for p in found if p not in authors][:40]
    )


@dataclass(frozen=True)
class Crowd:
    board: Board
    authors: int
    visitors: int


def crowds(event: Event, most: int = 24) -> list[Crowd]:
    """Boards with somebody at them, authors first: two queries for any size of hall."""
    present = Presence.objects.now().filter(poster__event=event)
    counted = present.values("poster").annotate(
        people=Count("pk"),
        authors=Count("pk", filter=Q(presenting_until__gte=timezone.now())),
    )
    by_poster = {row["poster"]: row for row in counted}
    boards: dict[object, Board] = {}
    for board in Board.objects.filter(poster__in=by_poster).select_related("poster"):
        boards.setdefault(board.poster_id, board)
    found = [
        Crowd(boards[key], row["authors"], row["people"] - row["authors"])
        for key, row in by_poster.items()
        if key in boards
    ]
    return sorted(found, key=lambda c: (-c.authors, -c.visitors, c.board.number))[:most]


def by_category(boards: Sequence[Board]) -> list[tuple[object, list[Board]]]:
    found: dict[object, list[Board]] = defaultdict(list)
    for board in boards:
        found[board.poster.track].append(board)
    return sorted(found.items(), key=lambda pair: (pair[0].position, pair[0].pk))  # type: ignore[attr-defined]
