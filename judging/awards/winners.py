"""Places, prizes and numbers of an event, as plain data."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from events.models import Event, Track
from judging.awards.models import Award
from judging.ballots.models import Ballot, Comparison
from submissions.entries.links import Video, video_of
from submissions.entries.models import Attachment, Author, Submission


def awards_of(event: Event) -> list[Award]:
    """In the order of the page of results."""
    shown = ("track", "entry_type", "submission__team", "submission__event", "submission__track")
    return list(Award.objects.filter(event=event).select_related(*shown))


@dataclass(frozen=True)
class Shown:
    """A winner as an announcement tells it: beside the text a picture, a film to play, code."""

    award: Award
    picture: Attachment | None
    video: Video | None
    code: str


def shown(award: Award) -> Shown:
    submission = award.submission
    pictures = submission.attachments.filter(kind=Attachment.Kind.IMAGE)
    video = video_of(submission.video_url)
    return Shown(award, pictures.first(), video, code_sample(submission))


def snapshot(event: Event) -> list[dict[str, Any]]:
    """Every place and prize: what is confirmed, published and kept."""
    places: list[dict[str, Any]] = [
        {
            "track": award.track.slug,
            "type": award.entry_type.slug,
            "place": award.place,
            "submission": str(award.submission_id),
            "decided": bool(award.reason),
        }
        for award in awards_of(event)
    ]
    return places + [
        {"prize": prize.name, "submission": str(prize.submission_id or "")}
        for prize in event.prizes.all()
    ]


def numbers(event: Event) -> dict[str, int]:
    """What the page of results counts."""
    submitted = event.submissions.submitted()
    counted = Ballot.objects.counted().filter(assignment__submission__event=event)
    judges = counted.aggregate(count=Count("assignment__judge", distinct=True))["count"]
    own = Q(teams__submissions__in=submitted) | Q(authorships__submission__in=submitted)
    accounts = User.objects.filter(own).distinct().count()
    without = Author.objects.filter(submission__in=submitted, user=None)
    others = without.values("name", "email").distinct().order_by().count()
    return {
        "registered": event.registrations.active().count(),
        "people": accounts + others,
        "submissions": submitted.count(),
        "teams": submitted.exclude(team=None).values("team").distinct().count(),
        "judges": judges,
        "reviews": counted.count(),
        "comparisons": Comparison.objects.counted(event).count(),
    }


def code_sample(submission: Submission) -> str:
    """The first fenced block of code of the description, to stand with a winner; "" without one."""
    inside, lines = False, []
    for line in submission.description.splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            if inside:
                break
            inside = True
        elif inside:
            lines.append(line)
    return "\n".join(lines[:24]) if inside else ""


def as_json(event: Event) -> dict[str, Any]:
    """The published results for programs: places, prizes, numbers, and how they were found."""
    publication = event.publications.standing().get()
    ranked = publication.ranking["tracks"]
    return {
        "event": {"slug": event.slug, "name": event.name},
        "published_at": publication.published_at.isoformat(),
        "version": publication.version,
        "input_sha256": publication.input_hash,
        "numbers": publication.numbers,
        "tracks": [
            {"slug": t.slug, "name": t.name, "ranked": _ranked(ranked, t)}
            for t in event.tracks.all()
        ],
        "places": [
            _entry(a.submission)
            | {"track": a.track.slug, "type": a.entry_type.slug, "place": a.place}
            for a in awards_of(event)
        ],
        "prizes": [
            _entry(p.submission) | {"prize": p.name, "description": p.description}
            for p in event.prizes.select_related("submission__team")
            if p.submission
        ],
    }


def _ranked(kept: dict[str, list[Any]], track: Track) -> int:
    """How many of any type."""
    return sum(len(rows) for key, rows in kept.items() if key.partition("/")[0] == track.slug)


def _entry(submission: Submission) -> dict[str, Any]:
    links = dict.fromkeys(submission.LINKS)
    return {
        "submission": str(submission.pk),
        "title": submission.title,
        "by": submission.byline,
        "summary": submission.summary,
        "links": {name: getattr(submission, name) or None for name in links},
        "url": submission.get_absolute_url(),
    }
