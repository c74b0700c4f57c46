"""What the programme holds about a person."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Held
from submissions.programme import sheets
from submissions.programme.models import (
    Answer,
    Availability,
    Calendar,
    Card,
    Contributor,
    Document,
    Feedback,
    Presence,
    Presenter,
    Question,
    QuestionVote,
    Remark,
    Star,
    Version,
    Vote,
)

OWN = (Availability, Calendar, Card, Presence, Presenter, QuestionVote, Star, Vote)


def collect(user: User) -> Held:
    """Plain rows, and the slides and posters that the person sent."""
    documents = Document.objects.filter(uploaded_by=user)
    files = {f"{d.pk}-{d.name}": sheets.place(d.sha256) / "original" for d in documents}
    data: dict[str, Any] = {
        "parts": _rows(
            Contributor.objects.filter(user=user), "name", "affiliation", "confirmed_at"
        ),
        "questions": _rows(Question.objects.filter(author=user), "text", "private", "created_at"),
        "answers": _rows(Answer.objects.filter(author=user), "text", "created_at"),
        "remarks": _rows(Remark.objects.filter(author=user), "text", "created_at"),
        "cards": _rows(Card.objects.filter(user=user), "poster__title", "note", "created_at"),
        "stars": _rows(Star.objects.filter(user=user), "session__title", "poster__title"),
        "poster_votes": _rows(Vote.objects.filter(user=user), "poster__title", "cast_at"),
        "needs": _rows(Presenter.objects.filter(user=user), "equipment", "release"),
        "times": _rows(Availability.objects.filter(user=user), "starts_at", "ends_at"),
        "signed_feedback": _rows(Feedback.objects.filter(author=user), "rating", "comment"),
    }
    return Held(data, files)


def _rows(found: Any, *fields: str) -> list[dict[str, Any]]:
    return list(found.values(*fields))


def erase(user: User) -> None:
    """Their own marks go. What others read on (a talk in a released schedule, a question that was
    answered) stays, without the person."""
    for model in OWN:
        model._default_manager.filter(user=user).delete()
    Question.objects.filter(author=user, private=True).delete()
    _forget_in_versions(user)
    named = {"name": _("Former participant"), "affiliation": "", "user": None}
    Contributor.objects.filter(user=user).update(**named)
    for said in (Question, Answer, Remark, Feedback):
        said._default_manager.filter(author=user).update(author=None)
    Document.objects.filter(uploaded_by=user).update(uploaded_by=None)


def _forget_in_versions(user: User) -> None:
    """Released versions keep who spoke, by name."""
    spoke = Contributor.objects.filter(user=user, session__isnull=False)
    own = {str(session): name for session, name in spoke.values_list("session_id", "name")}
    events = spoke.values("session__event")
    for version in Version.objects.released().filter(event__in=events):
        told = [*(version.facts or {}).items()]
        told += [(change["session"], change.get("facts", {})) for change in version.changes]
        for session, facts in told:
            if session in own and "speakers" in facts:
                facts["speakers"] = _without(facts["speakers"], own[session])
        version.save(update_fields=["facts", "changes"])


def _without(names: Any, name: str) -> Any:
    """A list of names, or the two of a change, in which this one is no longer read."""
    if isinstance(names, list):
        return [_without(one, name) for one in names]
    return _("Former participant") if names == name else names
