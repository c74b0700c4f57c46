"""The count of the best-poster vote; the awards, a later room, read it here."""

from dataclasses import dataclass

from django.db.models import Count

from events.models import Event, Track
from submissions.programme.models import Poster


@dataclass(frozen=True)
class Counted:
    poster: Poster
    votes: int
    place: int  # equal votes share a place


def tally(event: Event) -> dict[Track, list[Counted]]:
    """Per category its posters with at least one vote, the most first; two queries."""
    voted = (
        Poster.objects.filter(event=event, votes__isnull=False)
        .select_related("track", "event")
        .annotate(n=Count("votes", distinct=True))
        .order_by("track__position", "-n", "title")
    )
    found: dict[Track, list[Counted]] = {track: [] for track in event.tracks.all()}
    for poster in voted:
        above = found[poster.track]
        votes: int = poster.n  # type: ignore[attr-defined]
        tied = bool(above) and above[-1].votes == votes
        above.append(Counted(poster, votes, above[-1].place if tied else len(above) + 1))
    return found
