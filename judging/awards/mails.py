"""Who is told by mail that the results are out."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import User
from events.models import Event
from judging.awards import winners
from judging.awards.models import Publication
from judging.ballots.models import Ballot
from judging.panel.interests import authors
from notices.actions import post


def tell(event: Event, publication: Publication) -> None:
    """Winners what they won, all authors that comments wait for them, judges our thanks."""
    cause = f"results:{event.pk}:{publication.version}"
    won = _won(event)
    wrote = defaultdict(list)
    for submission, user in authors(event):
        wrote[user].append(submission)
    people = User.objects.in_bulk([*wrote])
    address = reverse("awards:results", args=[event.slug])
    page: dict[str, Any] = {"event": event, "results_url": address}
    for pk, submissions in wrote.items():
        prizes = [line for submission in submissions for line in won.get(submission, [])]
        template = "awards/mail/won" if prizes else "awards/mail/results"
        post(people[pk], template, cause=cause, prizes=prizes, **page)
    counted = Ballot.objects.counted().filter(assignment__submission__event=event)
    judges = User.objects.filter(pk__in=counted.values("assignment__judge"))
    for judge in judges:
        post(judge, "awards/mail/thanks", cause=f"{cause}:judge", **page)


def _won(event: Event) -> dict[UUID, list[str]]:
    """By the submission's id, each place and prize in words."""
    lines = defaultdict(list)
    for award in winners.awards_of(event):
        lines[award.submission_id].append(str(award))
    for prize in event.prizes.exclude(submission=None).select_related("submission"):
        if prize.submission:
            lines[prize.submission.pk].append(f"{prize}: {prize.submission}")
    return lines
