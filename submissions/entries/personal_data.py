"""What a person handed in. It stays as a former participant's; what was never handed in goes."""

from typing import Any

from django.db import models

from accounts.models import User
from submissions.entries.models import Submission, SubmissionVersion


def collect(user: User) -> list[dict[str, Any]]:
    return [
        {"event": submission.event.slug, **_values(submission), "versions": _versions(submission)}
        for submission in Submission.objects.own(user).select_related("event")
    ]


def erase(user: User) -> None:
    """Drafts that nobody else has a part in are emptied; the rows stay, others refer to them."""
    alone = [s.pk for s in Submission.objects.own(user) if not _has_others(s, user)]
    unsubmitted = Submission.objects.filter(pk__in=alone).exclude(state=Submission.State.SUBMITTED)
    texts = {f.name: "" for f in _texts()}
    unsubmitted.update(**texts | {"title": "–", "answers": {}})
    versions = SubmissionVersion.objects.filter(submission__in=unsubmitted)
    versions.update(content={}, authors=[])


def _has_others(submission: Submission, user: User) -> bool:
    in_team = submission.team and submission.team.memberships.exclude(user=user).exists()
    return bool(in_team) or submission.authors.exclude(user=user).exists()


def _texts() -> "list[models.Field[Any, Any]]":
    fields = Submission._meta.concrete_fields
    return [
        f for f in fields if isinstance(f, models.CharField | models.TextField) and not f.choices
    ]


def _values(submission: Submission) -> dict[str, Any]:
    names = [f.name for f in _texts()] + ["state", "answers", "created_at", "submitted_at"]
    return {name: getattr(submission, name) for name in names}


def _versions(submission: Submission) -> list[Any]:
    rows = submission.versions.values("number", "content", "sha256", "submitted_at")
    return list(rows)
