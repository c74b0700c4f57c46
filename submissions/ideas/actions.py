"""What people do with an idea: write it, publish it, withdraw it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from events.rules import can_run
from notices.actions import changes, record
from submissions.ideas import rules
from submissions.ideas.models import Idea, Mentor, Resource
from submissions.ideas.reading import accounts, pass_on, proposals
from theme.refusal import Refused

TEXTS = ("title", "description", "outcomes", "required_skills", "recommended_skills")
PLAIN = (*TEXTS, "difficulty", "several_students", "position")


@transaction.atomic
def save_idea(
    user: User,
    event: Event,
    *,
    idea: Idea | None = None,
    mentors: Sequence[dict[str, Any]] | None = None,
    resources: Sequence[dict[str, Any]] | None = None,
    **told: Any,
) -> Idea:
    """Makes an idea (a draft at first), or changes `idea`.

    `mentors` and `resources` are, in order, mappings of the fields of Mentor and Resource; None
    leaves them. Raises Refused with what is wrong; then nothing is stored.
    """
    if not (rules.can_edit(user, idea) if idea else rules.can_write(user, event)):
        raise Refused(_("Only organizers and its mentors write an idea."), code="idea.not_yours")
    found = _locked(idea) if idea else Idea(event=event, position=event.ideas.count() + 1)
    before = {name: getattr(found, name) for name in PLAIN}
    for name in PLAIN:
        if name in told:
            setattr(found, name, told[name])
    _save(found)
    if mentors is None and idea is None:
        mentors = _first(user, event)
    if mentors is not None:
        _name_mentors(user, found, mentors)
    if resources is not None:
        _write(found, Resource, resources)
    record(
        user, "save_idea", found, **changes(before, {name: getattr(found, name) for name in PLAIN})
    )
    return found


def _first(user: User, event: Event) -> list[dict[str, Any]]:
    """A mentor who begins an idea is the first of its mentors."""
    return [] if can_run(user, event) else [{"name": str(user), "user": user}]


def _locked(idea: Idea) -> Idea:
    return Idea.objects.select_for_update(of=("self",)).select_related("event").get(pk=idea.pk)


def _save(idea: Idea) -> None:
    _check(idea, "idea.invalid")
    try:
        with transaction.atomic():
            idea.save()
    except IntegrityError:
        raise _taken() from None


def _taken() -> Refused:
    return Refused(_("There is an idea of this title already."), code="idea.exists")


def _check(row: models.Model, code: str) -> None:
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        told = [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
        raise Refused("; ".join(told), code=code) from None


def _name_mentors(user: User, idea: Idea, told: Sequence[dict[str, Any]]) -> None:
    """Also who reads the proposals is then as named."""
    before = accounts(idea)
    named = [one["user"] for one in told if one.get("user")]
    if len({one.pk for one in named}) != len(named):
        raise Refused(_("Name every account once."), code="mentor.twice")
    for one in named:
        if one not in before and not rules.can_mentor(one, idea.event):
            raise Refused(
                _("%(name)s is not a mentor of this event; give that role first.") % {"name": one},
                code="mentor.no_role",
            )
    if not named and before and not can_run(user, idea.event):
        raise Refused(_("An organizer has to take the last mentor away."), code="mentor.last")
    _write(idea, Mentor, told)
    pass_on(user, proposals(idea), before=before, after=set(named))


def _write(
    idea: Idea, model: type[Mentor] | type[Resource], told: Sequence[dict[str, Any]]
) -> None:
    if len(told) > model.MOST:
        raise Refused(_("%(most)d are the most here.") % {"most": model.MOST}, code="idea.too_long")
    model._default_manager.filter(idea=idea).delete()
    for position, one in enumerate(told, start=1):
        row = model(idea=idea, position=position, **one)
        _check(row, "idea.invalid")
        row.save()


@transaction.atomic
def set_published(user: User, idea: Idea, *, on: bool) -> Idea:
    """Into the list, or out of it: proposals for it stay, and new ones cannot be begun."""
    if not rules.can_publish(user, idea):
        raise Refused(_("Only organizers publish ideas."), code="idea.not_yours")
    found = _locked(idea)
    if on and not found.description.strip():
        raise Refused(_("Describe the idea first, then publish it."), code="idea.incomplete")
    if found.published != on:
        found.published = on
        found.save(update_fields=["published"])
        record(user, "publish_idea" if on else "withdraw_idea", found)
    return found
