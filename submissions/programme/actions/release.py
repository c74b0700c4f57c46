"""The draft becomes what everybody sees: a numbered version with its log of changes."""

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.programme import changes, conflicts
from submissions.programme.actions import letters, release_letters
from submissions.programme.actions.schedule import changed, draft_of, hold
from submissions.programme.facts import facts_of
from submissions.programme.models import Session, Slot, Version
from theme.refusal import Refused


def current(event: Event) -> Version | None:
    """The version that was released last."""
    return Version.objects.released().filter(event=event).order_by("-number").first()


def upcoming_changes(event: Event, draft: Version | None) -> list[changes.Change]:
    last = current(event)
    old = conflicts.slots_of(last) if last else []
    if draft is None:
        return []
    was = (last.facts if last else None) or {}
    now = facts_of(draft) if was else {}
    return changes.between(old, conflicts.slots_of(draft), was, now)


@transaction.atomic
def release(user: User | None, event: Event, *, revision: int, note: str = "") -> Version:
    """Releases the draft as the next version and goes on with a copy of it.

    `revision` is the state of the schedule that the organizer has seen: of two who release at
    once, the second is told so. Those whose sessions changed get a mail.
    """
    programme = hold(user, event)
    if programme.revision != revision:
        raise Refused(
            _(
                "The schedule was changed or released by somebody else meanwhile. Look at it "
                "again below, then release."
            ),
            code="schedule.conflict",
        )
    draft = draft_of(event)
    different = _refuse_unready(event, draft)
    last = Version.objects.filter(event=event).aggregate(last=Max("number"))["last"] or 0
    _publish(draft, user, last + 1, note, different)
    changed(programme)
    record(user, "release_schedule", event, version=last + 1, changes=len(different))
    release_letters.tell_of_changes(draft, different)
    return draft


def _refuse_unready(event: Event, draft: Version) -> list[changes.Change]:
    different = upcoming_changes(event, draft)
    if not different:
        raise Refused(_("Nothing has changed since the last release."), code="schedule.same")
    for conflict in conflicts.find(draft):
        if conflict.stops:
            raise Refused(
                _("Settle this before the release: %(conflict)s") % {"conflict": conflict.sentence},
                code="schedule.unsettled",
            )
    return different


def _publish(
    draft: Version, user: User | None, number: int, note: str, different: list[changes.Change]
) -> None:
    copies = [(s.session_id, s.room_id, s.starts_at, s.ends_at) for s in draft.slots.all()]
    draft.number, draft.note, draft.released_by = number, note, user
    draft.released_at = Now()
    draft.facts = facts_of(draft)
    draft.changes = [change.plain() for change in different]
    draft.save()
    draft.refresh_from_db()
    moved = [change.session for change in different if change.kind != "new" or number > 1]
    Session.objects.filter(pk__in=moved).update(sequence=F("sequence") + 1)
    following = Version.objects.create(event=draft.event, number=None)
    Slot.objects.bulk_create(
        Slot(version=following, session_id=s, room_id=r, starts_at=a, ends_at=b)
        for s, r, a, b in copies
    )


@transaction.atomic
def cancel(user: User | None, session: Session) -> Session:
    """A session that will not take place stays in the agenda, marked; calendars are told."""
    changed(hold(user, session.event))
    if session.cancelled_at is not None:
        return session
    Session.objects.filter(pk=session.pk).update(cancelled_at=Now(), sequence=F("sequence") + 1)
    session.refresh_from_db()
    record(user, "cancel_session", session, title=session.title)
    letters.tell_of_cancellation(session)
    return session


@transaction.atomic
def restore(user: User, session: Session) -> Session:
    changed(hold(user, session.event))
    Session.objects.filter(pk=session.pk).update(cancelled_at=None, sequence=F("sequence") + 1)
    session.refresh_from_db()
    record(user, "restore_session", session)
    return session
