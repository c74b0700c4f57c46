"""Submissions as CSV, which runs nothing in a spreadsheet (B52), and as plain data."""

from collections.abc import Iterable
from typing import Any, Final

from django.http import StreamingHttpResponse

from events.models import Event
from submissions.entries.models import Question, Submission
from theme.spreadsheet import download

ANSWER: Final = "answer_"  # a column for each question of the event, by its slug
YES: Final = ("yes", "true", "1", "✓")
HEADER: Final = (
    *(
        "type",
        "track",
        "more_tracks",
        "title",
        "summary",
        "description",
        "authors",
        "team",
        "state",
        "decision",
    ),
    *("labels", "submitted_at", "repository_url", "demo_url", "video_url", "documentation_url"),
    *("paper_url", "built_with", "licence", "publish", "address"),
)


def as_csv(event: Event, submissions: Iterable[Submission]) -> StreamingHttpResponse:
    asked = Question.objects.filter(entry_type__event=event).order_by("slug")
    slugs = list(asked.values_list("slug", flat=True).distinct())
    header = (*HEADER, *(f"{ANSWER}{slug}" for slug in slugs))
    lines = (
        [
            *(told.get(name, "") for name in HEADER),
            *(told["answers"].get(slug, "") for slug in slugs),
        ]
        for told in as_data(submissions)
    )
    return download(f"{event.slug}-submissions.csv", header, lines)


def as_data(submissions: Iterable[Submission]) -> list[dict[str, Any]]:
    return [_told(one) for one in submissions]


def _told(one: Submission) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in Submission.CONTENT}
    return plain | {
        "type": one.entry_type.slug,
        "track": one.track.slug if one.track else "",
        "more_tracks": ", ".join(track.slug for track in one.categories[1:]),
        "team": str(one.team or ""),
        "authors": "; ".join(_author(person) for person in one.authors.all()),
        "state": one.state,
        "decision": one.decision if one.entry_type.decided else "",
        "labels": ", ".join(label.name for label in one.labels.all()),
        "submitted_at": one.submitted_at.isoformat() if one.submitted_at else "",
        "publish": "yes" if one.publish else "no",
        "answers": one.answers,
        "address": one.get_absolute_url(),
    }


def _author(person: Any) -> str:
    told = f"{person.name} ({person.affiliation})" if person.affiliation else person.name
    return f"{told} <{person.email}>" if person.email else told
