"""What people do with an event's entry types: take the usual ones, make one, change it."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from events.rules import can_run
from notices.actions import record
from submissions.entries.models import Decision, EntryType, Question, WorkingCopy
from submissions.entries.models.entry_type import FEATURES
from theme.refusal import Refused

PROJECT: Final[dict[str, Any]] = {
    "slug": "project",
    "kind": EntryType.Kind.PROJECT,
    "name": "Project",
    "belongs_to": EntryType.BelongsTo.TEAM,
}
WRITTEN: Final[dict[str, dict[str, Any]]] = {
    "title": {},
    "summary": {},
    "description": {},
    "video_url": {},
    "paper_url": {},
    "repository_url": {},
}
TALK: Final[dict[str, Any]] = {
    "slug": "talk",
    "kind": EntryType.Kind.TALK,
    "name": "Talk",
    "belongs_to": EntryType.BelongsTo.AUTHORS,
    "fields": WRITTEN,
    "uses_tracks": False,
    "blind": True,
    "decided": True,
}
POSTER: Final[dict[str, Any]] = TALK | {
    "slug": "poster",
    "kind": EntryType.Kind.POSTER,
    "name": "Poster",
    "uses_tracks": True,
}
PROPOSAL: Final[dict[str, Any]] = {
    "slug": "proposal",
    "kind": EntryType.Kind.PROPOSAL,
    "name": "Proposal",
    "belongs_to": EntryType.BelongsTo.PERSON,
    "fields": {name: {} for name in ("title", "summary", "description", "repository_url")},
    "uses_tracks": False,
    "decided": True,
}
DEFAULT: Final = (PROJECT, TALK, POSTER, PROPOSAL)


@transaction.atomic
def use_default_types(actor: User | None, event: Event) -> list[EntryType]:
    """Gives an event without entry types those of its features. One that has some keeps them, and
    gets the usual one of a kind that organizers switch on later. Returns those it has now."""
    there = list(event.entry_types.all())
    wanted = [
        one
        for one in DEFAULT
        if event.has(FEATURES[one["kind"]])
        and (not there or event.switched.get(FEATURES[one["kind"]]))
        and not any(one["kind"] == kind.kind for kind in there)
    ]
    if not wanted:
        return there
    for position, one in enumerate(wanted, start=len(there)):
        defaults = one | {"position": position}
        EntryType.objects.get_or_create(event=event, slug=one["slug"], defaults=defaults)
    record(actor, "use_default_types", event, types=[one["slug"] for one in wanted])
    return list(event.entry_types.all())


@transaction.atomic
def create_type(user: User | None, event: Event, **told: Any) -> EntryType:
    """Raises Refused with what is wrong; `user` is None when the system itself sets up an event."""
    _refuse_others(user, event)
    made = EntryType(event=event, position=event.entry_types.count(), **told)
    _save(made)
    record(user, "create_type", made, name=made.name)
    return made


def _refuse_others(user: User | None, event: Event) -> None:
    if user is not None and not can_run(user, event):
        raise Refused(_("Only organizers say what is handed in."), code="entry_type.not_yours")


def _save(row: EntryType | Question) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused("; ".join(error.messages), code="entry_type.invalid") from None
    row.save()


@transaction.atomic
def change_type(user: User, entry_type: EntryType, **values: Any) -> EntryType:
    """Locks the row: what is being handed in is decided by one deadline (B82)."""
    _refuse_others(user, entry_type.event)
    found = EntryType.objects.select_for_update(of=("self",)).get(pk=entry_type.pk)
    _refuse_upheaval(found, values)
    tracks = values.pop("tracks", None)
    for name, value in values.items():
        setattr(found, name, value)
    _save(found)
    if tracks is not None:
        found.tracks.set(tracks)
    record(user, "change_type", found, name=found.name, values=sorted(values))
    return found


def _refuse_upheaval(found: EntryType, values: dict[str, Any]) -> None:
    """What rows lean on stays: whose it is, and that decisions are made."""
    if values.get("belongs_to", found.belongs_to) != found.belongs_to and (
        found.submissions.exists()
    ):
        raise Refused(
            _("Submissions of this type exist: whose they are cannot change any more."),
            code="entry_type.in_use",
        )
    if found.decided and not values.get("decided", True) and _decisions(found):
        raise Refused(
            _("Decisions were made or drafted: it stays accepted or rejected."),
            code="entry_type.in_use",
        )


def _decisions(found: EntryType) -> bool:
    drafted = found.submissions.filter(draft_decision__isnull=False)
    moved = found.submissions.exclude(decision=Decision.SUBMITTED)
    return drafted.exists() or moved.exists()


@transaction.atomic
def add_question(user: User, entry_type: EntryType, **told: Any) -> Question:
    """At the end; its slug is made from its text and never changes, answers lie under it."""
    _refuse_others(user, entry_type.event)
    EntryType.objects.select_for_update(of=("self",)).get(pk=entry_type.pk)
    last = entry_type.questions.last()
    slug = free_slug(told.get("label", ""), entry_type.questions)
    place = last.position + 1 if last else 1
    made = Question(entry_type=entry_type, slug=slug, position=place, **told)
    _save(made)
    record(user, "add_question", entry_type, question=made.slug)
    return made


@transaction.atomic
def change_question(user: User, question: Question, **values: Any) -> Question:
    _refuse_others(user, question.entry_type.event)
    found = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    for name, value in values.items():
        setattr(found, name, value)
    _save(found)
    record(user, "change_question", found.entry_type, question=found.slug)
    return found


@transaction.atomic
def remove_question(user: User, question: Question) -> None:
    _refuse_others(user, question.entry_type.event)
    EntryType.objects.select_for_update(of=("self",)).get(pk=question.entry_type_id)
    if has_answers(question):
        raise Refused(
            _("“%(question)s” has answers already; change it, or make it not required.")
            % {"question": question},
            code="question.has_answers",
        )
    record(user, "remove_question", question.entry_type, question=question.slug)
    question.delete()


def has_answers(question: Question) -> bool:
    """In any submission, draft or copy being written."""
    held = question.entry_type.submissions.values_list("answers", flat=True)
    copies = WorkingCopy.objects.filter(submission__entry_type=question.entry_type)
    written = copies.values_list("content", flat=True)
    return any(told.get(question.slug) for told in held.iterator()) or any(
        told.get(f"answer_{question.slug}") for told in written.iterator()
    )


def free_slug(text: str, among: Any) -> str:
    """Made from a text, and not yet taken among those rows."""
    wanted = slugify(text)[:34] or "entry"
    taken = set(among.values_list("slug", flat=True))
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)
